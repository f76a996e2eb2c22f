import { describe, expect, it } from "vitest";

import { centred, fitScale, held, pictureScale, zoomed } from "../../../web/static/zoom.js";

const stage = { width: 800, height: 400 };
const slide = { width: 1920, height: 1080 };

describe("where a slide lies on the stage", () => {
  it("fits all of it in, centred", () => {
    const scale = fitScale(stage, slide);
    expect(scale).toBeCloseTo(400 / 1080);
    const view = held({ scale, x: -50, y: 3 }, stage, slide);
    expect(view.x).toBeCloseTo((800 - 1920 * scale) / 2);
    expect(view.y).toBeCloseTo(0);
  });

  it("leaves no gap beside a slide that is larger than the stage", () => {
    expect(held({ scale: 1, x: 90, y: -9999 }, stage, slide)).toEqual({ scale: 1, x: 0, y: -680 });
  });

  it("keeps what lies under the pointer there while it zooms", () => {
    const before = { scale: 1, x: -400, y: -300 };
    const point = { x: 300, y: 200 };
    const after = zoomed(before, 2, point, stage, slide);
    /** @param {import("../../../web/static/zoom.js").View} view */
    const under = (view) => [(point.x - view.x) / view.scale, (point.y - view.y) / view.scale];
    expect(after.scale).toBe(2);
    expect(under(after)).toEqual(under(before));
  });

  it("zooms no further out than the whole slide, and no further in than eightfold", () => {
    const middle = { x: 400, y: 200 };
    const view = { scale: 1, x: 0, y: 0 };
    expect(zoomed(view, 0.001, middle, stage, slide).scale).toBeCloseTo(fitScale(stage, slide));
    expect(zoomed(view, 99, middle, stage, slide).scale).toBe(8);
  });

  it("brings a place of the slide to the middle", () => {
    const view = centred({ x: 960, y: 540 }, 1, stage, slide);
    expect([view.x + 960, view.y + 540]).toEqual([400, 200]);
  });

  it("looks at pictures from as near as people do", () => {
    expect(pictureScale({ left: 0, top: 0, width: 1920, height: 1080 }, stage)).toBe(1);
    expect(pictureScale({ left: 0, top: 0, width: 40, height: 40 }, stage)).toBe(2);
    expect(pictureScale({ left: 0, top: 0, width: 480, height: 200 }, stage)).toBeCloseTo(1.5);
  });
});
