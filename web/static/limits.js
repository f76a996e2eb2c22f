// What may be handed in: asked of the server, and said below the place where decks are dropped.

import { DECK_SUFFIXES_IN_WORDS } from "./facts.js";
import { json } from "./api.js";
import { $, say } from "./dom.js";
import { limitWords } from "./sentences.js";

export async function lookAtLimits() {
  /** @type {Limits} */
  const limits = await json("limits");
  const free = room(limits);
  const isNarrow = free < 5 * limits.max_deck_bytes;
  say($("deck-limits"), limitWords(DECK_SUFFIXES_IN_WORDS, limits, isNarrow ? free : null));
  return limits;
}

/** @param {Limits} limits */
export const room = ({ max_storage_bytes, storage_bytes }) =>
  max_storage_bytes ? max_storage_bytes - storage_bytes : Infinity;
