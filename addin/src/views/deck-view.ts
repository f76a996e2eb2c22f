// "Whole deck": one list, one button, one summary.

import { loses } from "../state/losses";
import { nameOf } from "../state/pictures";
import type { Item, WholeDeck } from "../state/whole-deck";
import type { Key } from "../strings/message";
import { t, words } from "../strings/strings";
import { addressOf, button, byId, fill, h, redrawn } from "./dom";
import { lossNote } from "./losses";
import { progress, pickRow, selectAll } from "./list";

let filter = "";

/** Draw what the deck holds; called after every change. */
export function drawDeck(deck: WholeDeck): void {
  const section = byId("deck");
  redrawn(section, () => {
    fill(section, h("h2", { tabindex: -1, id: "deck-title" }, t("deck.title")), ...content(deck));
  });
}

function content(deck: WholeDeck): (Node | false)[] {
  if (deck.phase === "idle") {
    return [
      h("p", {}, t("deck.intro")),
      button(t("deck.scan"), () => void deck.scan(), "primary", { id: "deck-scan" }),
    ];
  }
  return [
    deck.isBusy && running(deck),
    !deck.isBusy && h("p", { class: "summary", id: "deck-summary" }, deck.summary.map(words).join(" ")),
    !deck.isBusy && actions(deck),
    deck.isUnchecked && !deck.isBusy && h("p", { class: "warn" }, t("deck.unchecked")),
    deck.items.length > 0 && list(deck),
  ];
}

const DOING: Partial<Record<WholeDeck["phase"], Key>> = {
  scanning: "deck.scanning",
  enhancing: "deck.enhancing",
  undoing: "deck.undoing",
};

function running(deck: WholeDeck): Node {
  const doing = deck.isStopping ? "deck.stopping" : (DOING[deck.phase] ?? "deck.scanning");
  return h(
    "div",
    { class: "running" },
    progress(t(doing), deck.done, deck.isStopping ? 0 : deck.total),
    button(t("deck.cancel"), () => deck.cancel(), "secondary", {
      id: "deck-cancel",
      "aria-disabled": String(deck.isStopping),
    }),
  );
}

function actions(deck: WholeDeck): Node {
  const { chosen, undoCount } = deck;
  return h(
    "div",
    { class: "row actions" },
    deck.items.some((item) => item.state !== "sharp") &&
      button(
        chosen.length ? t("deck.enhance", { count: chosen.length }) : t("deck.nothing"),
        () => void deck.enhance(),
        "primary",
        { id: "deck-enhance", disabled: chosen.length === 0 },
      ),
    undoCount > 0 &&
      button(t("deck.undo", { count: undoCount }), () => void deck.undoAll(), "secondary", { id: "deck-undo" }),
    button(t("deck.again"), () => void deck.scan(), "subtle", { id: "deck-again" }),
  );
}

function list(deck: WholeDeck): Node {
  const shown = deck.items.filter((item) => matches(item));
  const open = shown.filter((item) => item.state !== "sharp");
  return h(
    "div",
    {},
    deck.items.length > 5 && filterField(deck),
    selectAll("deck-all", open.length, open.filter((item) => item.chosen).length, deck.isBusy, (on) => {
      for (const item of open) item.chosen = on;
      drawDeck(deck);
    }),
    h("ul", { class: "list", "aria-label": t("slide.cards") }, ...shown.map((item) => row(deck, item))),
    shown.length === 0 && h("p", { class: "soft" }, t("deck.no_match")),
  );
}

function filterField(deck: WholeDeck): Node {
  const field = h("input", {
    id: "deck-filter",
    "aria-label": t("deck.filter"),
    placeholder: t("deck.filter"),
    value: filter,
    input: () => {
      filter = field.value;
      drawDeck(deck);
    },
  });
  // A redraw puts the caret at the start.
  field.addEventListener("focus", () => field.setSelectionRange(field.value.length, field.value.length));
  return field;
}

function matches(item: Item): boolean {
  const wanted = filter.trim().toLowerCase();
  if (/^\d+$/.test(wanted)) return item.slideNumber === Number(wanted);
  return title(item).toLowerCase().includes(wanted);
}

function title({ slideNumber, found }: Item): string {
  return t("deck.row", { number: slideNumber, name: nameOf(found) });
}

function stateOf({ state, isOnlyEnlarged }: Item): string {
  if (state === "found") return "";
  return t(isOnlyEnlarged ? "state.enlarged" : `state.${state}`);
}

function row(deck: WholeDeck, item: Item): Node {
  const ppi = item.found.picture.effective_ppi;
  // Where nothing is known of the whole file, that is said once, above the list.
  const isRisky = item.state === "found" && item.losses !== undefined && loses(item.losses);
  const notes = isRisky ? [...item.notes, lossNote(item.losses)] : item.notes;
  return pickRow({
    id: `deck-${deck.items.indexOf(item)}`,
    address: addressOf(item.found.blob),
    title: title(item),
    facts: ppi ? t("picture.ppi", { ppi: Math.round(ppi) }) : "",
    note: notes.map(words).join(" "),
    state: stateOf(item),
    kind: item.state,
    checked: item.chosen,
    disabled: deck.isBusy || item.state === "sharp",
    onPick: (on) => {
      item.chosen = on;
      drawDeck(deck);
    },
  });
}
