// "Whole deck" on the page: the list, its filter and its boxes, and what a slide would lose.
// @vitest-environment jsdom

import { beforeEach, describe, expect, it } from "vitest";
import { NO_LOSSES } from "../../src/opc/losses";
import type { Known } from "../../src/state/losses";
import { message } from "../../src/strings/message";
import { drawDeck } from "../../src/views/deck-view";
import type { Item, WholeDeck } from "../../src/state/whole-deck";

beforeEach(() => {
  document.body.innerHTML = '<section id="deck"></section>';
  URL.createObjectURL = () => "blob:test";
});

function item(slideNumber: number, losses: Known = NO_LOSSES, more: Partial<Item> = {}): Item {
  return {
    key: String(slideNumber),
    slideId: `${255 + slideNumber}#1`,
    slideNumber,
    found: {
      blob: new Blob(),
      picture: { effective_ppi: 40 },
      placement: { alt_text: slideNumber === 12 ? "A lake" : "A chart" },
    } as never,
    chosen: true,
    state: "found",
    isOnlyEnlarged: false,
    notes: [],
    losses,
    ...more,
  };
}

function deck(items: Item[]): WholeDeck {
  return {
    phase: "scanned",
    isBusy: false,
    summary: [message("deck.stopped")],
    undoCount: 0,
    items,
    chosen: items.filter((each) => each.chosen),
    isUnchecked: items.some((each) => each.losses === undefined),
  } as never;
}

const rows = () => [...document.querySelectorAll(".item .title")].map((each) => each.textContent);
const notes = () => [...document.querySelectorAll(".item .note")].map((each) => each.textContent);

describe("the filter", () => {
  it.each([
    ["12", ["Slide 12: A lake"]],
    ["lake", ["Slide 12: A lake"]],
    ["chart", [1, 2, 3, 4, 5].map((number) => `Slide ${number}: A chart`)],
    ["nothing like it", []],
  ])("by %s shows what fits, and its box ticks nothing else", (words, expected) => {
    const shown = deck([1, 2, 3, 4, 5, 12].map((number) => item(number)));
    drawDeck(shown);
    const field = document.querySelector<HTMLInputElement>("#deck-filter");
    if (field === null) throw new Error("no filter");
    field.value = words;
    field.dispatchEvent(new Event("input"));
    expect(rows()).toEqual(expected);
    document.querySelector<HTMLInputElement>("#deck-all")?.click();
    const left = shown.items.filter((each) => each.chosen).length;
    expect(left).toBe(6 - expected.length);
    field.value = "";
    field.dispatchEvent(new Event("input"));
  });
});

describe("a row", () => {
  it("does not call sharp what was only enlarged", () => {
    drawDeck(deck([item(1, NO_LOSSES, { state: "sharp" }), item(2, NO_LOSSES, { state: "sharp", isOnlyEnlarged: true })]));
    const states = [...document.querySelectorAll(".item .state")].map((each) => each.textContent);
    expect(states).toEqual(["Sharp", "Only enlarged"]);
  });

  it("says what its slide would lose, until it is done", () => {
    const losses = { ...NO_LOSSES, linksIn: true };
    drawDeck(deck([item(1, losses), item(2), item(3, losses, { state: "sharp" })]));
    expect(notes()).toEqual(["Replacing the slide drops links to it from other slides or layouts."]);
  });
});

it("where the file could not be looked at, that is said once", () => {
  drawDeck(deck([item(1, NO_LOSSES, { losses: undefined }), item(2, NO_LOSSES, { losses: undefined })]));
  expect(document.querySelectorAll(".warn")).toHaveLength(1);
  expect(document.querySelector(".warn")?.textContent).toContain("could not look into this file");
});
