// "Whole deck": one list, one button, one summary.

import { comfort, loses, warning } from "../state/losses";
import { nameOf } from "../state/pictures";
import type { Item, WholeDeck } from "../state/whole-deck";
import { plural } from "../strings/words";
import { addressOf, button, byId, fill, h, redrawn } from "./dom";
import { progress, pickRow, selectAll } from "./list";

let filter = "";

/** Draw what the deck holds; called after every change. */
export function drawDeck(deck: WholeDeck): void {
  const section = byId("deck");
  redrawn(section, () => {
    fill(section, h("h2", { tabindex: -1, id: "deck-title" }, "Whole deck"), ...content(deck));
  });
}

function content(deck: WholeDeck): (Node | false)[] {
  if (deck.phase === "idle") {
    return [
      Boolean(deck.summary) && h("p", { class: "bad" }, deck.summary),
      h("p", {}, "Look at every slide and choose what to make sharp."),
      button("Scan all slides", () => void deck.scan(), "primary", { id: "deck-scan" }),
    ];
  }
  return [
    deck.isBusy && running(deck),
    !deck.isBusy && h("p", { class: "summary", id: "deck-summary" }, deck.summary),
    !deck.isBusy && actions(deck),
    deck.isUnchecked && h("p", { class: "warn" }, warning(undefined)),
    deck.items.length > 0 && list(deck),
  ];
}

const DOING = {
  scanning: "Looking at slides",
  enhancing: "Making slides sharp",
  undoing: "Taking slides back",
} as const;

function running(deck: WholeDeck): Node {
  const words = DOING[deck.phase as keyof typeof DOING];
  return h(
    "div",
    { class: "running" },
    progress(words, deck.done, deck.total),
    button("Cancel", () => deck.cancel(), "secondary", { id: "deck-cancel" }),
  );
}

function actions(deck: WholeDeck): Node {
  const { chosen, undoCount } = deck;
  return h(
    "div",
    { class: "row actions" },
    deck.items.some((item) => item.state !== "sharp") &&
      button(
        chosen.length ? `Enhance ${plural(chosen.length, "picture")}` : "Nothing chosen",
        () => void deck.enhance(),
        "primary",
        { id: "deck-enhance", disabled: chosen.length === 0 },
      ),
    undoCount > 0 &&
      button(`Undo all (${undoCount})`, () => void deck.undoAll(), "secondary", { id: "deck-undo" }),
    button("Scan again", () => void deck.scan(), "subtle", { id: "deck-again" }),
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
    h("ul", { class: "list", "aria-label": "Blurred pictures" }, ...shown.map((item) => row(deck, item))),
    shown.length === 0 && h("p", { class: "soft" }, "Nothing fits the filter."),
  );
}

function filterField(deck: WholeDeck): Node {
  const field = h("input", {
    id: "deck-filter",
    "aria-label": "Filter by slide or name",
    placeholder: "Filter by slide or name",
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
  const words = filter.trim().toLowerCase();
  if (/^\d+$/.test(words)) return item.slideNumber === Number(words);
  return `slide ${item.slideNumber} ${nameOf(item.found)}`.toLowerCase().includes(words);
}

const STATE_WORDS = { found: "", working: "At work…", sharp: "Sharp", failed: "Failed" } as const;

function row(deck: WholeDeck, item: Item): Node {
  const name = nameOf(item.found);
  const ppi = item.found.picture.effective_ppi;
  const note = loses(item.losses) ? warning(item.losses) : comfort(item.losses);
  return pickRow({
    id: `deck-${deck.items.indexOf(item)}`,
    address: addressOf(item.found.blob),
    title: `Slide ${item.slideNumber}: ${name}`,
    facts: ppi ? `${Math.round(ppi)} ppi` : "",
    note: item.message || (item.state === "found" ? note : ""),
    state: item.isOnlyEnlarged ? "Only enlarged" : STATE_WORDS[item.state],
    kind: item.state,
    checked: item.chosen,
    disabled: deck.isBusy || item.state === "sharp",
    onPick: (on) => {
      item.chosen = on;
      drawDeck(deck);
    },
  });
}
