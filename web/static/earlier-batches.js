// Lists the batches that were handed in before: what lies in them, and how far they are.

import { json } from "./api.js";
import { $, piece, say, show, within } from "./dom.js";
import { forgetLooks, lookAt } from "./lazy-images.js";
import * as words from "./sentences.js";
import { size, when } from "./words.js";

const AT_ONCE = 8;
const list = { after: /** @type {string | null} */ (null) };

/** @param {(address: string) => unknown} open */
export async function drawEarlier(open) {
  forgetLooks($("earlier-list"));
  $("earlier-list").replaceChildren();
  list.after = null;
  await drawMore(open);
}

/** @param {(address: string) => unknown} open */
export async function drawMore(open) {
  const from = list.after ? `&after=${list.after}` : "";
  /** @type {Schemas["BatchPage"]} */
  const page = await json(`batches?limit=${AT_ONCE}${from}`);
  list.after = page.next_after;
  // One in which nothing lies any more is nothing to go back to.
  const rows = page.items.filter((batch) => batch.decks > 0).map((batch) => row(batch, open));
  $("earlier-list").append(...rows);
  show("earlier", $("earlier-list").childElementCount > 0);
  show("earlier-more", Boolean(list.after));
}

/**
 * @param {Schemas["BatchListed"]} batch
 * @param {(address: string) => unknown} open
 */
function row(batch, open) {
  const item = piece("batch-template");
  const button = within(item, "button");
  say(button, words.decksNamed(batch.names, batch.decks));
  button.addEventListener("click", () => open(batch.links.self));
  const state = words.batchState(batch.decks, batch.done, batch.open);
  say(
    within(item, ".hint"),
    words.batchFacts(when(batch.created_at), size(batch.size_bytes), state),
  );
  if (batch.first_deck)
    lookAt(within(item, ".deck-look"), `/api/v1/decks/${batch.first_deck}/slides/1`);
  return item;
}
