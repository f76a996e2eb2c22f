// Draws the batch: its title, its progress, its choices and one row for each deck.

import { $, fill, piece, say, show, tell, within } from "./dom.js";
import { decks, isOpen, openBatch, openJobs, state, todo, waiting } from "./state.js";
import { capital, plural, size, when } from "./words.js";

/** @typedef {import("./uploads.js").Uploads} Uploads */

/** @type {Map<string, HTMLElement>} */
const rows = new Map();

export function clearRows() {
  rows.clear();
  $("decks").replaceChildren();
}

/**
 * Draw everything that depends on the batch and on what is on its way here.
 * @param {Uploads} uploads
 */
export function drawBatch(uploads) {
  const batch = openBatch();
  const all = decks();
  const sending = uploads.open;
  const lost = uploads.entries.filter((entry) => entry.state === "lost");
  const count = all.length + sending.length + lost.length;
  show("batch-panel", count > 0);
  if (!count) return;
  say($("batch-title"), plural(count, "deck"));
  say($("batch-facts"), facts(all, batch));
  drawProgress(all, uploads);
  const many = count > 1;
  show("decks", many);
  if (many) drawRows(all, [...sending, ...lost]);
  const isIdle = !sending.length && !openJobs().length && !waiting().length;
  const hasResult = all.some((deck) => deck.job?.state === "done");
  const isToDo = todo().pictures > 0;
  show("choose", isIdle && all.length > 0 && (isToDo || !hasResult || state.chooses));
  show("otherwise", isIdle && $("choose").hidden);
  say($("choose-title"), many ? "For all decks" : "For this deck");
  drawStart();
  drawResult(all, isIdle, many);
}

/**
 * @param {DeckRow[]} all
 * @param {OpenBatch} batch
 */
function facts(all, batch) {
  const bytes = all.reduce((sum, deck) => sum + deck.size_bytes, 0);
  const ends =
    all
      .map((deck) => deck.expires_at)
      .sort()
      .at(-1) || batch.expires_at;
  return `${size(bytes)} here. Deleted by itself on ${when(ends)}.`;
}

// --- progress -----------------------------------------------------------------------------------

/**
 * @param {DeckRow[]} all
 * @param {Uploads} uploads
 */
function drawProgress(all, uploads) {
  const sending = uploads.open;
  const working = [...openJobs(), ...waiting()];
  const many = all.length + sending.length > 1;
  show("all-progress", sending.length > 0 || (many && working.length > 0));
  show("upload-stop", sending.length > 0);
  show("cancel-all", !sending.length && working.length > 0);
  if (sending.length) drawSending(all, sending);
  else if (working.length) drawWorking(all);
}

/**
 * @param {DeckRow[]} all
 * @param {UploadEntry[]} sending
 */
function drawSending(all, sending) {
  const inAll = all.length + sending.length;
  const bytes = sending.reduce((sum, entry) => sum + entry.size, 0);
  const sent = sending.reduce((sum, entry) => sum + entry.sent, 0);
  const known = all.reduce((sum, deck) => sum + deck.size_bytes, 0);
  const isLooking = sending.every((entry) => entry.state === "looking");
  fill($("all-bar"), isLooking ? null : known + sent, known + bytes);
  const share = Math.floor((100 * (known + sent)) / (known + bytes));
  const what =
    inAll === 1 ? "Sending the deck" : `${all.length} of ${plural(inAll, "deck")} handed in`;
  say($("all-text"), isLooking ? "Looking at every picture…" : `${what}: ${share} %`);
}

/** @param {DeckRow[]} all */
function drawWorking(all) {
  const jobs = all.flatMap((deck) => (!deck.waits && deck.job) || []);
  const later = waiting().length;
  const total = jobs.reduce((sum, job) => sum + job.counts.total, 0);
  const over = jobs.reduce((sum, job) => sum + overOf(job), 0);
  const decksOver = jobs.filter((job) => !isOpen(job)).length;
  fill($("all-bar"), total ? over : null, total);
  const more = later ? ` ${plural(later, "deck waits", "decks wait")} for a free place.` : "";
  const text = `${over} of ${plural(total, "picture")} finished, ${decksOver} of ${plural(jobs.length + later, "deck")}.${more}`;
  say($("all-text"), text);
}

/** @param {Pick<JobInBrief, "counts">} job */
export const overOf = ({ counts }) =>
  counts.done + counts.skipped + counts.failed + counts.cancelled;

// --- rows ---------------------------------------------------------------------------------------

/**
 * @param {DeckRow[]} all
 * @param {UploadEntry[]} uploads
 */
function drawRows(all, uploads) {
  const list = $("decks");
  const keys = new Set();
  /** @param {string} key */
  const next = (key) => {
    const row = rows.get(key) ?? piece("deck-template");
    rows.set(key, row);
    if (list.children[keys.size] !== row) list.insertBefore(row, list.children[keys.size] ?? null);
    keys.add(key);
    return row;
  };
  for (const entry of uploads)
    drawUpload(next(entry.id || `${entry.folder}/${entry.name}/${entry.size}`), entry);
  for (const deck of all) drawDeck(next(deck.id), deck);
  for (const [key, row] of rows) {
    if (keys.has(key)) continue;
    row.remove();
    rows.delete(key);
  }
}

/**
 * @param {HTMLElement} row
 * @param {{folder: string, name: string}} item
 */
function name(row, item) {
  const full = item.folder ? `${item.folder}/${item.name}` : item.name;
  say(within(row, ".deck-name"), full);
  within(row, ".open").setAttribute("aria-label", `Open ${full}`);
  within(row, ".remove").setAttribute("aria-label", `Remove ${full}`);
  within(row, ".deck-bar", HTMLProgressElement).setAttribute("aria-label", `Progress of ${full}`);
}

