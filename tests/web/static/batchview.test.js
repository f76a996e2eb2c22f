import { expect, it } from "vitest";
import { deckWords, jobWords } from "../../../web/static/batchview.js";

const COUNTS = { total: 4, queued: 0, running: 0, done: 4, skipped: 0, failed: 0, cancelled: 0 };

/** @type {(more: object) => any} */
const job = (more) => ({
  state: "done",
  stage: "assemble",
  detail: null,
  counts: COUNTS,
  changed: 4,
  kept: 0,
  bytes_before: 1024,
  bytes_after: 2048,
  ...more,
});

it.each([
  [{}, "4 pictures sharp, 1 kB → 2 kB"],
  [{ kept: 1 }, "3 pictures sharp, 1 kB → 2 kB, 1 original kept"],
  [{ changed: 0 }, "No picture changed"],
  [
    { changed: 3, counts: { ...COUNTS, done: 3, failed: 1 } },
    "3 pictures sharp, 1 kB → 2 kB, 1 failed",
  ],
  [{ bytes_after: null }, "4 pictures sharp"],
  [
    { state: "failed", detail: "Its zip is damaged." },
    "The deck could not be finished. Its zip is damaged.",
  ],
  [{ state: "queued" }, "Waits for its turn…"],
  [
    { state: "running", stage: "upscale", counts: { ...COUNTS, done: 1, skipped: 1 } },
    "2 of 4 pictures finished…",
  ],
])("a job %o is one line: %s", (more, words) => expect(jobWords(job(more))).toBe(words));

it("a deck without a job says what is blurred, and how much", () => {
  const deck = (/** @type {object} */ scan) =>
    /** @type {any} */ ({ waits: false, job: null, scan });
  expect(deckWords(deck({ slides: 1, low: 0, worst_ppi: 0 }))).toBe(
    "1 slide, no picture looks blurred",
  );
  expect(
    deckWords(
      deck({ slides: 9, low: 2, worst_sentence: "about a third as sharp as a full-HD screen" }),
    ),
  ).toBe("9 slides, 2 pictures look blurred, the worst about a third as sharp as a full-HD screen");
  expect(deckWords({ ...deck({}), waits: true })).toBe(
    "Begins by itself when a deck before it is done",
  );
});
