// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { base64, bytesOf } from "../base64";
import { Deck } from "../deck/deck";
import { packageProblems } from "../opc/check";
import { Package } from "../opc/package";
import { codeOf, openPane, type Pane } from "./pane";
import { CREATION_ID, smallDeck, smallPackage } from "./small-deck";

async function exported(pane: Pane, at: number): Promise<string> {
  return pane.run(async (context) => {
    const result = context.presentation.slides.getItemAt(at).exportAsBase64();
    await context.sync();
    return result.value;
  });
}

async function insert(
  pane: Pane,
  deck: string,
  options?: PowerPoint.InsertSlideOptions,
): Promise<void> {
  await pane.run(async (context) => {
    context.presentation.insertSlidesFromBase64(deck, options);
    await context.sync();
  });
}

function deckOf(pane: Pane): Deck {
  return Deck.read(bytesOf(pane.app.save()));
}

describe("an exported slide", () => {
  it("is a sound presentation of one slide", async () => {
    const pane = await openPane();
    for (const at of [0, 1, 2]) {
      const bytes = bytesOf(await exported(pane, at));
      expect(packageProblems(bytes)).toEqual([]);
      const deck = Deck.read(bytes);
      expect(deck.slides().map((slide) => slide.part)).toEqual(["ppt/slides/slide1.xml"]);
      expect(deck.layouts("ppt/slideMasters/slideMaster1.xml")).toHaveLength(2);
    }
  });

  it("keeps its ids and the bytes of its picture", async () => {
    const deck = Deck.read(bytesOf(await exported(await openPane(), 0)));
    expect(deck.slides().map((slide) => deck.idOf(slide))).toEqual([`256#${CREATION_ID}`]);
    const media = "ppt/media/image1.png";
    expect(deck.pkg.part(media)).toEqual(smallPackage().part(media));
  });

  it("has lost its tags, its modern comments and its jumps, and nothing is left of them", async () => {
    const pane = await openPane();
    const first = Deck.read(bytesOf(await exported(pane, 0))).pkg;
    const text = new TextDecoder().decode(first.part("ppt/slides/slide1.xml"));
    expect(text).not.toMatch(/custDataLst|commentRel/);
    expect(text).toContain(CREATION_ID);
    expect([...first.parts.keys()].filter((name) => /tag|omment/.test(name))).toEqual([]);
    const second = Deck.read(bytesOf(await exported(pane, 1))).pkg;
    expect(new TextDecoder().decode(second.part("ppt/slides/slide1.xml"))).toMatch(
      /hlinkClick r:id="" action="ppaction:\/\/hlinksldjump"/,
    );
  });

  it("comes with others in one file where PowerPoint can", async () => {
    const pane = await openPane("web-1.10");
    const both = await pane.run(async (context) => {
      const result = context.presentation.slides.exportAsBase64Presentation(["300#", "256#"]);
      await context.sync();
      return result.value;
    });
    expect(packageProblems(bytesOf(both))).toEqual([]);
    const deck = Deck.read(bytesOf(both));
    expect(deck.slides().map((slide) => slide.number)).toEqual([300, 256]);
  });
});

