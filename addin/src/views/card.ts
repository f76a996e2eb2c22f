// One card: the picture before and after, what is known of it, its buttons, its question.

import type { Card } from "../state/card";
import { DEAF_MS } from "../state/card-work";
import { guarantee, isOnlyEnlarged, nameOf, sentence, sizes } from "../state/pictures";
import type { Suggestions } from "../state/suggestions";
import { t, words } from "../strings/strings";
import { atShowSize, compare } from "./compare";
import { addressOf, button, h } from "./dom";
import { lossQuestion } from "./losses";

export interface Actions {
  showOnSlide: (card: Card) => void;
  /** Draw all cards again: one was opened or shown larger. */
  redraw: () => void;
}

export interface Form {
  /** There are many cards: each can be folded. */
  isCompact: boolean;
  /** This one is folded. */
  isRow: boolean;
}

const large = new WeakSet<Card>();
const opened = new WeakSet<Card>();

/** Whether a card of a compact list is unfolded: what asks or failed always is. */
export function isOpen(card: Card): boolean {
  return opened.has(card) || card.state.kind === "asking";
}

/** Changes with all that a card shows. */
export function markOf(card: Card): unknown {
  const { state, sharp, found, until, problem } = card;
  return [state, sharp?.jobId, found?.placement, until, problem, large.has(card)];
}

export function cardContent(
  card: Card,
  suggestions: Suggestions,
  actions: Actions,
  form: Form,
): (Node | false)[] {
  const name = nameOn(card);
  if (form.isRow) return [row(card, name, actions), ...stateWords(card), buttons(card, name, suggestions, actions, form)];
  const sharp = card.sharp?.picture;
  return [
    picture(card, name),
    h(
      "div",
      { class: "words" },
      h("h3", {}, name),
      card.found && card.state.kind !== "applied" && h("p", {}, words(sentence(card.found))),
      ...[sizes(sharp), guarantee(sharp)].map((each) => each && h("p", { class: "soft" }, words(each))),
      ...stateWords(card),
    ),
    card.state.kind === "asking"
      ? question(card, suggestions, actions)
      : buttons(card, name, suggestions, actions, form),
  ];
}

/** A folded card: a small picture and its name, which unfold it. */
function row(card: Card, name: string, actions: Actions): Node {
  const ppi = card.found?.placement.effective_ppi;
  const unfold = () => {
    opened.add(card);
    actions.redraw();
  };
  return h(
    "button",
    { type: "button", class: "fold", click: unfold, "aria-expanded": "false", "data-action": "fold" },
    card.found && h("img", { src: addressOf(card.found.blob), alt: "", decoding: "async" }),
    h("span", { class: "title" }, name),
    Boolean(ppi) && h("span", { class: "soft" }, t("picture.ppi", { ppi: Math.round(ppi ?? 0) })),
  );
}

function picture(card: Card, name: string): Node | false {
  if (card.found === undefined) return false;
  const show = large.has(card) ? atShowSize : compare;
  return show(card.found, card.sharp?.blob, name);
}

function stateWords({ state, sharp, until, problem }: Card): Node[] {
  if (state.kind === "preparing") return [h("p", { class: "busy" }, t("card.preparing"))];
  if (state.kind === "applying") return [h("p", { class: "busy" }, t(`step.${state.step}`))];
  if (state.kind === "undoing") return [h("p", { class: "busy" }, t(`undo.${state.step}`))];
  if (state.kind === "failed") return [h("p", { class: "bad" }, words(state.problem))];
  if (state.kind !== "applied") return [];
  const stands = t(isOnlyEnlarged(sharp?.picture) ? "card.enlarged" : "card.sharp");
  const limit = until ? ` ${t("card.until", { date: until })}` : "";
  return [
    h("p", { class: "good" }, `${stands}${limit}`),
    ...state.notes.map((note) => h("p", { class: "warn" }, words(note))),
    ...(problem ? [h("p", { class: "bad" }, words(problem))] : []),
  ];
}

