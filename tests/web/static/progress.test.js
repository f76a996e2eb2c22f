import { describe, expect, it } from "vitest";

import { Pace, progressOf } from "../../../web/static/progress.js";

/** @type {(over: number, total: number, more?: object) => any} */
const deck = (over, total, more = {}) => ({
  id: `${over}-${total}`,
  waits: false,
  scan: { low: 4, low_px: 100 },
  job: {
    state: over === total ? "done" : "running",
    counts: { total, done: over, skipped: 0, failed: 0, cancelled: 0, queued: 0, running: 0 },
  },
  ...more,
});

describe("how far the work is", () => {
  it("counts decks that wait from the start, so the total never grows", () => {
    const later = { ...deck(0, 0), id: "later", waits: true, job: null };
    const before = progressOf([deck(0, 4), later], {});
    const after = progressOf([deck(4, 4), { ...deck(0, 4), id: "later" }], {});
    expect([before.total, after.total]).toEqual([8, 8]);
    expect([after.over, after.decksOver, after.share]).toEqual([4, 1, 0.5]);
  });

  it("leaves out what nobody wants sharp", () => {
    const later = { ...deck(0, 0), id: "later", waits: true, job: null };
    expect(progressOf([later], { later: ["a", "b"] }).total).toBe(2);
  });

  it("moves by pixels, not by decks", () => {
    const large = deck(0, 4, { id: "large", scan: { low: 4, low_px: 900 } });
    expect(progressOf([deck(4, 4), large], {}).share).toBeCloseTo(0.1);
  });
});

describe("how long it still takes", () => {
  it("is what was estimated, until the pace itself tells more", () => {
    let now = 0;
    const pace = new Pace(() => now);
    expect(pace.left(0)).toBeNull();
    pace.expect(60);
    now = 20;
    expect(pace.left(0.01)).toBe(40);
    now = 30;
    expect(pace.left(0.1)).toBeCloseTo(270);
  });

  it("begins anew where the page came later", () => {
    let now = 100;
    const pace = new Pace(() => now);
    expect(pace.left(0.5)).toBeNull();
    now = 110;
    expect(pace.left(0.75)).toBeCloseTo(10);
  });
});
