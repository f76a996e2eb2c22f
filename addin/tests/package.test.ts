// What the pane reads in a .pptx: the fingerprint of a slide, its pictures, comments.

import { strToU8, zipSync, type Zippable } from "fflate";
import { describe, expect, it } from "vitest";
import { commentsBySlide, fromBase64, inspect, joined, sha256, toBase64 } from "../src/bytes/package";

const SLIDE: Zippable = {
  "[Content_Types].xml": strToU8("<Types/>"),
  "docProps/core.xml": strToU8("<modified>2026-11-01</modified>"),
  "ppt/slides/slide1.xml": strToU8("<p:sld/>"),
  "ppt/media/image1.png": strToU8("a picture"),
  "ppt/media/movie.mp4": strToU8("a film"),
};

const zipped = (changes: Zippable = {}) => zipSync({ ...SLIDE, ...changes });

describe("the fingerprint of a slide", () => {
  it("stays the same when only the time of the export differs", async () => {
    const later = zipSync(
      { ...SLIDE, "docProps/core.xml": strToU8("<modified>2026-11-02</modified>") },
      { mtime: new Date("2030-01-01") },
    );
    expect((await inspect(later)).fingerprint).toBe((await inspect(zipped())).fingerprint);
  });

  it.each([
    ["the slide", { "ppt/slides/slide1.xml": strToU8("<p:sld>edited</p:sld>") }],
    ["a picture", { "ppt/media/image1.png": strToU8("another picture") }],
    ["its notes", { "ppt/notesSlides/notesSlide1.xml": strToU8("<p:notes/>") }],
  ])("changes with %s", async (_, change) => {
    expect((await inspect(zipped(change))).fingerprint).not.toBe((await inspect(zipped())).fingerprint);
  });
});

describe("the pictures of a slide", () => {
  it("are known by the hash of their bytes, and films are none", async () => {
    const { media } = await inspect(zipped());
    expect(media.map((each) => each.part)).toEqual(["ppt/media/image1.png"]);
    expect(media[0]?.sha256).toBe(await sha256(strToU8("a picture")));
    expect(media[0]?.blob.type).toBe("image/png");
    expect(await media[0]?.blob.text()).toBe("a picture");
  });

  it("are refused with the whole file when it is no zip", async () => {
    await expect(inspect(strToU8("not a zip"))).rejects.toThrow();
  });
});

const RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

function deckWith(comment: string, kind: string): Uint8Array {
  return zipSync({
    "ppt/presentation.xml": strToU8(
      '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="rId2"/><p:sldId id="300" r:id="rId3"/></p:sldIdLst></p:presentation>',
    ),
    "ppt/_rels/presentation.xml.rels": strToU8(
      `<Relationships><Relationship Id="rId2" Type="${RELATIONSHIPS}/slide" Target="slides/slide7.xml"/>` +
        `<Relationship Id="rId3" Type="${RELATIONSHIPS}/slide" Target="slides/slide1.xml"/></Relationships>`,
    ),
    "ppt/slides/_rels/slide7.xml.rels": strToU8(
      `<Relationships><Relationship Id="rId1" Type="${kind}" Target="../comments/c1.xml"/></Relationships>`,
    ),
    "ppt/slides/_rels/slide1.xml.rels": strToU8("<Relationships/>"),
    "ppt/comments/c1.xml": strToU8(comment),
  });
}

describe("the comments of a deck", () => {
  it("are counted for the slide that they stand on, modern ones", () => {
    const xml = '<p188:cmLst><p188:cm id="{1}"><p188:reply/></p188:cm><p188:cm id="{2}"/></p188:cmLst>';
    const kind = "http://schemas.microsoft.com/office/2018/10/relationships/comments";
    expect(commentsBySlide(deckWith(xml, kind))).toEqual({ 256: 2 });
  });

  it("are counted for the slide that they stand on, old ones", () => {
    const xml = '<p:cmLst><p:cm authorId="0"><p:text>Hm</p:text></p:cm></p:cmLst>';
    expect(commentsBySlide(deckWith(xml, `${RELATIONSHIPS}/comments`))).toEqual({ 256: 1 });
  });
});

describe("base64", () => {
  it("gives the same bytes back, however many", () => {
    for (const length of [0, 1, 2, 3, 0x8000, 0x8001, 200_000]) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) % 256);
      expect(Buffer.compare(fromBase64(toBase64(bytes)), bytes)).toBe(0);
    }
  });

  it("is what others write", () => {
    const bytes = Uint8Array.from([0, 255, 254, 10, 13]);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  });
});

it("slices join in order", () => {
  expect(joined([new Uint8Array([1, 2]), new Uint8Array([]), new Uint8Array([3])])).toEqual(
    new Uint8Array([1, 2, 3]),
  );
});
