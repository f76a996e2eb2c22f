// Draws the batch: its title, its progress, its choices and one row for each deck.

import { $, fill, piece, say, show, tell, within } from "./dom.js";
import { listed } from "./deck-order.js";
import { notice, offerNotice, title } from "./notifications.js";
import { Pace, progressOf } from "./progress.js";
import * as words from "./sentences.js";
import { forgetLooks, lookAt } from "./lazy-images.js";
import { drawReviews } from "./reviews.js";
import { decks, isOpen, leftOut, openBatch, openJobs, state, todo, waiting } from "./state.js";
import { capital, duration, plural, size, when } from "./words.js";

/** @typedef {import("./uploads.js").Uploads} Uploads */

/** From so many decks on they can be searched and sorted. */
const MANY = 6;

/** @type {Map<string, HTMLElement>} */
const rows = new Map();

/** How fast the work of this batch goes on. */
export const pace = new Pace();

export function clearRows() {
  forgetLooks($("decks"));
  pace.forget();
  title("");
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
  show("decks-tools", count >= MANY);
  if (many) drawRows(found(all), [...sending, ...lost]);
  const isIdle = !sending.length && !openJobs().length && !waiting().length;
  drawChoices(all, isIdle);
  say($("choose-title"), many ? "For all decks" : "For this deck");
  drawStart();
  drawResult(all, isIdle, many);
  drawReviews(all.some((deck) => deck.job?.state === "done" && deck.job.changed > 0));
}

/**
 * Show the choices before the start and where somebody chooses anew.
 * @param {DeckRow[]} all
 * @param {boolean} isIdle nothing is sent and no job runs
 */
function drawChoices(all, isIdle) {
  const hasResult = all.some((deck) => deck.job?.state === "done");
  const isToDo = todo().pictures > 0;
  const isAnew = state.chooses && hasResult && !isToDo;
  show("choose", isIdle && all.length > 0 && (isToDo || !hasResult || state.chooses));
  show("otherwise", isIdle && ($("choose").hidden || isAnew));
  $("otherwise").setAttribute("aria-expanded", String(isAnew));
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
  offerNotice(!sending.length && working.length > 0);
  if (sending.length) drawSending(all, sending);
  else if (working.length) drawWorking(all);
  else pace.forget();
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
  title(words.sendTitle(share));
  const what =
    inAll === 1 ? "Sending the deck" : `${all.length} of ${plural(inAll, "deck")} handed in`;
  say($("all-text"), isLooking ? "Looking at every picture…" : `${what}: ${share} %`);
}

/** @param {DeckRow[]} all */
function drawWorking(all) {
  const worked = all.filter((deck) => deck.waits || deck.job);
  const { over, total, share, decksOver } = progressOf(worked, leftOut());
  const seconds = pace.left(share);
  const left = seconds === null ? "" : duration(seconds);
  fill($("all-bar"), total ? share : null);
  const later = waiting().length;
  const text = words.batchProgress(over, total, decksOver, worked.length, left);
  say($("all-text"), later ? `${text} ${words.laterWords(later)}` : text);
  title(words.workTitle(Math.floor(100 * share), left));
}

/** @param {Pick<JobInBrief, "counts">} job */
export const overOf = ({ counts }) =>
  counts.done + counts.skipped + counts.failed + counts.cancelled;

/** @param {DeckRow[]} all */
function found(all) {
  if (all.length < MANY) return all;
  const order = /** @type {import("./deck-order.js").Order} */ ($("decks-sort").value);
  return listed(all, $("decks-find").value, order);
}

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
  for (const entry of uploads) drawUpload(next(uploadKey(entry)), entry);
  for (const deck of all) drawDeck(next(deck.id), deck);
  for (const [key, row] of rows) {
    if (keys.has(key)) continue;
    row.remove();
    rows.delete(key);
  }
}

/** @param {{folder: string, name: string}} item */
const fullName = (item) => (item.folder ? `${item.folder}/${item.name}` : item.name);

/**
 * @param {HTMLElement} button
 * @param {string} does as it stands on it
 * @param {string} full name of the deck
 */
function label(button, does, full) {
  say(button, does);
  button.setAttribute("aria-label", words.doesToDeck(does, full));
}

