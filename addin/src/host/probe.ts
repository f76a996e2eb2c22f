// Open questions about real PowerPoints, asked of the one that the pane runs in: what an insert
// changes, whether a fill keeps its form, which ids come, how long it takes. For developers.

import { documentName, ready } from "./document";
import { run } from "./run";
import { slideIds } from "./slides";

export const REQUIRES = "1.10";

const POINTS = { left: 50, top: 50, width: 200, height: 100 };

/** What kind of PowerPoint this is. */
export async function environment(): Promise<string[]> {
  const host = await ready();
  const { diagnostics, requirements } = Office.context;
  const sets = Array.from({ length: 12 }, (_, at) => `1.${at + 1}`).filter((version) =>
    requirements.isSetSupported("PowerPointApi", version),
  );
  return [
    `platform ${host.platform}, version ${diagnostics.version}, language ${host.language}`,
    `PowerPointApi up to ${sets.at(-1) ?? "none"}; document ${documentName().replace(/.*(?=\.)/, "…")}`,
  ];
}

export function allIds(): Promise<string[]> {
  return run((context) => slideIds(context));
}

/** Insert an export behind its slide, as a replacement does; the ids after it. */
export function insertBehind(
  base64: string,
  slideId: string,
  formatting: "UseDestinationTheme" | "KeepSourceFormatting",
): Promise<string[]> {
  return run(async (context) => {
    context.presentation.insertSlidesFromBase64(base64, { formatting, targetSlideId: slideId });
    await context.sync();
    return slideIds(context);
  });
}

/** Export and delete a slide in one batch: the export must come back. */
export function exportAndDelete(slideId: string): Promise<number> {
  return run(async (context) => {
    const slide = context.presentation.slides.getItem(slideId);
    const exported = slide.exportAsBase64();
    slide.delete();
    await context.sync();
    return exported.value.length;
  });
}

/** Put a rectangle with a picture fill on a slide; its id. */
export function addFilledShape(slideId: string, base64: string): Promise<string> {
  return run(async (context) => {
    const { shapes } = context.presentation.slides.getItem(slideId);
    const shape = shapes.addGeometricShape("Rectangle", POINTS);
    shape.load("id");
    shape.fill.setImage(base64);
    await context.sync();
    return shape.id;
  });
}

export function fillShape(slideId: string, shapeId: string, base64: string): Promise<void> {
  return run(async (context) => {
    context.presentation.slides.getItem(slideId).shapes.getItem(shapeId).fill.setImage(base64);
    await context.sync();
  });
}

export function removeShape(slideId: string, shapeId: string): Promise<void> {
  return run(async (context) => {
    context.presentation.slides.getItem(slideId).shapes.getItem(shapeId).delete();
    await context.sync();
  });
}

/** Give a slide a picture as background, whatever it had. */
export function setBackground(slideId: string, base64: string): Promise<void> {
  return run(async (context) => {
    const { fill } = context.presentation.slides.getItem(slideId).background;
    fill.setPictureOrTextureFill({ imageBase64: base64, transparency: 0 });
    await context.sync();
  });
}

/** Count the events that PowerPoint sends while `work` runs. */
export async function eventsDuring(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const listener = () => (count += 1);
  Office.context.document.addHandlerAsync(Office.EventType.DocumentSelectionChanged, listener);
  await work();
  Office.context.document.removeHandlerAsync(Office.EventType.DocumentSelectionChanged, { handler: listener });
  return count;
}
