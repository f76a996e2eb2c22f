// "This slide": one card per blurred picture.

import { comfort, loses, warning } from "../state/losses";
import { guarantee, nameOf, sentence, sizes } from "../state/pictures";
import type { Card } from "../state/card";
import type { Suggestions } from "../state/suggestions";
import { settings } from "../state/settings";
import { plural } from "../strings/words";
import { atShowSize, compare } from "./compare";
import { button, byId, dayWords, fill, h } from "./dom";

interface Drawn {
  element: HTMLElement;
  mark: string;
}

const drawn = new Map<Card, Drawn>();
const large = new WeakSet<Card>();

export interface Actions {
  showOnSlide: (card: Card) => void;
}

/** Draw all cards; those that did not change are left alone, so that no focus is lost. */
export function drawCards(suggestions: Suggestions, actions: Actions): void {
  const list = byId("cards");
  for (const [card, { element }] of drawn) {
    if (suggestions.cards.includes(card)) continue;
    moveFocusFrom(element);
    drawn.delete(card);
  }
  const elements = suggestions.cards.map((card) => draw(card, suggestions, actions));
  const same = elements.length === list.children.length && elements.every((e, i) => e === list.children[i]);
  if (!same) keepingFocus(() => list.replaceChildren(...elements));
  fill(byId("slide-state"), ...state(suggestions));
  byId("slide-title").textContent = title(suggestions);
}

function title(suggestions: Suggestions): string {
  const open = suggestions.cards.filter((card) => card.state.kind !== "applied").length;
  const number = suggestions.slide ? ` on slide ${suggestions.slide.number}` : "";
  if (open > 0) return `${plural(open, "blurred picture")}${number}`;
  return suggestions.slide ? `Slide ${suggestions.slide.number}` : "This slide";
}

function state(suggestions: Suggestions): (Node | false)[] {
  const { phase, cards } = suggestions;
  const check = () => void suggestions.check();
  if (phase === "failed") {
    return [h("p", { class: "bad" }, suggestions.problem), button("Try again", check)];
  }
  if (phase === "looking" && cards.length === 0) {
    return [h("p", { class: "busy" }, "Looking at this slide…")];
  }
  const aside = suggestions.asideCount;
  const recall =
    aside > 0 &&
    button(`Show ${plural(aside, "picture")} put aside`, () => void suggestions.recall(), "subtle");
  if (!settings().suggest) return [button("Check this slide", check, "primary"), recall];
  if (cards.length > 0) return [recall];
  if (phase !== "shown") return [];
  return [
    h(
      "div",
      { class: "empty" },
      h("p", {}, "Every picture on this slide is sharp enough."),
      h("p", { class: "soft" }, "Insert or select a picture, and it is looked at here."),
    ),
    recall,
  ];
}

function draw(card: Card, suggestions: Suggestions, actions: Actions): HTMLElement {
  const mark = JSON.stringify([
    card.state,
    card.sharp?.jobId,
    card.found?.placement,
    card.until,
    card.losses,
    card.accepted,
    suggestions.isSelected(card),
    large.has(card),
  ]);
  const known = drawn.get(card);
  if (known?.mark === mark) return known.element;
  const element = known?.element ?? h("li", { class: "card" });
  drawn.set(card, { element, mark });
  element.classList.toggle("selected", suggestions.isSelected(card));
  element.dataset.state = card.state.kind;
  keepingFocus(() => fill(element, ...content(card, suggestions, actions)));
  return element;
}

function content(card: Card, suggestions: Suggestions, actions: Actions): (Node | false)[] {
  const { found } = card;
  const name = found ? nameOf(found) : "Picture made sharp earlier";
  return [
    picture(card, name),
    h(
      "div",
      { class: "words" },
      h("h3", {}, name),
      found && card.state.kind !== "applied" && h("p", {}, sentence(found)),
      ...[sizes(card.sharp?.picture), guarantee(card.sharp?.picture)].map(
        (words) => words !== "" && h("p", { class: "soft" }, words),
      ),
      ...losses(card),
      ...stateWords(card),
    ),
    buttons(card, name, suggestions, actions),
  ];
}

function losses(card: Card): (Node | false)[] {
  // Where nothing is known, it is said once: before the first replacement.
  const isKnown = card.losses !== undefined || card.state.kind !== "applied";
  const words = isKnown ? warning(card.losses) : "";
  const kept = comfort(card.losses);
  return [words !== "" && h("p", { class: "warn" }, words), kept !== "" && h("p", { class: "soft" }, kept)];
}

