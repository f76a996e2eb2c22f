import { beforeEach, describe, expect, it } from "vitest";
import * as page from "../../../web/static/state.js";

const OPTIONS = { low_ppi: 110, target_ppi: 220, layouts: false };

/** @type {(id: string, more?: object) => any} */
const deck = (id, more = {}) => ({
  id,
  name: `${id}.pptx`,
  folder: "",
  job: null,
  waits: false,
  scan: { slides: 3, low: 2, worst_ppi: 40, options: OPTIONS },
  ...more,
});

/** @type {(state: string, options?: object) => any} */
const job = (state, options = OPTIONS) => ({ state, options });

beforeEach(() => {
  localStorage.clear();
  page.begin(/** @type {any} */ ({ id: "b1", options: OPTIONS, expires_at: "", created_at: "" }));
});

/** @param {any[]} decks */
const show = (...decks) => page.take({ decks, uploads: [], whole: true });

describe("what the server says of a batch", () => {
  it("changes decks and keeps the others", () => {
    show(deck("a"), deck("b"));
    page.take({ decks: [deck("b", { waits: true })] });
    expect(page.decks().map(({ id, waits }) => [id, waits])).toEqual([
      ["a", false],
      ["b", true],
    ]);
  });

  it("takes away what is gone, and all that a whole answer does not name", () => {
    show(deck("a"), deck("b"), deck("c"));
    page.take({ decks_gone: ["b"] });
    expect(page.decks().map(({ id }) => id)).toEqual(["a", "c"]);
    show(deck("d"));
    expect(page.decks().map(({ id }) => id)).toEqual(["d"]);
  });

  it("lists decks by folder, then by name", () => {
    show(deck("z"), deck("b", { folder: "x" }), deck("a", { folder: "y" }), deck("c"));
    expect(page.decks().map(({ id }) => id)).toEqual(["c", "z", "b", "a"]);
  });

  it("keeps choices that a change does not name", () => {
    show(deck("a"));
    page.take({ expires_at: "later" });
    expect(page.openBatch()).toMatchObject({ options: OPTIONS, expires_at: "later" });
  });
});

describe("what a start would do", () => {
  it("leaves alone what is at work, waits or is done as asked", () => {
    show(
      deck("fresh"),
      deck("running", { job: job("running") }),
      deck("waiting", { waits: true }),
      deck("done", { job: job("done") }),
      deck("sharp already", { scan: { slides: 1, low: 0, worst_ppi: 0, options: OPTIONS } }),
    );
    expect(page.todo()).toEqual({ decks: 1, pictures: 2 });
  });

  it("works again on what was done with other choices, or failed", () => {
    show(
      deck("other", { job: job("done", { ...OPTIONS, low_ppi: 72 }) }),
      deck("failed", { job: job("failed") }),
    );
    expect(page.todo()).toEqual({ decks: 2, pictures: 4 });
  });

  it("counts no picture that was left out, and no deck without any", () => {
    show(deck("a"), deck("b"));
    page.leave("a", "p1", true);
    expect(page.todo()).toEqual({ decks: 2, pictures: 3 });
    page.leave("a", "p2", true);
    expect(page.todo()).toEqual({ decks: 1, pictures: 2 });
    page.leave("a", "p1", false);
    page.leave("a", "p2", false);
    expect(page.todo()).toEqual({ decks: 2, pictures: 4 });
  });
});

describe("pictures that are left out", () => {
  it("are kept in the browser, by batch, until nothing is left out", () => {
    page.leave("a", "p1", true);
    expect(page.leftOut()).toEqual({ a: ["p1"] });
    expect(localStorage).toHaveLength(1);
    page.begin(/** @type {any} */ ({ id: "b2", options: OPTIONS }));
    expect(page.leftOut()).toEqual({});
    page.begin(/** @type {any} */ ({ id: "b1", options: OPTIONS }));
    page.leave("a", "p1", false);
    expect(localStorage).toHaveLength(0);
  });
});

describe("scans", () => {
  it("are stale when they were made with other choices", () => {
    expect(page.isStale(deck("a"))).toBe(false);
    expect(page.isStale(deck("a", { scan: { options: { ...OPTIONS, layouts: true } } }))).toBe(
      true,
    );
    expect(page.isStale(deck("a", { scan: {} }))).toBe(true);
    expect(page.scanQuery()).toBe("low_ppi=110&target_ppi=220&layouts=false");
  });

  it("cannot be asked about where no batch is open", () => {
    page.state.batch = null;
    expect(page.decks()).toEqual([]);
    expect(() => page.openBatch()).toThrow("No batch is open");
  });
});
