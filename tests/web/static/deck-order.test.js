import { describe, expect, it } from "vitest";

import { listed } from "../../../web/static/deck-order.js";

/** @type {(name: string, more?: object) => any} */
const deck = (name, more = {}) => ({
  name,
  folder: "Autumn",
  size_bytes: 10,
  waits: false,
  job: null,
  scan: { low: 1, worst_ppi: 60 },
  ...more,
});
const done = { state: "done", counts: { failed: 0 } };

describe("the list of decks", () => {
  const decks = [
    deck("a.pptx", { job: done, scan: { low: 0, worst_ppi: null } }),
    deck("b.pptx", { size_bytes: 30 }),
    deck("c.pptx", { job: { ...done, counts: { failed: 1 } }, scan: { low: 1, worst_ppi: 20 } }),
  ];
  /** @param {string} find @param {import("../../../web/static/deck-order.js").Order} order */
  const names = (find, order) =>
    listed(decks, find, order)
      .map(({ name }) => name[0])
      .join("");

  it("is found by folder or name, whatever the capitals", () => {
    expect(names("AUTUMN/B", "place")).toBe("b");
    expect(names("", "place")).toBe("abc");
  });

  it("is sorted by what is most blurred, largest, or still to do", () => {
    expect(names("", "worst")).toBe("cba");
    expect(names("", "size")[0]).toBe("b");
    expect(names("", "open")).toBe("cba");
  });
});
