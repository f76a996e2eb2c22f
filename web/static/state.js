// What the page knows of the batch that is open; draws nothing and asks nobody.

const LEFT_OUT = "crispdeck.left-out.";

/**
 * `opened` is the id of the deck that is shown alone, `rescans` counts those under way, `started`
 * is true from a start here until its result has been read out, `chooses` while somebody chooses anew,
 * `adds` while somebody adds decks to a batch that is finished.
 * @type {{batch: OpenBatch | null, opened: string | null, rescans: number, started: boolean, chooses: boolean, adds: boolean}}
 */
export const state = {
  batch: null,
  opened: null,
  rescans: 0,
  started: false,
  chooses: false,
  adds: false,
};

/** Give the batch that is open; to be asked only where one is. */
export function openBatch() {
  if (!state.batch) throw new Error("No batch is open.");
  return state.batch;
}

/** @param {Omit<Batch, "decks" | "uploads">} batch */
export function begin(batch) {
  state.batch = { ...batch, decks: new Map(), uploads: new Map() };
  state.opened = null;
  state.started = state.chooses = state.adds = false;
}

/**
 * Take in what the server told of the batch.
 * @param {BatchChange} change
 */
export function take(change) {
  const batch = openBatch();
  const {
    options = batch.options,
    expires_at = batch.expires_at,
    created_at = batch.created_at,
  } = change;
  Object.assign(batch, { options, expires_at, created_at });
  const isWhole = Boolean(change.whole);
  batch.uploads = merged(batch.uploads, change.uploads, change.uploads_gone, isWhole);
  batch.decks = merged(batch.decks, change.decks, change.decks_gone, isWhole);
  /** @param {DeckRow} deck */
  const place = (deck) => `${deck.folder}/${deck.name}/${deck.id}`;
  const sorted = [...batch.decks.values()].sort((a, b) => (place(a) < place(b) ? -1 : 1));
  batch.decks = new Map(sorted.map((deck) => [deck.id, deck]));
}

/**
 * @template {{id: string}} Item
 * @param {Map<string, Item>} known
 * @param {Item[]} fresh
 * @param {string[]} gone
 * @param {boolean} isWhole
 */
function merged(known, fresh = [], gone = [], isWhole = false) {
  const all = new Map(isWhole ? [] : known);
  for (const item of fresh) all.set(item.id, item);
  for (const id of gone) all.delete(id);
  return all;
}

export const decks = () => [...(state.batch?.decks.values() || [])];

/** @param {{state: string} | null | undefined} job */
export const isOpen = (job) => job?.state === "queued" || job?.state === "running";

const CHOICES = /** @type {const} */ (["low_ppi", "target_ppi", "layouts"]);

/** @param {Partial<Choices>} options */
const isAsked = (options = {}) =>
  CHOICES.every((name) => options[name] === openBatch().options[name]);

/**
 * Done, and with the choices that are in force now.
 * @param {DeckRow["job"]} job
 */
export const isDone = (job) => Boolean(job && job.state === "done" && isAsked(job.options));

export const openJobs = () => decks().filter((deck) => isOpen(deck.job));

/** Asked for, and begun by the server as soon as a job is free; whether this page is open or not. */
export const waiting = () => decks().filter((deck) => deck.waits);

/** The query that scans a deck with the batch's choices. */
export function scanQuery() {
  const { options } = openBatch();
  return new URLSearchParams(CHOICES.map((name) => [name, String(options[name])])).toString();
}

/** @param {DeckRow} deck */
export const isStale = (deck) => !isAsked(deck.scan.options);

// --- pictures that nobody wants sharp: kept in this browser until the start -------------------

/**
 * Give the parts that are left out, by the deck's id.
 * @returns {Record<string, string[]>}
 */
export function leftOut() {
  return JSON.parse(localStorage.getItem(LEFT_OUT + openBatch().id) || "{}");
}

/**
 * @param {string} deckId
 * @param {string} part
 * @param {boolean} isLeft
 */
export function leave(deckId, part, isLeft) {
  const all = leftOut();
  const parts = new Set(all[deckId] || []);
  if (isLeft) parts.add(part);
  else parts.delete(part);
  if (parts.size) all[deckId] = [...parts];
  else delete all[deckId];
  const name = LEFT_OUT + openBatch().id;
  if (Object.keys(all).length) localStorage.setItem(name, JSON.stringify(all));
  else localStorage.removeItem(name);
}

/** Decks that a start would work on, and how many pictures of them. */
export function todo() {
  const left = leftOut();
  const counts = decks()
    .filter((deck) => !deck.waits && !isOpen(deck.job) && !isDone(deck.job))
    .map((deck) => ({
      deck,
      pictures: Math.max(0, (deck.scan.low || 0) - (left[deck.id]?.length || 0)),
    }));
  const some = counts.filter((each) => each.pictures > 0);
  return { decks: some.length, pictures: some.reduce((sum, each) => sum + each.pictures, 0) };
}
