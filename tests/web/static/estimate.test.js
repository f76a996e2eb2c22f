import { expect, it } from "vitest";
import { words } from "../../../web/static/estimate.js";

const FOUND = {
  pictures: 3,
  megapixels: 4,
  seconds: 40,
  waiting_s: 0,
  bytes_before: 1024,
  bytes_after: 1024,
  measured_pictures: 9,
};

it("says how many pictures and how long", () => {
  expect(words(FOUND)).toBe("3 different pictures, about 40 seconds.");
});

it("says who goes first, what grows, and that nothing was measured, only where it is so", () => {
  const all = words({ ...FOUND, waiting_s: 120, bytes_after: 4096, measured_pictures: 0 });
  expect(all).toContain("Others go first: about 2 minutes.");
  expect(all).toContain("All files together go from 1 kB to about 4 kB.");
  expect(all).toContain("A rough guess");
  expect(words({ ...FOUND, waiting_s: 5 })).not.toContain("Others");
});
