// What the page knows of the batch that is open; draws nothing and asks nobody.

const LEFT_OUT = "crispdeck.left-out.";

export const state = { limits: null, batch: null, opened: null, rescans: 0, started: false, chooses: false };

export function begin(batch) {
  state.batch = { ...batch, decks: new Map(), uploads: new Map() };
  state.opened = null;
  state.started = state.chooses = false;
}

/** Take in what the server told of the batch. */
export function take(change) {
  const { batch } = state;
  for (const name of ["options", "expires_at", "created_at"]) if (name in change) batch[name] = change[name];
  for (const name of ["decks", "uploads"]) {
    if (change.whole) batch[name] = new Map();
    for (const item of change[name] || []) batch[name].set(item.id, item);
    for (const id of change[`${name}_gone`] || []) batch[name].delete(id);
  }
  const place = (deck) => `${deck.folder}/${deck.name}/${deck.id}`;
  const sorted = [...batch.decks.values()].sort((a, b) => (place(a) < place(b) ? -1 : 1));
  batch.decks = new Map(sorted.map((deck) => [deck.id, deck]));
}

export const decks = () => [...(state.batch?.decks.values() || [])];
export const isOpen = (job) => Boolean(job) && ["queued", "running"].includes(job.state);
const CHOICES = ["low_ppi", "target_ppi", "layouts"];
const isAsked = (options = {}) => CHOICES.every((name) => options[name] === state.batch.options[name]);

/** Done, and with the choices that are in force now. */
export const isDone = (job) => job?.state === "done" && isAsked(job.options);
export const openJobs = () => decks().filter((deck) => isOpen(deck.job));
/** Asked for, and begun by the server as soon as a job is free; whether this page is open or not. */
export const waiting = () => decks().filter((deck) => deck.waits);

/** The query that scans a deck with the batch's choices. */
export function scanQuery() {
  const { low_ppi, target_ppi, layouts } = state.batch.options;
  return new URLSearchParams({ low_ppi, target_ppi, layouts }).toString();
}

export const isStale = (deck) => !isAsked(deck.scan.options);

// --- pictures that nobody wants sharp: kept in this browser until the start -------------------

export function leftOut() {
  return JSON.parse(localStorage.getItem(LEFT_OUT + state.batch.id) || "{}");
}

export function leave(deckId, part, isLeft) {
  const all = leftOut();
  const parts = new Set(all[deckId] || []);
  if (isLeft) parts.add(part);
  else parts.delete(part);
  if (parts.size) all[deckId] = [...parts];
  else delete all[deckId];
  if (Object.keys(all).length) localStorage.setItem(LEFT_OUT + state.batch.id, JSON.stringify(all));
  else localStorage.removeItem(LEFT_OUT + state.batch.id);
}

/** Decks that a start would work on, and how many pictures of them. */
export function todo() {
  const left = leftOut();
  const counts = decks()
    .filter((deck) => !deck.waits && !isOpen(deck.job) && !isDone(deck.job))
    .map((deck) => ({ deck, pictures: Math.max(0, (deck.scan.low || 0) - (left[deck.id]?.length || 0)) }));
  const some = counts.filter((each) => each.pictures > 0);
  return { decks: some.length, pictures: some.reduce((sum, each) => sum + each.pictures, 0) };
}
