// The deck that is looked at, and its job; draws nothing.

/** @type {{deck: Deck | null, job: Job | null}} */
export const shown = { deck: null, job: null };

/** Give the deck that is shown; to be asked only where one is. */
export function shownDeck() {
  if (!shown.deck) throw new Error("No deck is shown.");
  return shown.deck;
}

/** Give the job of the deck that is shown; to be asked only where there is one. */
export function shownJob() {
  if (!shown.job) throw new Error("No job is shown.");
  return shown.job;
}