/** In the place of the buttons, deaf for a moment: a double-click is no answer. */
function question(card: Card, { work }: Suggestions, actions: Actions): Node | false {
  const { state } = card;
  if (state.kind !== "asking") return false;
  const asked = state.question;
  const yes = button(t("ask.replace"), () => void work.confirm(card), "primary", { "data-action": "confirm", "aria-disabled": "true" });
  setTimeout(() => yes.setAttribute("aria-disabled", "false"), Math.max(0, state.sinceMs + DEAF_MS - Date.now()));
  return h(
    "div",
    { class: "question", role: "group", "aria-label": t("ask.said") },
    h("p", { class: "warn" }, asked.kind === "altered" ? t("ask.altered") : words(lossQuestion(asked.losses))),
    h(
      "div",
      { class: "row" },
      button(t("ask.keep"), () => work.decline(card), "secondary", { "data-action": "decline" }),
      yes,
      button(t("ask.show"), () => actions.showOnSlide(card), "subtle", { "data-action": "show" }),
    ),
  );
}

function buttons(card: Card, name: string, suggestions: Suggestions, actions: Actions, form: Form): Node {
  const { kind } = card.state;
  const isDone = kind === "applied" || kind === "undoing";
  const isBusy = kind === "applying" || kind === "undoing";
  return h(
    "div",
    { class: "row", role: "group", "aria-label": name },
    mainButton(card, suggestions),
    !isDone && !form.isRow &&
      button(t("card.later"), () => suggestions.dismiss(card, false), "secondary", {
        "data-action": "later",
        "aria-disabled": String(isBusy),
      }),
    !form.isRow && more(card, isDone, isBusy, suggestions, actions, form),
  );
}

function mainButton(card: Card, suggestions: Suggestions): Node {
  const { kind } = card.state;
  const { work } = suggestions;
  if (kind === "applied" || kind === "undoing") {
    return button(t("card.undo"), () => void work.undo(card), "secondary", {
      "data-action": "undo",
      "aria-disabled": String(kind === "undoing"), // it keeps the focus
    });
  }
  if (kind === "failed" && card.sharp === undefined) {
    return button(t("card.retry"), () => suggestions.retry(card), "primary", { "data-action": "retry" });
  }
  return button(t("card.enhance"), () => void work.apply(card), "primary", {
    "data-action": "enhance",
    "aria-disabled": String(kind === "applying"),
  });
}

/** The quiet ones, in a line of their own. */
function more(
  card: Card,
  isDone: boolean,
  isBusy: boolean,
  suggestions: Suggestions,
  actions: Actions,
  form: Form,
): Node {
  const fold = () => {
    opened.delete(card);
    actions.redraw();
  };
  return h(
    "div",
    { class: "more" },
    !isDone &&
      button(t("card.never"), () => suggestions.dismiss(card, true), "subtle", {
        "data-action": "never",
        "aria-disabled": String(isBusy),
      }),
    ...(card.found ? views(card, actions) : []),
    form.isCompact && button("▴", fold, "subtle", { "data-action": "fold", "aria-expanded": "true", "aria-label": nameOn(card) }),
  );
}

function nameOn({ found, name }: Card): string {
  if (found) return words(nameOf(found));
  return name ? words(name) : t("card.earlier");
}

function views(card: Card, actions: Actions): Node[] {
  const isLarge = large.has(card);
  const toggle = () => {
    if (isLarge) large.delete(card);
    else large.add(card);
    actions.redraw();
  };
  return [
    button(t("card.size"), toggle, "subtle", {
      "data-action": "size",
      title: t("card.size_hint"),
      "aria-pressed": isLarge ? "true" : "false",
    }),
    button(t("card.locate"), () => actions.showOnSlide(card), "subtle", {
      title: t("card.locate_hint"),
      "data-action": "show",
    }),
  ];
}
