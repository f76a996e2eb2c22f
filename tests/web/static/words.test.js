import { describe, expect, it } from "vitest";
import examples from "../../sizes.json";
import { capital, days, duration, plural, size, slides } from "../../../web/static/words.js";

describe("sizes", () => {
  it.each(/** @type {[number, string][]} */ (examples))(
    "%d bytes are said as the server says them: %s",
    (bytes, words) => expect(size(bytes)).toBe(words),
  );

  it("never shrink in words while they grow in bytes", () => {
    const unit = { bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
    let last = 0;
    for (let bytes = 1; bytes < 1024 ** 4; bytes = Math.ceil(bytes * 1.07)) {
      const [number, name] = size(bytes).split(" ");
      const said = Number(number) * unit[/** @type {keyof typeof unit} */ (name)];
      expect(said).toBeGreaterThanOrEqual(last);
      last = said;
    }
  });
});

describe("durations", () => {
  it.each([
    [0, "a few seconds"],
    [12, "about 15 seconds"],
    [60, "about a minute"],
    [150, "about 3 minutes"],
    [5400, "about 2 hours"],
  ])("%d seconds are said as %s", (seconds, words) => expect(duration(seconds)).toBe(words));
});

describe("counts", () => {
  it("one thing is singular, all other numbers plural", () => {
    expect([0, 1, 2].map((count) => plural(count, "deck"))).toEqual([
      "0 decks",
      "1 deck",
      "2 decks",
    ]);
    expect(plural(1234, "file was", "files were")).toBe("1,234 files were");
    expect([1, 0.5, 7].map(days)).toEqual(["one day", "0.5 days", "7 days"]);
  });

  it("slides are listed, a long list is cut", () => {
    expect(slides([])).toBe("Not on a slide");
    expect(slides([3])).toBe("Slide 3");
    expect(slides([2, 4, 7])).toBe("Slides 2, 4 and 7");
    expect(slides([1, 2, 3, 4])).toBe("Slides 1, 2, 3 and 4");
    expect(slides([1, 2, 3, 4, 5, 6])).toBe("Slides 1, 2, 3 and 3 more");
  });

  it("a sentence begins with a capital, also an empty one", () => {
    expect(capital("a quarter as sharp")).toBe("A quarter as sharp");
    expect(capital("")).toBe("");
  });
});
