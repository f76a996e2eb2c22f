import { describe, expect, it } from "vitest";
import { chosen, dropped, isBystander, whyNot } from "../../../web/static/files.js";

const LIMITS = { max_deck_bytes: 1000 };

/** @param {string} name */
const file = (name, bytes = 10) => new File([new Uint8Array(bytes)], name);

describe("what is handed in", () => {
  it.each(["a.pptx", "A.PPTX", "a.pptm", "a.potx", "a.potm", "a.ppsx", "a.ppsm"])(
    "%s is taken",
    (name) => expect(whyNot(file(name), LIMITS, Infinity)).toBe(""),
  );

  it.each([
    ["~$a.pptx", "PowerPoint's mark that a deck is open"],
    ["a.ppt", "before 2007"],
    ["a.pdf", "export it as .pptx"],
    ["a.key", "export it as .pptx"],
    ["a.docx", "not a PowerPoint deck"],
    ["pptx", "not a PowerPoint deck"],
  ])("%s is refused with a reason", (name, words) =>
    expect(whyNot(file(name), LIMITS, Infinity)).toContain(words),
  );

  it("sizes are refused before a byte is sent", () => {
    expect(whyNot(file("a.pptx", 0), LIMITS, Infinity)).toBe("empty");
    expect(whyNot(file("a.pptx", 1000), LIMITS, Infinity)).toBe("");
    expect(whyNot(file("a.pptx", 1001), LIMITS, Infinity)).toContain("at most 1 kB");
    expect(whyNot(file("a.pptx", 100), LIMITS, 99)).toContain("99 bytes of your space is free");
    expect(whyNot(file("a.pptx", 100), LIMITS, -5)).toContain("0 bytes of your space is free");
  });
});

describe("what lies beside decks in a folder", () => {
  it("is no refusal, but what was chosen by itself is", () => {
    expect(isBystander({ file: file("notes.txt"), folder: "talks" })).toBe(true);
    expect(isBystander({ file: file(".hidden.pptx"), folder: "talks" })).toBe(true);
    expect(isBystander({ file: file("notes.txt"), folder: "" })).toBe(false);
    expect(isBystander({ file: file("old.ppt"), folder: "talks" })).toBe(false);
    expect(isBystander({ file: file("talk.pptx"), folder: "talks" })).toBe(false);
  });
});

describe("folders", () => {
  it("of a chosen folder each file knows its own", () => {
    const found = file("b.pptx");
    Object.defineProperty(found, "webkitRelativePath", { value: "talks/2024/b.pptx" });
    const input = /** @type {any} */ ({ files: [found, file("a.pptx")] });
    expect(chosen(input).map((each) => each.folder)).toEqual(["talks/2024", ""]);
  });

  it("that are dropped are read to the end, a hundred at a time", async () => {
    const names = Array.from({ length: 250 }, (_, number) => `${number}.pptx`);
    const items = [item(folder("talks", [...names.map(entry), folder("old", [entry("o.pptx")])]))];
    const found = await dropped(/** @type {any} */ ({ items, files: [] }));
    expect(found).toHaveLength(251);
    expect(found.at(-1)?.folder).toBe("talks/old");
    expect(found[0].folder).toBe("talks");
  });

  it("without entries the files themselves are taken", async () => {
    const files = [file("a.pptx")];
    const found = await dropped(/** @type {any} */ ({ items: [{}], files }));
    expect(found).toEqual([{ file: files[0], folder: "" }]);
  });
});

/** @param {object} of */
const item = (of) => ({ webkitGetAsEntry: () => of });

/** @param {string} name */
const entry = (name) => ({
  isFile: true,
  name,
  file: (/** @type {(made: File) => void} */ done) => done(file(name)),
});

/**
 * A folder as browsers hand it out: its reader gives at most a hundred entries at a time.
 * @param {string} name
 * @param {object[]} entries
 */
function folder(name, entries) {
  const left = [...entries];
  const readEntries = (/** @type {(some: object[]) => void} */ done) => done(left.splice(0, 100));
  return { isFile: false, name, createReader: () => ({ readEntries }) };
}
