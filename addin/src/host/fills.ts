// Give a shape's fill another picture, in place: the slide keeps its id, comments and links.
// Nothing here may need more than this (held by tests/host/requirements.test.ts).

import { run } from "./run";

export const REQUIRES = "1.8";

/** Set the fill of shapes that lie on a slide itself. Raises HostError. */
export function fillShapes(slideId: string, pictures: Map<string, string>): Promise<void> {
  return run(async (context) => {
    const { shapes } = context.presentation.slides.getItem(slideId);
    for (const [shapeId, base64] of pictures) shapes.getItem(shapeId).fill.setImage(base64);
    await context.sync();
  });
}
