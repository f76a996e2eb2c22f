// How far the work is and how long it still takes, by the pixels that are done; draws nothing.

import { isOpen } from "./state.js";

/**
 * How far some decks are. A deck that waits counts with what its scan found, so the total is the
 * same from the start to the end.
 * @param {DeckRow[]} decks those that are in work, wait or are done
 * @param {Record<string, string[]>} leftOut parts by the deck's id
 */
export function progressOf(decks, leftOut) {
  const sum = { over: 0, total: 0, share: 0, decksOver: 0 };
  let pixels = 0;
  for (const deck of decks) {
    const { over, total } = countsOf(deck, leftOut[deck.id]?.length ?? 0);
    const weight = deck.scan.low_px || total;
    sum.over += over;
    sum.total += total;
    sum.share += total ? (weight * over) / total : 0;
    sum.decksOver += deck.job && !deck.waits && !isOpen(deck.job) ? 1 : 0;
    pixels += total ? weight : 0;
  }
  sum.share = pixels ? sum.share / pixels : 0;
  return sum;
}

/**
 * @param {DeckRow} deck
 * @param {number} left
 */
function countsOf(deck, left) {
  const counts = deck.waits ? null : deck.job?.counts;
  if (!counts?.total) return { over: 0, total: Math.max(0, (deck.scan.low || 0) - left) };
  const { done, skipped, failed, cancelled, total } = counts;
  return { over: done + skipped + failed + cancelled, total };
}

/** The share of the work after which its own pace tells more than what was guessed. */
const TELLS = 0.08;

/** Says how long the work still takes: by what was estimated, then by its own pace. */
export class Pace {
  /** @param {() => number} now in seconds */
  constructor(now = () => performance.now() / 1000) {
    this.now = now;
    this.began = 0;
    this.first = -1;
    this.guess = 0;
  }

  forget() {
    this.began = 0;
    this.first = -1;
    this.guess = 0;
  }

  /** @param {number} seconds that all of it was estimated to take */
  expect(seconds) {
    this.guess = seconds;
  }

  /**
   * Give the seconds that are left; null where nobody knows.
   * @param {number} share of the work that is done, 0 to 1
   */
  left(share) {
    if (this.first < 0 || share < this.first) [this.first, this.began] = [share, this.now()];
    const took = this.now() - this.began;
    const made = share - this.first;
    if (made >= TELLS) return (took / made) * (1 - share);
    return this.guess ? Math.max(0, this.guess - took) : null;
  }
}