/**
 * @param {HTMLElement} row
 * @param {UploadEntry} entry
 */
function drawUpload(row, entry) {
  name(row, entry);
  row.dataset.deck = "";
  row.className = "deck sending";
  /** @type {Partial<Record<UploadEntry["state"], string>>} */
  const words = {
    waiting: "waits to be sent",
    sending: `sending, ${Math.floor((100 * entry.sent) / entry.size)} % of ${size(entry.size)}`,
    looking: "looking at its pictures…",
    lost: `stopped at ${Math.floor((100 * entry.sent) / entry.size)} %. Choose this file again to go on.`,
  };
  say(within(row, ".deck-state"), words[entry.state] || "");
  within(row, ".deck-bar", HTMLProgressElement).hidden = false;
  fill(
    within(row, ".deck-bar", HTMLProgressElement),
    entry.state === "looking" ? null : entry.sent,
    entry.size,
  );
  within(row, ".open").hidden = true;
  within(row, ".remove").hidden = true;
}

/**
 * @param {HTMLElement} row
 * @param {DeckRow} deck
 */
function drawDeck(row, deck) {
  name(row, deck);
  row.dataset.deck = deck.id;
  const { job } = deck;
  row.className = `deck ${deck.waits ? "queued" : job ? job.state : deck.scan.low ? "low" : "fine"}`;
  if (deck.id === state.opened) row.classList.add("opened");
  say(within(row, ".deck-state"), deckWords(deck));
  const bar = within(row, ".deck-bar", HTMLProgressElement);
  bar.hidden = !isOpen(job);
  if (job && isOpen(job)) fill(bar, job.counts.total ? overOf(job) : null, job.counts.total);
  within(row, ".open").hidden = false;
  within(row, ".remove").hidden = isOpen(job);
}

/** @param {DeckRow} deck */
export function deckWords(deck) {
  const { job, scan } = deck;
  if (deck.waits) return "Waits for a free place…";
  if (!job) {
    if (!scan.low) return `${plural(scan.slides || 0, "slide")}, no picture looks blurred`;
    return `${plural(scan.slides, "slide")}, ${plural(scan.low, "picture looks", "pictures look")} blurred, the worst ${scan.worst_sentence}`;
  }
  return jobWords(job);
}

/** @param {JobInBrief} job */
export function jobWords(job) {
  const { counts } = job;
  if (job.state === "failed") return `The deck could not be finished. ${job.detail || ""}`;
  if (job.state === "cancelled") return "Cancelled. Nothing was changed.";
  if (job.state === "done") return doneWords(job);
  if (job.state === "queued") return "Waiting for a worker…";
  if (job.stage === "prepare") return "Unpacking the pictures…";
  if (job.stage === "assemble") return "Putting the sharp pictures into the deck…";
  return `${overOf(job)} of ${plural(counts.total, "picture")} finished…`;
}

/** @param {JobInBrief} job */
function doneWords(job) {
  const sharp = job.changed - job.kept;
  const words = sharp ? `${plural(sharp, "picture")} sharp` : "no picture changed";
  const growth =
    job.bytes_after && sharp ? `, ${size(job.bytes_before ?? 0)} → ${size(job.bytes_after)}` : "";
  const kept = job.kept ? `, ${plural(job.kept, "original")} kept` : "";
  const failed = job.counts.failed ? `, ${job.counts.failed} failed` : "";
  return capital(words + growth + kept + failed);
}

// --- start and end ------------------------------------------------------------------------------

export function drawStart() {
  const { decks: some, pictures } = todo();
  const start = $("start");
  if (state.rescans) say(start, "Looking again…");
  else if (!pictures) say(start, "Nothing to make sharp");
  else
    say(
      start,
      `Make ${plural(pictures, "picture")} ${decks().length > 1 ? `in ${plural(some, "deck")} ` : ""}sharp`,
    );
  start.disabled = !pictures || state.rescans > 0;
  if (!pictures) say($("estimate"), "");
}

/**
 * @param {DeckRow[]} all
 * @param {boolean} isIdle nothing is sent and no job runs
 * @param {boolean} many
 */
function drawResult(all, isIdle, many) {
  const done = all.flatMap(({ job }) => (job?.state === "done" ? job : []));
  const isOver = isIdle && many && done.length > 0 && todo().pictures === 0;
  show("all-result", isOver);
  if (!isOver) return;
  const changed = done.reduce((sum, job) => sum + job.changed - job.kept, 0);
  const sharp = done.filter((job) => job.changed > job.kept);
  const failed = all.reduce((sum, deck) => sum + (deck.job?.counts.failed || 0), 0);
  const title = `${plural(changed, "picture")} in ${plural(sharp.length, "deck")} ${changed === 1 ? "is" : "are"} sharp now`;
  say($("all-result-title"), title);
  const before = sharp.reduce((sum, job) => sum + (job.bytes_before ?? 0), 0);
  const after = sharp.reduce((sum, job) => sum + (job.bytes_after ?? 0), 0);
  const growth = changed ? `These files went from ${size(before)} to ${size(after)}. ` : "";
  const bad = failed ? `${plural(failed, "picture")} could not be made sharp. ` : "";
  say($("all-result-facts"), `${growth}${bad}Decks without a change come in the zip as they were.`);
  $("all-result").classList.toggle("partly", failed > 0 || !changed);
  if (state.started) {
    state.started = false;
    tell(title);
    $("all-result-title").focus();
  }
}
