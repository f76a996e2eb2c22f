// The slides of the open deck: look at them, export one, put one in another's place.
// Nothing here may need more than this (held by tests/requirements.test.ts).

import { HostError, wordsOf } from "./document";
import { readTags, type Tagged, writeTags } from "./tags";
import { inTurn } from "./turns";

export const REQUIRES = "1.8";

export interface SlideLook {
  slideId: string;
  /** Number in the deck, from 1. */
  number: number;
  selectedShapeIds: string[];
  /** Changes with every shape that comes, goes or changes its size. */
  signature: string;
}

export interface Slide {
  id: string;
  /** Number in the deck, from 1. */
  number: number;
}

export interface Replaced {
  slideId: string;
  /** Tags that could not be given back: their shape was not found again. */
  lostTags: number;
  /** True where PowerPoint had to bring the slide's own master along. */
  keptMaster: boolean;
}

function run<T>(batch: (context: PowerPoint.RequestContext) => Promise<T>): Promise<T> {
  return inTurn(() => PowerPoint.run(batch));
}

/** List all slides in order. */
export function slides(): Promise<Slide[]> {
  return run(async (context) => {
    const ids = await slideIds(context);
    return ids.map((id, index) => ({ id, number: index + 1 }));
  });
}

/** Look at the slide that the user works on; undefined in an empty deck. */
export function look(): Promise<SlideLook | undefined> {
  return run(async (context) => {
    const selected = context.presentation.getSelectedSlides();
    selected.load("items/id");
    const all = context.presentation.slides;
    all.load("items/id");
    await context.sync();
    const ids = all.items.map((slide) => slide.id);
    const slideId = selected.items[0]?.id ?? ids[0];
    if (slideId === undefined) return undefined;
    const shapes = all.getItem(slideId).shapes;
    shapes.load("items/id,items/type,items/width,items/height");
    await context.sync();
    const signature = shapes.items
      .map((shape) => `${shape.id} ${shape.type} ${shape.width}x${shape.height}`)
      .join(";");
    const selectedShapeIds = await selectedShapes(context);
    return { slideId, number: ids.indexOf(slideId) + 1, selectedShapeIds, signature };
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

/** Show a shape to the user. Failing to do so does no harm. */
export async function showShape(slideId: string, shapeId: string): Promise<void> {
  try {
    await run(async (context) => {
      context.presentation.setSelectedSlides([slideId]);
      context.presentation.slides.getItem(slideId).setSelectedShapes([shapeId]);
      await context.sync();
    });
  } catch {
    // The notes may have the focus, or the shape is gone: the user sees it as well as we do.
  }
}

/**
 * Put a changed copy of a slide in its place; the old one goes only when the new one stands.
 *
 * `isUnchanged` is asked just before that, with a fresh export of the old slide: where somebody
 * edited it meanwhile, the new one is taken away again (`HostError` "slide_changed").
 * Whatever else fails, the old slide stays. Raises HostError.
 */
export function replaceSlide(
  oldId: string,
  base64: string,
  isUnchanged: (base64: string) => Promise<boolean>,
): Promise<Replaced> {
  return run(async (context) => {
    const before = await slideIds(context);
    const place = before.indexOf(oldId);
    if (place < 0) throw new HostError("slide_gone", "The slide is no longer in the deck.");
    const seen = await selection(context, oldId);
    const tags = await readTags(context, oldId);
    const { newId, keptMaster } = await insert(context, base64, oldId, before);
    const exported = context.presentation.slides.getItem(oldId).exportAsBase64();
    await undoing(context, newId, async () => {
      await context.sync();
      if (await isUnchanged(exported.value)) return;
      throw new HostError("slide_changed", "The slide was edited meanwhile.");
    });
    await removeOld(context, oldId, newId);
    const lostTags = await giveBack(context, newId, tags, seen);
    return { slideId: newId, lostTags, keptMaster };
  });
}

async function slideIds(context: PowerPoint.RequestContext): Promise<string[]> {
  const all = context.presentation.slides;
  all.load("items/id");
  await context.sync();
  return all.items.map((slide) => slide.id);
}

/** Some hosts raise an error where nothing is selected or the notes have the focus. */
async function selectedShapes(context: PowerPoint.RequestContext): Promise<string[]> {
  try {
    const shapes = context.presentation.getSelectedShapes();
    shapes.load("items/id");
    await context.sync();
    return shapes.items.map((shape) => shape.id);
  } catch {
    return [];
  }
}

/** What is selected, if it is this slide that the user works on. */
async function selection(
  context: PowerPoint.RequestContext,
  slideId: string,
): Promise<string[] | undefined> {
  try {
    const selected = context.presentation.getSelectedSlides();
    selected.load("items/id");
    await context.sync();
    if (selected.items[0]?.id !== slideId) return undefined;
    return await selectedShapes(context);
  } catch {
    return undefined;
  }
}

interface Inserted {
  newId: string;
  keptMaster: boolean;
}

/** Insert behind the old slide, on the same layout; by its own master where there is no other way. */
async function insert(
  context: PowerPoint.RequestContext,
  base64: string,
  oldId: string,
  before: string[],
): Promise<Inserted> {
  const newId = await insertOnce(context, base64, oldId, before, "UseDestinationTheme");
  if (await haveSameLayout(context, oldId, newId)) return { newId, keptMaster: false };
  await remove(context, newId);
  const other = await insertOnce(context, base64, oldId, before, "KeepSourceFormatting");
  return { newId: other, keptMaster: true };
}

async function insertOnce(
  context: PowerPoint.RequestContext,
  base64: string,
  oldId: string,
  before: string[],
  formatting: "UseDestinationTheme" | "KeepSourceFormatting",
): Promise<string> {
  let refusal: unknown;
  try {
    context.presentation.insertSlidesFromBase64(base64, { formatting, targetSlideId: oldId });
    await context.sync();
  } catch (error) {
    refusal = error;
  }
  const after = await slideIds(context);
  const added = after.filter((id) => !before.includes(id));
  const [newId] = added;
  const wanted = before.toSpliced(before.indexOf(oldId) + 1, 0, newId ?? "");
  if (newId !== undefined && sameOrder(after, wanted)) return newId;
  for (const id of added) await remove(context, id);
  const why = refusal === undefined ? "" : ` (${wordsOf(refusal)})`;
  throw new HostError("insert_failed", `PowerPoint did not take the new slide${why}.`);
}

async function haveSameLayout(
  context: PowerPoint.RequestContext,
  oldId: string,
  newId: string,
): Promise<boolean> {
  const layouts = [oldId, newId].map((id) => context.presentation.slides.getItem(id).layout);
  for (const layout of layouts) layout.load("id");
  await context.sync();
  return layouts[0]?.id === layouts[1]?.id;
}

/** Run `work`; if it fails, take the new slide away before the error goes on. */
async function undoing(
  context: PowerPoint.RequestContext,
  newId: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    try {
      await remove(context, newId);
    } catch {
      throw new HostError(
        "two_slides",
        `${wordsOf(error)} A second copy of the slide stands behind it; delete the one that you do not want.`,
      );
    }
    throw error;
  }
}

async function remove(context: PowerPoint.RequestContext, slideId: string): Promise<void> {
  context.presentation.slides.getItem(slideId).delete();
  await context.sync();
}

async function removeOld(
  context: PowerPoint.RequestContext,
  oldId: string,
  newId: string,
): Promise<void> {
  await undoing(context, newId, async () => {
    let refusal: unknown;
    try {
      await remove(context, oldId);
    } catch (error) {
      refusal = error;
    }
    if (!(await slideIds(context)).includes(oldId)) return;
    const why = refusal === undefined ? "" : ` (${wordsOf(refusal)})`;
    throw new HostError("delete_failed", `PowerPoint did not remove the old slide${why}.`);
  });
}

/** Give the new slide what the export dropped, and the user the selection. */
async function giveBack(
  context: PowerPoint.RequestContext,
  newId: string,
  tags: Tagged,
  seen: string[] | undefined,
): Promise<number> {
  if (seen !== undefined) {
    try {
      context.presentation.setSelectedSlides([newId]);
      await context.sync();
      if (seen.length > 0) {
        context.presentation.slides.getItem(newId).setSelectedShapes(seen);
        await context.sync();
      }
    } catch {
      // The deck is right; only the selection is not.
    }
  }
  return writeTags(context, newId, tags);
}

function sameOrder(left: string[], right: string[]): boolean {
  return left.length === right.length && left.every((id, index) => id === right[index]);
}
