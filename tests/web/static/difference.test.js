import { describe, expect, it } from "vitest";

import { largestChange } from "../../../web/static/difference.js";

const size = { width: 320, height: 160 };

describe("the largest change", () => {
  it("is where the pictures differ most", () => {
    const plain = new Uint8ClampedArray(4 * size.width * size.height).fill(100);
    const changed = plain.slice();
    for (let y = 96; y < 112; y++)
      for (let x = 240; x < 256; x++) changed[4 * (y * size.width + x) + 1] = 200;
    const found = largestChange(plain, changed, size, { width: 16, height: 16 });
    expect(found).toEqual({ x: 248, y: 104, sum: 16 * 16 * 100 });
    const wide = largestChange(plain, changed, size, { width: 64, height: 64 });
    expect(Math.abs((wide?.x ?? 0) - 248)).toBeLessThanOrEqual(32);
    expect(Math.abs((wide?.y ?? 0) - 104)).toBeLessThanOrEqual(32);
  });

  it("is nowhere where nothing differs", () => {
    const plain = new Uint8ClampedArray(4 * size.width * size.height).fill(7);
    expect(largestChange(plain, plain, size, { width: 64, height: 64 })).toBeNull();
  });
});
