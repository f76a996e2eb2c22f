// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { Deck } from "../deck/deck";
import { bytesOf } from "../base64";
import { codeOf, openPane, type Pane } from "./pane";

const deckOf = (pane: Pane): Deck => Deck.read(bytesOf(pane.app.save()));
const bytes = (pane: Pane): [string, Uint8Array][] => [...deckOf(pane).pkg.parts].sort();

/** Put an export of the first slide in its place, as the pane does, in three batches. */
async function replaceFirst(pane: Pane): Promise<void> {
  await pane.run(async (context) => {
    const slide = context.presentation.slides.getItemAt(0);
    const exported = slide.exportAsBase64();
    slide.load("id");
    await context.sync();
    context.presentation.insertSlidesFromBase64(exported.value, { targetSlideId: slide.id });
    await context.sync();
    context.presentation.slides.getItem(slide.id).delete();
    await context.sync();
  });
}

const write = { kind: "write", slide: 0, shape: "2", text: "Later" } as const;
const textOf = (pane: Pane): string =>
  new TextDecoder().decode(deckOf(pane).pkg.part(deckOf(pane).slides()[0]?.part ?? ""));

describe("Ctrl+Z", () => {
  it("takes all that the add-in wrote back in one step, ids too", async () => {
    const pane = await openPane();
    const [before, ids] = [bytes(pane), pane.app.report().slides];
    await replaceFirst(pane);
    expect(pane.app.report().slides).not.toEqual(ids);
    pane.app.undo();
    expect(pane.app.report().slides).toEqual(ids);
    expect(bytes(pane)).toEqual(before);
  });

  it("takes edits of a person back one by one", async () => {
    const pane = await openPane();
    const before = textOf(pane);
    await replaceFirst(pane);
    pane.app.do(write);
    pane.app.do({ ...write, text: "Later still" });
    pane.app.undo();
    expect(textOf(pane)).toContain("Later<");
    pane.app.undo();
    expect(textOf(pane)).not.toContain("Later");
    pane.app.undo();
    expect(textOf(pane)).toBe(before);
    pane.app.undo();
    expect(textOf(pane)).toBe(before);
  });

  it("never gives a slide's number to another slide", async () => {
    const pane = await openPane();
    await replaceFirst(pane);
    const [first] = pane.app.report().slides;
    pane.app.undo();
    await replaceFirst(pane);
    expect(pane.app.report().slides[0]).not.toBe(first);
  });
});

describe("a payload limit", () => {
  it("lets no export out and no slide in that is larger, and changes nothing", async () => {
    const pane = await openPane();
    const before = bytes(pane);
    pane.app.engine.payloadLimit = 5000;
    expect(await codeOf(replaceFirst(pane))).toBe("ResponsePayloadSizeLimitExceeded");
    const insert = pane.run(async (context) => {
      context.presentation.insertSlidesFromBase64("A".repeat(6000));
      await context.sync();
    });
    expect(await codeOf(insert)).toBe("RequestPayloadSizeLimitExceeded");
    expect(bytes(pane)).toEqual(before);
    pane.app.engine.payloadLimit = Infinity;
    expect(await codeOf(replaceFirst(pane))).toBe("no error");
  });
});
