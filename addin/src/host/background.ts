// Give a slide's background another picture, in place.
// Nothing here may need more than this (held by tests/host/requirements.test.ts).

import { run } from "./run";

export const REQUIRES = "1.10";

/** Set the picture of a background that has one. Raises HostError. */
export function fillBackground(slideId: string, base64: string): Promise<void> {
  return run(async (context) => {
    const { fill } = context.presentation.slides.getItem(slideId).background;
    fill.getPictureOrTextureFillOrNullObject().setImage(base64);
    await context.sync();
  });
}