describe("an inserted slide", () => {
  it("comes after its target with a new id, its own shapes and the deck's own layout", async () => {
    const pane = await openPane();
    await insert(pane, await exported(pane, 0), {
      targetSlideId: `256#${CREATION_ID}`,
      formatting: "UseDestinationTheme",
    });
    const deck = deckOf(pane);
    const [old, made, third] = deck.slides();
    expect([old?.number, made?.number, third?.number]).toEqual([256, 301, 257]);
    expect(made && deck.idOf(made)).not.toContain(CREATION_ID);
    expect(made && deck.layoutOf(made)).toBe("ppt/slideLayouts/slideLayout1.xml");
    expect(deck.masters()).toHaveLength(1);
    expect(packageProblems(bytesOf(pane.app.save()))).toEqual([]);
    const ids = await pane.run(async (context) => {
      const { shapes } = context.presentation.slides.getItemAt(1);
      shapes.load("items/id");
      await context.sync();
      return shapes.items.map((shape) => shape.id);
    });
    expect(ids).toEqual(["2", "3"]);
  });

  it("shares the picture that the deck has already", async () => {
    const pane = await openPane();
    await insert(pane, await exported(pane, 0), { formatting: "UseDestinationTheme" });
    const media = [...deckOf(pane).pkg.parts.keys()].filter((name) => name.includes("/media/"));
    expect(media).toEqual(["ppt/media/image1.png"]);
  });

  it("comes first without a target, and enters the section of its target", async () => {
    const pane = await openPane();
    const slide = await exported(pane, 2);
    await insert(pane, slide, { targetSlideId: "300#", formatting: "UseDestinationTheme" });
    await insert(pane, slide, { formatting: "UseDestinationTheme" });
    expect(deckOf(pane).slides().map((one) => one.number)).toEqual([302, 256, 257, 300, 301]);
    const main = new TextDecoder().decode(deckOf(pane).pkg.part("ppt/presentation.xml"));
    expect(main).toMatch(/name="Two".*<p14:sldId id="300"\/><p14:sldId id="301"\/>/);
  });

  it("brings its design along when it shall keep it", async () => {
    const pane = await openPane();
    await insert(pane, await exported(pane, 0), { formatting: "KeepSourceFormatting" });
    expect(deckOf(pane).masters()).toHaveLength(2);
    expect(packageProblems(bytesOf(pane.app.save()))).toEqual([]);
  });

  it("can be chosen by its id among the slides of a file", async () => {
    const pane = await openPane();
    await insert(pane, smallDeck(), {
      sourceSlideIds: ["257#"],
      formatting: "UseDestinationTheme",
    });
    expect(pane.app.report().slides).toHaveLength(4);
  });

  it("is refused without a trace where the target is unknown or the file is damaged", async () => {
    const pane = await openPane();
    const slide = await exported(pane, 0);
    expect(await codeOf(insert(pane, slide, { targetSlideId: "999#" }))).toBe("SlideNotFound");
    const spoilt = Package.read(bytesOf(slide));
    spoilt.parts.delete("ppt/media/image1.png");
    expect(await codeOf(insert(pane, base64(spoilt.write())))).toBe("InvalidArgument");
    expect(await codeOf(insert(pane, `data:application/zip;base64,${slide}`))).toBe(
      "InvalidArgument",
    );
    expect(pane.app.report().slides).toHaveLength(3);
    expect(pane.app.report().refusals).toEqual([
      ["ppt/slides/slide1.xml points to nothing: ppt/media/image1.png"],
    ]);
  });
});

describe("a deleted slide", () => {
  it("goes with all that only it needed, and links to it lead nowhere", async () => {
    const pane = await openPane();
    await pane.run((context) => {
      context.presentation.slides.getItemAt(0).delete();
      return Promise.resolve();
    });
    const deck = deckOf(pane);
    expect(packageProblems(bytesOf(pane.app.save()))).toEqual([]);
    expect([...deck.pkg.parts.keys()]).not.toContain("ppt/tags/tag1.xml");
    expect([...deck.pkg.parts.keys()]).toContain("ppt/media/image1.png");
    expect(pane.app.report().selection.slides).toEqual([257]);
  });

  it("does not give its number to the next one", async () => {
    const pane = await openPane();
    const slide = await exported(pane, 2);
    await insert(pane, slide, { targetSlideId: "300#" });
    await pane.run(async (context) => {
      context.presentation.slides.getItem("301#").delete();
      await context.sync();
    });
    await insert(pane, slide, { targetSlideId: "300#" });
    expect(pane.app.report().slides).toEqual([`256#${CREATION_ID}`, "257#0", "300#0", "302#0"]);
  });
});
