// The cards on the page: texts are texts, buttons do what they say, the focus is not lost.
// @vitest-environment jsdom

import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Card, State } from "../../src/state/card";
import type { Suggestions } from "../../src/state/suggestions";
import { reasonOf } from "../../src/state/problems";
import { message } from "../../src/strings/message";
import { drawCards } from "../../src/views/cards";
import { NO_LOSSES } from "../../src/opc/losses";

beforeEach(() => {
  document.body.innerHTML =
    '<h2 id="slide-title" tabindex="-1"></h2><div id="slide-state"></div><ul id="cards"></ul><div id="slide-rest"></div>';
  URL.createObjectURL = () => "blob:test";
});

function card(state: State, more: Partial<Card> = {}): Card {
  return {
    key: "k",
    slideId: "256#1",
    found: {
      sha256: "k",
      blob: new Blob(),
      scale: 4,
      slideWidthIn: 10,
      screenWidthIn: 13.333,
      picture: { effective_ppi: 40 },
      placement: { alt_text: "<img src=x onerror=alert(1)>", crop: {}, effective_ppi: 40, shape_id: 3 },
    } as never,
    name: undefined,
    sharp: { jobId: "j", blob: new Blob(), picture: undefined },
    state,
    newSha256s: [],
    until: undefined,
    problem: undefined,
    agreed: undefined,
    acceptsAltered: false,
    ...more,
  };
}

function shown(cards: Card[], more: object = {}): Suggestions {
  return {
    cards,
    phase: "shown",
    asideCount: 0,
    slide: { number: 2 },
    isSelected: () => false,
    leftAlone: [],
    waiting: [],
    work: { apply: vi.fn(), undo: vi.fn(), confirm: vi.fn(), decline: vi.fn(), applyAll: vi.fn() },
    ...more,
  } as never;
}

const actions = { showOnSlide: vi.fn(), redraw: vi.fn() };
const buttons = () => [...document.querySelectorAll("#cards button")].map((each) => each.textContent);
const named = (words: string) =>
  [...document.querySelectorAll("button")].find((each) => each.textContent === words);

describe("a card", () => {
  it("shows what the deck says as text, whatever it is", () => {
    drawCards(shown([card({ kind: "ready" })]), actions);
    expect(document.querySelector("h3")?.textContent).toBe("<img src=x onerror=alert(1)>");
    expect(document.querySelectorAll("img[onerror]").length).toBe(0);
  });

  it("offers to enhance, to wait, and never to ask again", () => {
    drawCards(shown([card({ kind: "ready" })]), actions);
    expect(buttons()).toEqual(["Enhance", "Not now", "Never for this picture", "Real size", "Locate"]);
  });

  it("offers the way back once it is done", () => {
    drawCards(shown([card({ kind: "applied", notes: [] })]), actions);
    expect(buttons()[0]).toBe("Undo");
    expect(document.body.textContent).toContain("Sharp on the slide");
  });

  const asking = (more: object, undo = false): State => ({
    kind: "asking",
    question: { kind: "losses", losses: { ...NO_LOSSES, ...more } },
    undo,
    sinceMs: Date.now(),
  });

  it("asks in the place of its buttons, in words that name the slide, and what would be lost", () => {
    const losses = { comments: 2, linksOut: true, linksIn: true, inCustomShow: true };
    drawCards(shown([card(asking(losses))]), actions);
    expect(document.querySelector(".warn")?.textContent).toBe(
      "This replaces the slide. PowerPoint then drops its 2 comments, its links to other slides, " +
        "links to it from other slides or layouts, and its place in a custom show.",
    );
    expect(buttons()).toEqual(["Leave it as it is", "Replace the slide", "Show the slide"]);
  });

  it("is deaf to a double-click: what agrees stands elsewhere, and is quiet for half a second", () => {
    vi.useFakeTimers();
    drawCards(shown([card(asking({ comments: 1 }))]), actions);
    expect(named("Replace the slide")?.getAttribute("aria-disabled")).toBe("true");
    vi.advanceTimersByTime(500);
    expect(named("Replace the slide")?.getAttribute("aria-disabled")).toBe("false");
    vi.useRealTimers();
  });

  it("says so where the file could not be looked at", () => {
    const question = { kind: "losses", losses: undefined } as const;
    drawCards(shown([card({ kind: "asking", question, undo: false, sinceMs: 0 })]), actions);
    expect(document.querySelector(".warn")?.textContent).toContain("could not look into this file");
  });

  it("is quiet while its picture is being put on the slide", () => {
    drawCards(shown([card({ kind: "applying", step: "replacing" })]), actions);
    for (const name of ["Enhance", "Not now", "Never for this picture"]) {
      expect(named(name)?.getAttribute("aria-disabled")).toBe("true");
    }
  });

  it("applies what its button says", () => {
    const suggestions = shown([card({ kind: "ready" })]);
    drawCards(suggestions, actions);
    named("Enhance")?.click();
    expect(suggestions.work.apply).toHaveBeenCalledOnce();
  });
});

describe("the focus", () => {
  it("stays with the card while it works, and then stands on Undo", () => {
    const one = card({ kind: "ready" });
    drawCards(shown([one]), actions);
    named("Enhance")?.focus();
    one.state = { kind: "applying", step: "server" };
    drawCards(shown([one]), actions);
    expect(document.activeElement?.closest(".card")).not.toBeNull();
    one.state = { kind: "applied", notes: [] };
    drawCards(shown([one]), actions);
    expect(document.activeElement?.textContent).toBe("Undo");
  });

  it("goes to the title when its card goes", () => {
    const one = card({ kind: "ready" });
    drawCards(shown([one]), actions);
    named("Not now")?.focus();
    drawCards(shown([]), actions);
    expect(document.activeElement?.id).toBe("slide-title");
  });
});

const left = (code: string) => ({ name: message("picture.unnamed"), reason: reasonOf(code), code });

describe("pictures that are left alone", () => {
  it("are listed with their reason, and what may look blurred is not called sharp", () => {
    drawCards(shown([], { leftAlone: [left("tile_fill"), left("already_sharp")] }), actions);
    expect(document.body.textContent).not.toContain("sharp enough.");
    expect([...document.querySelectorAll("details li")].map((each) => each.textContent)).toEqual([
      "Picture: repeated as a tile",
      "Picture: sharp enough at the size shown",
    ]);
  });

  it("on a layout have the one road that there is", () => {
    drawCards(shown([], { leftAlone: [left("layout_or_master")] }), actions);
    expect(document.querySelector("details a")?.textContent).toBe("open the Crispdeck page");
  });
});

describe("many cards", () => {
  it("are rows from three on, each with its button, and one button for all", () => {
    const many = ["a", "b", "c"].map((key) => card({ kind: "ready" }, { key }));
    const suggestions = shown(many, { waiting: many });
    drawCards(suggestions, actions);
    expect(document.querySelectorAll(".card.compact")).toHaveLength(3);
    named("Enhance all 3 pictures")?.click();
    expect(suggestions.work.applyAll).toHaveBeenCalledWith(many);
  });
});

it("a slide without pictures says so", () => {
  drawCards(shown([]), actions);
  expect(document.body.textContent).toContain("There are no pictures on this slide.");
});

it("a slide without blurred pictures says so", () => {
  drawCards(shown([], { leftAlone: [left("already_sharp")] }), actions);
  expect(document.body.textContent).toContain("Every picture on this slide is sharp enough.");
});