/**
 * @param {HTMLElement} row
 * @param {{folder: string, name: string}} item
 */
function name(row, item) {
  const full = fullName(item);
  say(within(row, ".deck-name"), full);
  within(row, ".open").setAttribute("aria-label", `Open ${full}`);
  within(row, ".fetch").setAttribute("aria-label", words.downloadName(full));
  within(row, ".deck-bar", HTMLProgressElement).setAttribute("aria-label", `Progress of ${full}`);
}

/**
 * What tells one file on its way from the others.
 * @param {UploadEntry} entry
 */
export const uploadKey = (entry) => entry.drop || entry.id;

/**
 * @param {HTMLElement} row
 * @param {UploadEntry} entry
 */
function drawUpload(row, entry) {
  name(row, entry);
  row.dataset.deck = "";
  row.dataset.upload = uploadKey(entry);
  row.className = "deck sending";
  /** @type {Partial<Record<UploadEntry["state"], string>>} */
  const states = {
    waiting: "waits to be sent",
    sending: `sending, ${Math.floor((100 * entry.sent) / entry.size)} % of ${size(entry.size)}`,
    looking: "looking at its pictures…",
    lost: `stopped at ${Math.floor((100 * entry.sent) / entry.size)} %. Choose this file again to go on.`,
  };
  say(within(row, ".deck-state"), states[entry.state] || "");
  within(row, ".deck-bar", HTMLProgressElement).hidden = false;
  fill(
    within(row, ".deck-bar", HTMLProgressElement),
    entry.state === "looking" ? null : entry.sent,
    entry.size,
  );
  within(row, ".open").hidden = true;
  within(row, ".fetch").hidden = true;
  within(row, ".remove").hidden = entry.state === "looking";
  const does = entry.state === "lost" ? words.FORGET : words.STOP;
  label(within(row, ".remove"), does, fullName(entry));
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
  within(row, ".fetch").hidden = !(job?.state === "done" && job.changed > 0);
  within(row, ".remove").hidden = isOpen(job);
  label(within(row, ".remove"), words.REMOVE, fullName(deck));
  lookAt(within(row, ".deck-look"), `/api/v1/decks/${deck.id}/slides/1`);
}

/** @param {DeckRow} deck */
export function deckWords(deck) {
  const { job, scan } = deck;
  if (deck.waits) return words.BEGINS_LATER;
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
  if (job.state === "queued") return "Waits for its turn…";
  if (job.stage === "prepare") return "Unpacking the pictures…";
  if (job.stage === "assemble") return "Putting the sharp pictures into the deck…";
  return `${overOf(job)} of ${plural(counts.total, "picture")} finished…`;
}

/** @param {JobInBrief} job */
function doneWords(job) {
  const sharp = job.changed - job.kept;
  const result = sharp ? `${plural(sharp, "picture")} sharp` : "no picture changed";
  const growth =
    job.bytes_after && sharp ? `, ${size(job.bytes_before ?? 0)} → ${size(job.bytes_after)}` : "";
  const kept = job.kept ? `, ${plural(job.kept, "original")} kept` : "";
  const failed = job.counts.failed ? `, ${job.counts.failed} failed` : "";
  return capital(result + growth + kept + failed);
}

/** Say in the tab and, where it was allowed, in a notification that all is done. @param {string} result */
export function tellEnd(result) {
  title(words.doneTitle(result));
  notice(result);
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
  const result = words.sharpInDecks(changed, sharp.length);
  say($("all-result-title"), result);
  const before = sharp.reduce((sum, job) => sum + (job.bytes_before ?? 0), 0);
  const after = sharp.reduce((sum, job) => sum + (job.bytes_after ?? 0), 0);
  const growth = changed ? `These files went from ${size(before)} to ${size(after)}. ` : "";
  const bad = failed ? `${plural(failed, "picture")} could not be made sharp. ` : "";
  say($("all-result-facts"), `${growth}${bad}Decks without a change come in the zip as they were.`);
  $("all-result").classList.toggle("partly", failed > 0 || !changed);
  if (state.started) {
    state.started = false;
    tell(result);
    tellEnd(result);
    $("all-result-title").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}
