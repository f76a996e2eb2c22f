// Which decks of a batch are listed, and in what order; draws nothing.

import { isOpen } from "./state.js";

/** @typedef {"place" | "worst" | "size" | "open"} Order */

/**
 * How much there is still to do: what failed first, what is done last.
 * @param {DeckRow} deck
 */
function rank({ job, waits, scan }) {
  if (waits || isOpen(job)) return 1;
  if (job) return job.state === "done" && !job.counts.failed ? 4 : 0;
  return scan.low ? 2 : 3;
}

/** @type {Record<Order, (a: DeckRow, b: DeckRow) => number>} */
const ORDERS = {
  place: () => 0, // as they come: by folder and name
  worst: (a, b) => (a.scan.worst_ppi ?? Infinity) - (b.scan.worst_ppi ?? Infinity) || 0,
  size: (a, b) => b.size_bytes - a.size_bytes,
  open: (a, b) => rank(a) - rank(b),
};

/**
 * @param {DeckRow[]} decks by folder and name
 * @param {string} find what folder or name must hold, in capitals or not
 * @param {Order} order
 */
export function listed(decks, find, order) {
  const wanted = find.trim().toLocaleLowerCase();
  return decks
    .filter(({ folder, name }) => `${folder}/${name}`.toLocaleLowerCase().includes(wanted))
    .sort(ORDERS[order]);
}