function picture(card: Card, name: string): Node | false {
  if (card.found === undefined) return false;
  const show = large.has(card) ? atShowSize : compare;
  return show(card.found, card.sharp?.blob, name);
}

function stateWords(card: Card): Node[] {
  const { state } = card;
  if (state.kind === "preparing") return [h("p", { class: "busy" }, "Preparing the sharp picture…")];
  if (state.kind === "applying") return [h("p", { class: "busy" }, "Putting it on the slide…")];
  if (state.kind === "undoing") return [h("p", { class: "busy" }, "Taking it back…")];
  if (state.kind === "failed") return [h("p", { class: "bad" }, state.message)];
  if (state.kind !== "applied") return [];
  const until = card.until ? ` Undo works until ${dayWords(card.until)}.` : "";
  return [
    h("p", { class: "good" }, `Sharp on the slide.${until}`),
    ...state.notes.map((note) => h("p", { class: "warn" }, note)),
  ];
}

function buttons(card: Card, name: string, suggestions: Suggestions, actions: Actions): Node {
  const row = h("div", { class: "row", role: "group", "aria-label": name });
  const { kind } = card.state;
  const anyway = loses(card.losses) && card.accepted === warning(card.losses) ? " anyway" : "";
  if (kind === "applied" || kind === "undoing") {
    const undo = button(`Undo${anyway}`, () => void suggestions.undo(card), "secondary", {
      "data-action": "undo",
      "aria-disabled": String(kind === "undoing"), // it keeps the focus
    });
    row.append(undo);
  } else if (kind === "failed" && card.sharp === undefined) {
    row.append(button("Try again", () => suggestions.retry(card), "primary", { "data-action": "retry" }));
  } else {
    row.append(
      button(`Enhance${anyway}`, () => void suggestions.apply(card), "primary", {
        "data-action": "enhance",
        "aria-disabled": String(kind === "applying"),
      }),
    );
  }
  const isOpen = kind !== "applied" && kind !== "undoing";
  if (isOpen) {
    row.append(
      button("Not now", () => suggestions.dismiss(card, false), "secondary", { "data-action": "later" }),
    );
  }
  row.append(more(card, isOpen, suggestions, actions));
  return row;
}

/** The quiet ones, in a line of their own. */
function more(card: Card, isOpen: boolean, suggestions: Suggestions, actions: Actions): Node {
  const line = h("div", { class: "more" });
  if (isOpen) {
    line.append(
      button("Never for this picture", () => suggestions.dismiss(card, true), "subtle", {
        "data-action": "never",
      }),
    );
  }
  if (card.found) line.append(...views(card, suggestions, actions));
  return line;
}

function views(card: Card, suggestions: Suggestions, actions: Actions): Node[] {
  const isLarge = large.has(card);
  const toggle = () => {
    if (isLarge) large.delete(card);
    else large.add(card);
    drawCards(suggestions, actions);
  };
  return [
    button("Real size", toggle, "subtle", {
      "data-action": "size",
      title: "As large as in the show on this screen",
      "aria-pressed": isLarge ? "true" : "false",
    }),
    button("Locate", () => actions.showOnSlide(card), "subtle", {
      title: "Select it on the slide",
      "data-action": "show",
    }),
  ];
}

/** Redraw, then give the focus back to the button that does the same, or what came in its place. */
function keepingFocus(redraw: () => void): void {
  const focused = document.activeElement;
  const card = focused?.closest<HTMLElement>(".card") ?? undefined;
  const action = focused instanceof HTMLElement ? focused.dataset.action : undefined;
  redraw();
  if (card === undefined || document.activeElement === focused) return;
  const successor =
    card.querySelector<HTMLElement>(`[data-action="${action}"]:not(:disabled)`) ??
    card.querySelector<HTMLElement>("button:not(:disabled)");
  if (successor) successor.focus();
  else holdFocus(card);
}

/** While all buttons are at work the card itself holds the focus. */
function holdFocus(card: HTMLElement): void {
  card.tabIndex = -1;
  card.focus();
}

function moveFocusFrom(element: HTMLElement): void {
  if (element.contains(document.activeElement)) byId("slide-title").focus();
}
