// The slides of the open deck: list them, look at the one in view, export one, show one.
// Nothing here may need more than this (held by tests/host/requirements.test.ts).

import { read, run } from "./run";

export const REQUIRES = "1.8";

export interface SlideInView {
  slideId: string;
  /** Number in the deck, from 1. */
  number: number;
  /** Ids of all slides, in order. */
  ids: string[];
  selectedShapeIds: string[];
  /** Changes with every shape that comes, goes or changes its size or its kind. */
  signature: string;
}

export interface Slide {
  id: string;
  /** Number in the deck, from 1. */
  number: number;
}

/** List all slides in order. */
export function slides(): Promise<Slide[]> {
  return run(async (context) => {
    const ids = await slideIds(context);
    return ids.map((id, index) => ({ id, number: index + 1 }));
  });
}

export function slideIds(context: PowerPoint.RequestContext, stubborn = false): Promise<string[]> {
  const ask = () => {
    const all = context.presentation.slides;
    all.load("items/id");
    return () => all.items.map((slide) => slide.id);
  };
  return read(context, ask, stubborn);
}

const SHAPE_FACTS = "items/id,items/shapes/id,items/shapes/type,items/shapes/width,items/shapes/height";

/**
 * Look at the slide that the user works on; undefined in an empty deck. One round trip where all
 * goes well: on the web every one may make PowerPoint save the file (office-js 6740).
 */
export function slideInView(): Promise<SlideInView | undefined> {
  return run(async (context) => {
    try {
      return await inView(context, true);
    } catch {
      // Some hosts raise an error where nothing is selected or the notes have the focus.
      return await inView(context, false);
    }
  });
}

function inView(
  context: PowerPoint.RequestContext,
  withSelection: boolean,
): Promise<SlideInView | undefined> {
  return read(context, () => {
    const all = context.presentation.slides;
    all.load("items/id");
    const selected = context.presentation.getSelectedSlides();
    selected.load(SHAPE_FACTS);
    const shapes = withSelection ? context.presentation.getSelectedShapes() : undefined;
    shapes?.load("items/id");
    return () => {
      const ids = all.items.map((slide) => slide.id);
      const slide = selected.items[0];
      if (slide === undefined) return undefined;
      const signature = slide.shapes.items
        .map((shape) => `${shape.id} ${shape.type} ${shape.width}x${shape.height}`)
        .join(";");
      const selectedShapeIds = shapes?.items.map((shape) => shape.id) ?? [];
      return { slideId: slide.id, number: ids.indexOf(slide.id) + 1, ids, selectedShapeIds, signature };
    };
  });
}

/** Export one slide as a deck of its own, as base64. */
export function exportSlide(slideId: string): Promise<string> {
  return run(async (context) => {
    const exported = context.presentation.slides.getItem(slideId).exportAsBase64();
    await context.sync();
    return exported.value;
  });
}

/** Show a slide, or a shape on it, to the user. Says whether the host did so. */
export async function show(slideId: string, shapeId: string | undefined): Promise<boolean> {
  try {
    await run(async (context) => {
      context.presentation.setSelectedSlides([slideId]);
      if (shapeId !== undefined) {
        context.presentation.slides.getItem(slideId).setSelectedShapes([shapeId]);
      }
      await context.sync();
    });
    return true;
  } catch {
    return false; // the notes may have the focus, or the shape is gone
  }
}

/** Delete a slide that the user chose to delete. */
export function deleteSlide(slideId: string): Promise<void> {
  return run(async (context) => {
    context.presentation.slides.getItem(slideId).delete();
    await context.sync();
  });
}
