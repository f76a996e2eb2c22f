import { describe, expect, it } from "vitest";

import { promising, slideSize, stopsOf } from "../../../web/static/comparison-stops.js";

const scan = { slide_width_in: 40 / 3, slide_height_in: 7.5 };
/** @type {(id: string, part: string, slide: number | null, more?: object) => any} */
const placement = (id, part, slide, more = {}) => ({
  id,
  part,
  slide,
  left_in: 1,
  top_in: 1,
  shown_width_in: 4,
  shown_height_in: 3,
  effective_ppi: 24,
  sentence: "about half as sharp",
  ...more,
});
/** @type {(part: string, before: number, after: number) => any} */
const swapped = (part, before, after) => ({
  part,
  ppi_before: before,
  ppi_after: after,
  sentence_after: "just as sharp",
});
/** @type {(...parts: string[]) => any} */
const done = (...parts) => ({ state: "done", parts });

describe("the stops of a comparison", () => {
  /** @type {any} */
  const deck = {
    scan,
    placements: [
      placement("3", "b", 2),
      placement("1", "a", 1, { effective_ppi: 30 }),
      placement("2", "c", 1),
      placement("4", "a", null),
      placement("5", "a", 3, {
        left_in: null,
        top_in: null,
        shown_width_in: null,
        shown_height_in: null,
      }),
    ],
  };
  /** @type {any} */
  const job = {
    pictures: [done("a"), done("b"), { state: "failed", parts: ["c"] }],
    summary: { pictures: [swapped("a", 24, 96), swapped("b", 24, 48)] },
  };

  it("are the uses of sharp pictures on slides, in the order of the show", () => {
    const stops = stopsOf(deck, job, 1);
    expect(stops.map((stop) => stop.id)).toEqual(["1", "3", "5"]);
    expect(stops[0].box).toEqual({ left: 144, top: 144, width: 576, height: 432 });
    expect([stops[0].before, stops[0].after]).toEqual([30, 120]);
  });

  it("take a background for the whole slide", () => {
    expect(stopsOf(deck, job, 1)[2].box).toEqual({
      left: 0,
      top: 0,
      ...slideSize(/** @type {any} */ (scan), 1),
    });
  });

  it("promise most where much of a slide gains much, one for each picture", () => {
    expect(promising(stopsOf(deck, job, 1), 9).map((stop) => stop.id)).toEqual(["5", "3"]);
  });

  it("are as high as the screen on slides narrower than it", () => {
    const old = slideSize(/** @type {any} */ ({ slide_width_in: 10, slide_height_in: 7.5 }), 1);
    expect(old).toEqual({ width: 1440, height: 1080 });
  });

  it("are sized for screens whose pixels are finer", () => {
    expect(slideSize(/** @type {any} */ (scan), 2).width).toBe(960);
  });
});
