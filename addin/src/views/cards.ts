// The tab of the slide in view: one card per blurred picture, a compact list from three on, and what is left alone.

import { pageAddress } from "../server/api";
import type { Card } from "../state/card";
import { isSharp } from "../state/pictures";
import { settings } from "../state/settings";
import type { Suggestions } from "../state/suggestions";
import { t, words } from "../strings/strings";
import { type Actions, cardContent, isOpen, markOf } from "./card";
import { button, byId, fill, h, joinedAround } from "./dom";

interface Drawn {
  element: HTMLElement;
  mark: string;
}

const drawn = new Map<Card, Drawn>();
// From here on cards are rows that open: six of them would be 2,300 px of scrolling.
const COMPACT_FROM = 3;

/** Draw all cards; those that did not change are left alone, so that no focus is lost. */
export function drawCards(suggestions: Suggestions, actions: Actions): void {
  const list = byId("cards");
  for (const [card, { element }] of drawn) {
    if (suggestions.cards.includes(card)) continue;
    moveFocusFrom(element);
    drawn.delete(card);
  }
  const isCompact = suggestions.cards.length >= COMPACT_FROM;
  const elements = suggestions.cards.map((card) => draw(card, suggestions, actions, isCompact));
  const same = elements.length === list.children.length && elements.every((e, i) => e === list.children[i]);
  if (!same) keepingFocus(() => list.replaceChildren(...elements));
  list.hidden = elements.length === 0;
  list.setAttribute("aria-label", t("slide.cards"));
  keepingFocusById(byId("slide-state"), () => fill(byId("slide-state"), ...state(suggestions)));
  keepingFocusById(byId("slide-rest"), () => fill(byId("slide-rest"), ...rest(suggestions)));
  byId("slide-title").textContent = title(suggestions);
}

function title({ cards, slide }: Suggestions): string {
  const open = cards.filter((card) => card.state.kind !== "applied").length;
  if (slide === undefined) return t("slide.none");
  return open > 0 ? t("slide.blurred", { count: open, number: slide.number }) : t("slide.title", { number: slide.number });
}

/** Above the cards: what is going on, and what concerns all of them. */
function state(suggestions: Suggestions): (Node | false)[] {
  const { phase, cards, problem, waiting } = suggestions;
  const check = () => void suggestions.check();
  return [
    twice(suggestions),
    problem !== undefined && h("p", { class: "bad" }, words(problem)),
    phase === "failed" && h("div", { class: "row actions" }, button(t("slide.retry"), check, "secondary", { id: "slide-retry" })),
    phase === "looking" && cards.length === 0 && h("p", { class: "busy" }, t("slide.looking")),
    phase === "idle" && !settings().suggest && button(t("slide.check"), check, "primary", { id: "slide-check" }),
    waiting.length > 1 &&
      h(
        "div",
        { class: "row actions" },
        button(t("slide.all", { count: waiting.length }), () => void suggestions.work.applyAll(waiting), "primary", { id: "slide-all" }),
      ),
  ];
}

function twice(suggestions: Suggestions): Node | false {
  const { duplicate } = suggestions;
  if (duplicate === undefined) return false;
  const { oldNumber, newNumber } = duplicate;
  const choice = (keep: "old" | "new" | "both", kind: "primary" | "secondary" | "subtle") =>
    button(t(`twice.keep_${keep}`), () => void suggestions.settle(keep), kind, { id: `twice-${keep}` });
  return h(
    "div",
    { class: "question", role: "group", "aria-label": t("twice.title") },
    h("h3", {}, t("twice.title")),
    h("p", {}, t("twice.text", { oldNumber, newNumber })),
    h("div", { class: "row" }, choice("old", "secondary"), choice("new", "secondary"), choice("both", "subtle")),
  );
}

/** Below the cards: nothing to do, what is left alone, and the quiet buttons. */
function rest(suggestions: Suggestions): (Node | false)[] {
  const { phase, cards, asideCount } = suggestions;
  if (phase !== "shown") return [];
  const recall = () => void suggestions.recall();
  return [
    cards.length === 0 && empty(suggestions),
    leftAlone(suggestions),
    h(
      "div",
      { class: "row quiet" },
      button(t("slide.again"), () => void suggestions.check(), "subtle", { id: "slide-again" }),
      asideCount > 0 && button(t("slide.aside", { count: asideCount }), recall, "subtle", { id: "slide-aside" }),
    ),
  ];
}

function empty({ leftAlone: left, asideCount }: Suggestions): Node {
  const isSharpAll = left.every(isSharp) && asideCount === 0;
  const key = left.length + asideCount === 0 ? "slide.empty" : isSharpAll ? "slide.sharp" : "slide.left";
  return h("div", { class: "empty" }, h("p", {}, t(key)), h("p", { class: "soft" }, t("slide.invite")));
}

let isLeftOpen = false;

function leftAlone({ leftAlone: left }: Suggestions): Node | false {
  if (left.length === 0) return false;
  const isOnLayout = left.some(({ code }) => code === "layout_or_master");
  const page = h("a", { href: pageAddress(), target: "_blank", rel: "noreferrer" }, t("left.page"));
  const details = h(
    "details",
    { id: "left-alone", open: isLeftOpen },
    h("summary", { id: "left-title" }, t("left.title", { count: left.length })),
    h("ul", {}, ...left.map(({ name, reason }) => h("li", {}, t("left.row", { name, reason })))),
    isOnLayout && h("p", { class: "soft" }, ...joinedAround("left.layout", "page", page)),
  );
  details.addEventListener("toggle", () => (isLeftOpen = details.open));
  return details;
}

function draw(card: Card, suggestions: Suggestions, actions: Actions, isCompact: boolean): HTMLElement {
  const isSelected = suggestions.isSelected(card);
  const isRow = isCompact && !isOpen(card);
  const mark = JSON.stringify([markOf(card), isSelected, isRow]);
  const known = drawn.get(card);
  if (known?.mark === mark) return known.element;
  const element = known?.element ?? h("li", { class: "card" });
  drawn.set(card, { element, mark });
  element.classList.toggle("selected", isSelected);
  element.classList.toggle("compact", isRow);
  element.dataset.state = card.state.kind;
  keepingFocus(() => fill(element, ...cardContent(card, suggestions, actions, { isCompact, isRow })));
  return element;
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

function keepingFocusById(section: HTMLElement, redraw: () => void): void {
  const focused = document.activeElement;
  const had = focused !== null && section.contains(focused);
  redraw();
  if (!had) return;
  const same = focused.id ? section.querySelector<HTMLElement>(`#${CSS.escape(focused.id)}`) : null;
  (same ?? byId("slide-title")).focus();
}

/** While all buttons are at work the card itself holds the focus. */
function holdFocus(card: HTMLElement): void {
  card.tabIndex = -1;
  card.focus();
}

function moveFocusFrom(element: HTMLElement): void {
  if (element.contains(document.activeElement)) byId("slide-title").focus();
}
