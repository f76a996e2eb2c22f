// The cards on the page: texts are texts, buttons do what they say, the focus is not lost.
// @vitest-environment jsdom

import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Card, State } from "../../src/state/card";
import type { Suggestions } from "../../src/state/suggestions";
import { drawCards } from "../../src/views/cards";
import { NO_LOSSES } from "../../src/opc/losses";
import { warning } from "../../src/state/losses";

beforeEach(() => {
  document.body.innerHTML =
    '<h2 id="slide-title" tabindex="-1"></h2><div id="slide-state"></div><ul id="cards"></ul>';
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
      picture: { effective_ppi: 40 },
      placement: { alt_text: "<img src=x onerror=alert(1)>", crop: {}, effective_ppi: 40, shape_id: 3 },
    } as never,
    sharp: { jobId: "j", blob: new Blob(), picture: undefined },
    state,
    newSha256s: [],
    until: undefined,
    losses: NO_LOSSES,
    accepted: "",
    ...more,
  };
}

function shown(cards: Card[]): Suggestions & { apply: ReturnType<typeof vi.fn> } {
  return {
    cards,
    phase: "shown",
    asideCount: 0,
    slide: { number: 2 },
    isSelected: () => false,
    apply: vi.fn(),
    undo: vi.fn(),
  } as never;
}

const actions = { showOnSlide: vi.fn() };
const buttons = () => [...document.querySelectorAll("button")].map((each) => each.textContent);
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

  it("tells what would be lost before the click, and asks for a second one", () => {
    const losses = { ...NO_LOSSES, comments: 2, linksOut: true, linksIn: true, inCustomShow: true };
    const risky = card({ kind: "ready" }, { losses });
    drawCards(shown([risky]), actions);
    const words = document.querySelector(".warn")?.textContent ?? "";
    expect(words).toBe(
      "PowerPoint drops its 2 comments, its links to other slides, links from other slides to it " +
        "and its place in a custom show when the slide is replaced.",
    );
    expect(buttons()[0]).toBe("Enhance");
    risky.accepted = words;
    drawCards(shown([risky]), actions);
    expect(buttons()[0]).toBe("Enhance anyway");
    drawCards(shown([card({ kind: "applied", notes: [] }, { losses, accepted: words })]), actions);
    expect(buttons()[0]).toBe("Undo anyway");
  });

  it("asks again when there is more to lose than was read", () => {
    const losses = { ...NO_LOSSES, comments: 1 };
    const accepted = warning(losses);
    const risky = card({ kind: "ready" }, { losses: { ...losses, linksIn: true }, accepted });
    drawCards(shown([risky]), actions);
    expect(buttons()[0]).toBe("Enhance");
  });

  it("says that tags of other add-ins are kept, and asks for nothing", () => {
    drawCards(shown([card({ kind: "ready" }, { losses: { ...NO_LOSSES, tags: true } })]), actions);
    expect(document.body.textContent).toContain("Tags of other add-ins on this slide are kept.");
    expect(document.querySelector(".warn")).toBeNull();
  });

  it("says so where the file could not be looked at", () => {
    drawCards(shown([card({ kind: "ready" }, { losses: undefined })]), actions);
    expect(document.querySelector(".warn")?.textContent).toContain("could not look into this file");
  });

  it("applies what its button says", () => {
    const suggestions = shown([card({ kind: "ready" })]);
    drawCards(suggestions, actions);
    named("Enhance")?.click();
    expect(suggestions.apply).toHaveBeenCalledOnce();
  });
});

describe("the focus", () => {
  it("stays with the card while it works, and then stands on Undo", () => {
    const one = card({ kind: "ready" });
    drawCards(shown([one]), actions);
    named("Enhance")?.focus();
    one.state = { kind: "applying" };
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

it("a slide without blurred pictures says so", () => {
  drawCards(shown([]), actions);
  expect(document.body.textContent).toContain("Every picture on this slide is sharp enough.");
});
