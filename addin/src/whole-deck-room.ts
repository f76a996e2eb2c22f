// The tab "Whole deck", where slides can be replaced. Loaded when it is first opened.

import { WholeDeck } from "./state/whole-deck";
import { drawDeck } from "./views/deck-view";
import { say } from "./views/live";

/** Draw it; what comes back forgets everything when settings or the key change. */
export function open(): { reset(): void } {
  const deck: WholeDeck = new WholeDeck(() => drawDeck(deck), say);
  drawDeck(deck);
  return deck;
}
