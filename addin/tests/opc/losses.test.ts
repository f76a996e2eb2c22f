// What the whole file shows of slides that would lose something by being replaced.
// @vitest-environment jsdom

import { strToU8, zipSync, type Zippable } from "fflate";
import { describe, expect, it } from "vitest";
import { lossesBySlide, NO_LOSSES } from "../../src/opc/losses";
import { bytesOf } from "../fake-host/base64";
import { smallDeck } from "../fake-host/unit/small-deck";

const R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships";
const MODERN = "http://schemas.microsoft.com/office/2018/10/relationships/comments";

type Arrow = [id: string, type: string, target: string];

const rels = (...arrows: Arrow[]) =>
  strToU8(
    `<Relationships>${arrows
      .map(([id, type, target]) => `<Relationship Target="${target}" Type="${type}" Id="${id}"/>`)
      .join("")}</Relationships>`,
  );

/** Slides 256, 257 and 300 in the parts slide7, slide1 and slide2. */
function deck(arrows: Record<string, Arrow[]>, more: { shows?: string; parts?: Zippable } = {}): Uint8Array {
  const slides = Object.entries(arrows).map(([name, all]): [string, Uint8Array] => [
    `ppt/slides/_rels/${name}.xml.rels`,
    rels(...all),
  ]);
  return zipSync({
    "ppt/presentation.xml": strToU8(
      '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="rId2"/><p:sldId id="257" r:id="rId3"/>' +
        `<p:sldId id="300" r:id="rId4"/></p:sldIdLst>${more.shows ?? ""}<p:extLst><p14:sectionLst>` +
        '<p14:section><p14:sldIdLst><p14:sldId id="256"/></p14:sldIdLst></p14:section></p14:sectionLst>' +
        "</p:extLst></p:presentation>",
    ),
    "ppt/_rels/presentation.xml.rels": rels(
      ["rId2", `${R}/slide`, "slides/slide7.xml"],
      ["rId3", `${R}/slide`, "/ppt/slides/slide1.xml"],
      ["rId4", `${R}/slide`, "slides/slide2.xml"],
    ),
    ...Object.fromEntries(slides),
    ...more.parts,
  });
}

const none = { 256: NO_LOSSES, 257: NO_LOSSES, 300: NO_LOSSES };

describe("what a slide would lose", () => {
  it("is nothing where it has layout, notes, pictures and links to the web", () => {
    const usual: Arrow[] = [
      ["rId1", `${R}/slideLayout`, "../slideLayouts/slideLayout2.xml"],
      ["rId2", `${R}/notesSlide`, "../notesSlides/notesSlide1.xml"],
      ["rId3", `${R}/image`, "../media/image1.png"],
      ["rId4", `${R}/hyperlink`, "https://example.com/slide"],
    ];
    expect(lossesBySlide(deck({ slide7: usual, slide1: usual, slide2: usual }))).toEqual(none);
  });

  it.each([R, STRICT])("is a link to another slide, and that one the link to it", (namespace) => {
    expect(lossesBySlide(deck({ slide7: [["rId1", `${namespace}/slide`, "slide2.xml"]] }))).toEqual({
      ...none,
      256: { ...NO_LOSSES, linksOut: true },
      300: { ...NO_LOSSES, linksIn: true },
    });
  });

  it("is a link to itself, which nobody else has", () => {
    expect(lossesBySlide(deck({ slide1: [["rId1", `${R}/slide`, "../slides/slide1.xml"]] }))).toEqual({
      ...none,
      257: { ...NO_LOSSES, linksOut: true },
    });
  });

  it.each(["slideLayouts/slideLayout1", "slideMasters/slideMaster1", "notesSlides/notesSlide1"])(
    "is a link to it from %s",
    (name) => {
      const [folder, file] = name.split("/");
      const own: Arrow[] = folder === "notesSlides" ? [["rId1", `${R}/slide`, "../slides/slide1.xml"]] : [];
      const parts = { [`ppt/${folder}/_rels/${file}.xml.rels`]: rels(...own, ["rId9", `${R}/slide`, "../slides/slide7.xml"]) };
      expect(lossesBySlide(deck({}, { parts }))).toEqual({ ...none, 256: { ...NO_LOSSES, linksIn: true } });
    },
  );

  it("is its place in a custom show", () => {
    const shows =
      '<p:custShowLst><p:custShow name="Short" id="0"><p:sldLst><p:sld r:id="rId4"/></p:sldLst>' +
      "</p:custShow></p:custShowLst>";
    expect(lossesBySlide(deck({}, { shows }))).toEqual({
      ...none,
      300: { ...NO_LOSSES, inCustomShow: true },
    });
  });

  it("is every modern comment, its answers not counted", () => {
    const xml = '<p188:cmLst><p188:cm id="{1}"><p188:reply/></p188:cm><p188:cm id="{2}"/></p188:cmLst>';
    const parts = { "ppt/comments/c1.xml": strToU8(xml) };
    const found = lossesBySlide(deck({ slide7: [["rId1", MODERN, "../comments/c1.xml"]] }, { parts }));
    expect(found).toEqual({ ...none, 256: { ...NO_LOSSES, comments: 2 } });
  });

  it("is every old comment", () => {
    const xml = '<p:cmLst><p:cm authorId="0"><p:text>Hm</p:text></p:cm></p:cmLst>';
    const parts = { "ppt/comments/c1.xml": strToU8(xml) };
    const arrow: Arrow = ["rId1", `${R}/comments`, "/ppt/comments/c1.xml"];
    const found = lossesBySlide(deck({ slide1: [arrow] }, { parts }));
    expect(found).toEqual({ ...none, 257: { ...NO_LOSSES, comments: 1 } });
  });

  it("is told of tags too, though they come back", () => {
    const found = lossesBySlide(deck({ slide2: [["rId1", `${R}/tags`, "../tags/tag1.xml"]] }));
    expect(found).toEqual({ ...none, 300: { ...NO_LOSSES, tags: true } });
  });
});

it("the host of the tests has a deck with each of them", () => {
  expect(Object.values(lossesBySlide(bytesOf(smallDeck())))).toEqual([
    { comments: 1, linksOut: false, linksIn: true, inCustomShow: false, tags: true },
    { comments: 0, linksOut: true, linksIn: false, inCustomShow: false, tags: false },
    NO_LOSSES,
  ]);
});

it("a file that is no zip is refused", () => {
  expect(() => lossesBySlide(strToU8("not a zip"))).toThrow();
});
