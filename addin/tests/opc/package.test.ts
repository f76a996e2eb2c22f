// What the pane reads in an exported slide: its fingerprint, its pictures.

import { randomBytes } from "node:crypto";
import { strToU8, unzipSync, zipSync, type Zippable } from "fflate";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../src/opc/hash";
import { fromBase64, inspect, joined, rewritten, slim, toBase64 } from "../../src/opc/package";

const rels = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`;

const SLIDE: Zippable = {
  "[Content_Types].xml": strToU8("<Types/>"),
  "docProps/core.xml": strToU8("<modified>2026-11-01</modified>"),
  "ppt/slides/slide1.xml": strToU8('<p:sld><a:blip r:embed="rId1"/><p:notes r:id="rId2"/></p:sld>'),
  "ppt/slides/_rels/slide1.xml.rels": strToU8(
    rels("rId1", "image", "../media/image1.png") + rels("rId2", "notesSlide", "../notesSlides/notesSlide1.xml"),
  ),
  "ppt/notesSlides/notesSlide1.xml": strToU8("<p:notes>old</p:notes>"),
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

describe("what is not the slide", () => {
  it.each([
    "ppt/revisionInfo.xml",
    "ppt/changesInfos/changesInfo1.xml",
    "ppt/tableStyles.xml",
    "ppt/theme/theme1.xml",
    "ppt/commentAuthors.xml",
    "ppt/slideLayouts/slideLayout1.xml",
    "customXml/item1.xml",
    "docMetadata/LabelInfo.xml",
  ])("%s may be another with every export", async (part) => {
    const [one, other] = ["<x v='1'/>", "<x v='2'/>"].map((xml) => zipped({ [part]: strToU8(xml) }));
    expect((await inspect(one!)).fingerprint).toBe((await inspect(other!)).fingerprint);
  });

  it.each([
    ["the order of attributes", '<a:p b="1" a="2"/>', '<a:p a="2" b="1"/>'],
    ["declarations of namespaces", '<a:p xmlns:a="urn:a"/>', "<a:p/>"],
    ["an empty element's form", "<a:p></a:p>", "<a:p/>"],
    ["ids that PowerPoint gives", '<p:ext uri="{B}"><p14:creationId val="1"/></p:ext>', ""],
  ])("nor does %s count", async (_, one, other) => {
    const [left, right] = [one, other].map((xml) => zipped({ "ppt/slides/slide1.xml": strToU8(`<p:sld>${xml}</p:sld>`) }));
    expect((await inspect(left!)).fingerprint).toBe((await inspect(right!)).fingerprint);
  });
});

it("two slides that differ in their pictures alone have one structure", async () => {
  const other = await inspect(zipped({ "ppt/media/image1.png": strToU8("another picture") }));
  const one = await inspect(zipped());
  expect([other.structure, other.shown.length]).toEqual([one.structure, 1]);
  expect(other.shown).not.toEqual(one.shown);
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

describe("what is sent of a slide", () => {
  const [wanted, other, film] = [100_000, 400_000, 1_000_000].map((length) => new Uint8Array(randomBytes(length)));
  const whole = zipped({
    "ppt/media/image1.png": wanted!,
    "ppt/media/image2.jpg": other!,
    "ppt/media/movie.mp4": film!,
  });

  it("for one picture is little more than that picture's bytes", async () => {
    const sending = { withTexts: false, only: [await sha256(wanted!)], pictures: new Map<string, Blob>() };
    const sent = await slim(whole, sending);
    expect(sent.length).toBeLessThan(1.2 * wanted!.length);
    const parts = unzipSync(sent);
    expect([parts["ppt/media/image1.png"]?.length, parts["ppt/media/image2.jpg"]?.length]).toEqual([100_000, 0]);
  });

  it("comes back into the slide as it is here: what was not sent stays", async () => {
    const sending = { withTexts: false, only: [await sha256(wanted!)], pictures: new Map<string, Blob>() };
    const answer = unzipSync(await slim(whole, sending));
    const sharp = new Uint8Array(randomBytes(500));
    answer["ppt/media/image1.png"] = sharp;
    const result = await rewritten(whole, zipSync(answer), sending);
    const parts = unzipSync(fromBase64(result.base64));
    expect(Buffer.compare(parts["ppt/media/image1.png"]!, sharp)).toBe(0);
    expect(Buffer.compare(parts["ppt/media/image2.jpg"]!, other!)).toBe(0);
    expect(Buffer.compare(parts["ppt/media/movie.mp4"]!, film!)).toBe(0);
  });

  it("to check it are all its pictures, and no film", async () => {
    const sent = await slim(whole, { withTexts: false, only: undefined, pictures: new Map() });
    expect(sent.length).toBeGreaterThan(500_000);
    expect(sent.length).toBeLessThan(1.2 * 500_000);
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
