// The page at /: joins what people do with the API and with what they see.

import { hash, setHash, takeKeyFromAddress } from "./address.js";
import { connect } from "./connect.js";
import { call, json, keepKey, key, post, send, statusOf } from "./api.js";
import { clearRows, drawBatch, drawStart, tellEnd, uploadKey } from "./batchview.js";
import {
  closeDeck as closeSheet,
  drawJob,
  drawScan,
  isShown,
  listen,
  toggleSlides,
} from "./deckview.js";
import { confirm } from "./confirm.js";
import { $, acting, each, show, showError, soon, trouble } from "./dom.js";
import { download, wireDownloads } from "./downloads.js";
import { drawEarlier, drawMore } from "./earlier-batches.js";
import { estimateSoon } from "./estimate.js";
import { chosen, dropped, isBystander, watchDrops, whyNot } from "./files.js";
import { follow } from "./follow.js";
import { dropOldFiles } from "./keep.js";
import { lookAtLimits, room } from "./limits.js";
import { allowNotice } from "./notifications.js";
import {
  clearRefusals,
  forgetRefused,
  keepRefusals,
  readRefusals,
  refuse,
  restoreRefusals,
} from "./refusals.js";
import {
  begin,
  decks,
  isOpen,
  isStale,
  leftOut,
  openBatch,
  openJobs,
  scanQuery,
  state,
  take,
  waiting,
} from "./state.js";
import { wireReviews } from "./reviews.js";
import { closeRevert, offered, wireRevert } from "./revert.js";
import { shownJob } from "./shown.js";
import { deleteQuestion, NO_SUCH_KEY, removeQuestion } from "./sentences.js";
import { closeStage, drawStage, goToPart, onKeep, wireStage } from "./stage.js";
import { Uploads } from "./uploads.js";

const uploads = new Uploads((entry) => uploadChanged(entry));
let following = new AbortController();

const act = acting((error) => {
  if (error instanceof DOMException && error.name === "AbortError") return;
  if (statusOf(error) === 401) askForKey();
  showError(statusOf(error) === 401 ? NO_SUCH_KEY : /** @type {ShownError} */ (error));
});

// --- the key: in the address after #, never sent to a server as part of it ---------------------

function remember() {
  const values = new URLSearchParams();
  if (state.batch) values.set("batch", state.batch.id);
  if (state.batch && state.opened && decks().length > 1) values.set("deck", state.opened);
  setHash(values);
}

function askForKey() {
  leave();
  show("deck-panel", false);
  show("change-key", false);
  show("key-back", false);
  show("key-panel");
  $("key-field").focus();
}

/** The key that is known stays until another one fits: nobody is left without one. */
function changeKey() {
  askForKey();
  show("key-back");
}

async function useKey() {
  await lookAtLimits();
  show("key-panel", false);
  show("change-key");
  show("deck-panel");
  dropOldFiles();
  await restore();
}

// --- the batch ----------------------------------------------------------------------------------

async function restore() {
  const values = hash();
  const batch = values.get("batch");
  if (batch && batch === state.batch?.id) return showDeckOf(values.get("deck"));
  leave();
  if (!batch) return showEarlier();
  try {
    await enter(await json(`batches/${encodeURIComponent(batch)}`), values.get("deck"));
  } catch (error) {
    if (![404, 410].includes(statusOf(error))) throw error;
    setHash(new URLSearchParams(), false);
    leave();
    throw trouble(
      "These decks are no longer here.",
      "Decks are deleted after a while. Hand them in again.",
    );
  }
}

/**
 * Back and forward within a batch: nothing of it stops.
 * @param {string | null} deck
 */
async function showDeckOf(deck) {
  if (deck === state.opened) return;
  if (deck && openBatch().decks.has(deck)) await openDeck(deck);
  else if (decks().length > 1) closeOpened();
}

/** @param {string} address of a batch */
const openEarlier = (address) => act(async () => enter(await json(address), null))();

const showEarlier = () => drawEarlier(openEarlier);

/**
 * Show a batch, and follow what becomes of it.
 * @param {Omit<Batch, "decks"> & {decks: DeckRow[]}} batch
 * @param {string | null} deckId the deck of it that is to be open
 */
async function enter(batch, deckId) {
  begin(batch);
  restoreRefusals();
  keepRefusals();
  takeChange({ ...batch, whole: true });
  await uploads.restore(batch.id);
  $("preset").value = String(batch.options.low_ppi);
  $("target").value = String(batch.options.target_ppi);
  $("layouts").checked = batch.options.layouts;
  show("earlier", false);
  show("sample-offer", false);
  document.body.classList.add("busy");
  const only = decks().length === 1 && !uploads.open.length ? decks()[0].id : null;
  const first = deckId || only;
  if (first) await openDeck(first);
  remember();
  following = new AbortController();
  const { signal } = following;
  act(async () => {
    const end = await follow(batch.id, changed, (isThere) => show("offline", !isThere), signal);
    if (end === "gone") await gone();
  })();

  /** @param {BatchChange} change */
  function changed(change) {
    if (!signal.aborted) takeChange(change);
  }
}

async function gone() {
  leave();
  remember();
  throw trouble("These decks are no longer here.", "They were deleted, here or elsewhere.");
}

/** @param {BatchChange} change */
function takeChange(change) {
  take(change);
  const batch = openBatch();
  uploads.keepOnly(batch.uploads);
  for (const upload of change.uploads || []) {
    if (upload.state === "receiving") uploads.resume(batch.id, upload);
    else if (upload.state === "refused") refuse(upload, upload.detail, upload.id);
  }
  const open = state.opened && batch.decks.get(state.opened);
  if (open && (change.decks || []).some((deck) => deck.id === open.id)) refreshJob();
  if (state.opened && !open) closeOpened();
  draw();
  estimateSoon();
}

function draw() {
  if (state.batch) drawBatch(uploads);
  document.body.classList.toggle("finished", isFinished() && !state.adds);
  show("more", isFinished() && !state.adds);
}

/** True when there is nothing to do any more but to look at the result. */
const isFinished = () =>
  !uploads.open.length &&
  !openJobs().length &&
  !waiting().length &&
  $("choose").hidden &&
  decks().some((deck) => deck.job?.state === "done");

/** Bring the places to drop decks back. */
function addDecks() {
  state.adds = true;
  draw();
  $("deck-field").focus();
}

async function batchForFiles() {
  if (!state.batch) {
    const made = await post("batches", choices());
    await enter({ ...made, decks: [], uploads: [] }, null);
  }
  return openBatch();
}

const choices = () => ({
  low_ppi: Number($("preset").value),
  target_ppi: Number($("target").value),
  layouts: $("layouts").checked,
});

/** Ask for all of the batch again, and show it. */
async function readBatch() {
  takeChange({ ...(await json(`batches/${openBatch().id}`)), whole: true });
}

// --- files --------------------------------------------------------------------------------------

/**
 * @param {FoundFile[]} found
 * @param {boolean} asIs true: a sharp deck is a deck like any other
 */
async function handIn(found, asIs = false) {
  const items = found.filter((item) => !isBystander(item));
  if (!asIs && !state.batch && (await offered(items))) return $("deck-form").reset();
  const limits = await lookAtLimits();
  let left = room(limits);
  const good = items.filter((item) => {
    if (uploads.adopt(item)) return false;
    const why = whyNot(item.file, limits, left);
    if (why) refuse({ name: item.file.name, folder: item.folder }, why, "");
    else left -= item.file.size;
    return !why;
  });
  if (found.length && !items.length)
    throw trouble("No deck was found.", "There is no PowerPoint file in it.");
  if (good.length) {
    const batch = await batchForFiles();
    for (const item of good) uploads.add(batch.id, item);
    $("batch-title").focus();
  } else if (!state.batch) {
    readRefusals();
  }
  $("deck-form").reset(); // or choosing the same file again would change nothing
}

/** @param {UploadEntry} entry */
function uploadChanged(entry) {
  if (entry.state === "refused" && entry.why) refuse(entry, entry.why, "");
  if (["done", "refused"].includes(entry.state) && !uploads.open.length) act(allHandedIn)();
  draw();
}

/** A single deck is opened at once: there is nothing else to look at. */
async function allHandedIn() {
  await readBatch();
  uploads.entries = uploads.entries.filter((entry) => entry.state === "lost");
  draw();
  if (!decks().length) readRefusals();
  if (decks().length === 1 && !state.opened) {
    await openDeck(decks()[0].id);
    $("scan-title").focus();
  }
}

async function sample() {
  const batch = await batchForFiles();
  const deck = await post(`decks/sample?${scanQuery()}&batch=${batch.id}`, {});
  await readBatch();
  await openDeck(deck.id);
  $("scan-title").focus();
}

// --- choices, estimate, start -------------------------------------------------------------------

async function choose() {
  const batch = openBatch();
  const made = await send("PUT", `batches/${batch.id}/options`, choices());
  batch.options = made.options;
  const stale = decks().filter((deck) => !isOpen(deck.job) && isStale(deck));
  state.rescans += 1;
  drawStart();
  try {
    await each(stale, 3, (deck) =>
      call(`decks/${deck.id}/scan?${scanQuery()}`, { method: "POST" }),
    );
  } finally {
    state.rescans -= 1;
  }
  await readBatch();
  if (state.opened && stale.some((deck) => deck.id === state.opened))
    drawScan(await json(`decks/${state.opened}`));
}

async function start() {
  $("start").disabled = true;
  state.started = true;
  state.chooses = state.adds = false;
  $("batch-title").focus({ preventScroll: true }); // the button goes: focus must not fall to nowhere
  await send("POST", `batches/${openBatch().id}/jobs`, { left_out: leftOut() });
  await readBatch();
}

async function cancelAll() {
  takeChange({
    ...(await json(`batches/${openBatch().id}/cancel`, { method: "POST" })),
    whole: true,
  });
}

// --- one deck -----------------------------------------------------------------------------------

/** @param {string} id */
async function openDeck(id) {
  state.opened = id;
  drawScan(await json(`decks/${id}`));
  show("back", decks().length > 1);
  const job = openBatch().decks.get(id)?.job;
  if (job) drawWork(await json(`jobs/${job.id}`));
  remember();
  draw();
}

/** @param {Job} job */
function drawWork(job) {
  drawJob(job);
  if (job.state === "done") act(drawStage)();
  else closeStage();
}

function closeDeck() {
  closeStage();
  closeSheet();
}

function closeOpened() {
  state.opened = null;
  closeDeck();
  remember();
  draw();
}

const refreshJob = soon(
  200,
  act(async () => {
    const id = state.opened;
    const brief = id && state.batch?.decks.get(id)?.job;
    if (!brief || !isShown(id)) return;
    /** @type {Job} */
    const fresh = await json(`jobs/${brief.id}`);
    if (state.opened !== id) return;
    drawWork(fresh);
    if (fresh.state === "done" && state.started && decks().length === 1) {
      state.started = false;
      draw();
      tellEnd($("result-title").textContent ?? "");
      $("result-title").focus({ preventScroll: true });
      scrollTo(0, 0);
    }
  }),
);

/**
 * Keep the original of one picture, or use the sharp one again; now or at any later time.
 * @param {string} part
 */
async function keep(part) {
  const job = shownJob();
  const kept = job.kept.includes(part)
    ? job.kept.filter((other) => other !== part)
    : [...job.kept, part];
  drawWork(await send("PUT", `jobs/${job.id}/kept`, { parts: kept }));
}

async function deleteAll() {
  if (!(await confirm(deleteQuestion(decks().length)))) return;
  following.abort();
  uploads.cancel();
  await call(`batches/${openBatch().id}`, { method: "DELETE" });
  leave();
  remember();
  await lookAtLimits();
  $("deck-field").focus();
}

/** Back to an empty page; nothing is deleted. */
function leave() {
  following.abort();
  uploads.leave();
  state.batch = state.opened = null;
  clearRows();
  closeDeck();
  closeRevert();
  for (const id of /** @type {const} */ (["batch-panel", "offline", "error"])) show(id, false);
  clearRefusals();
  document.body.classList.remove("busy", "finished");
  show("sample-offer");
  show("deck-panel", !$("change-key").hidden);
}

/**
 * What people ask for at a picture.
 * @type {Record<"picked" | "compare" | "keep", (part: string) => unknown>}
 */
const WISHES = {
  picked: () => [drawStart(), estimateSoon()],
  compare: goToPart,
  keep,
};

// --- wiring -------------------------------------------------------------------------------------

function wire() {
  /** @type {(id: keyof PageElements, kind: string, work: () => unknown) => void} */
  const on = (id, kind, work) => $(id).addEventListener(kind, act(work));
  on("key-form", "submit", async () => {
    const known = key();
    keepKey($("key-field").value.trim());
    try {
      await useKey();
    } catch (error) {
      if (statusOf(error) === 401 && known) keepKey(known);
      throw error;
    }
    $("key-field").value = "";
  });
  on("change-key", "click", changeKey);
  on("key-back", "click", useKey);
  for (const id of /** @type {const} */ (["deck-field", "folder-field"]))
    on(id, "change", () => handIn(chosen($(id))));
  on("sample", "click", sample);
  on("refused-close", "click", forgetRefused);
  on("upload-stop", "click", () => uploads.cancel());
  on("cancel-all", "click", cancelAll);
  on("notify", "click", allowNotice);
  on("again", "click", async () => {
    leave();
    remember();
    $("deck-field").focus();
    await showEarlier();
  });
  for (const kind of ["input", "change"]) $("decks-tools").addEventListener(kind, draw);
  on("more", "click", addDecks);
  on("earlier-more", "click", () => drawMore(openEarlier));
  on("delete", "click", deleteAll);
  for (const id of /** @type {const} */ (["preset", "target", "layouts"])) on(id, "change", choose);
  on("choose", "submit", start);
  on("otherwise", "click", () => {
    state.chooses = !state.chooses;
    draw();
    if (state.chooses) $("preset").focus();
  });
  on("back", "click", closeOpened);
  on("all-slides", "click", toggleSlides);
  on("cancel", "click", () => call(`jobs/${shownJob().id}/cancel`, { method: "POST" }));
  on("retry", "click", async () => {
    state.started = true;
    drawWork(await json(`jobs/${shownJob().id}/retry`, { method: "POST" }));
  });
  $("error-close").addEventListener("click", () => show("error", false));
  $("decks").addEventListener("click", act(rowClicked));
  const cameElsewhere = act(async () => {
    takeKeyFromAddress();
    await useKey();
  });
  addEventListener("hashchange", cameElsewhere);
  listen((kind, part) => act(async () => await WISHES[kind](part))());
  onKeep(keep);
  wireStage(act);
  wireDownloads(act);
  wireReviews(act);
  wireRevert(act, (file) => handIn([{ file, folder: "" }], true));
  // Only what no copy could be kept of is lost with the page.
  addEventListener("beforeunload", (event) => {
    if (uploads.unkept.length) event.preventDefault();
  });
  watchDrops(
    $("drop"),
    act(async (event) => {
      if (!$("deck-panel").hidden && event.dataTransfer)
        await handIn(await dropped(event.dataTransfer));
    }),
  );
}

/** @param {MouseEvent & {target: Element}} event */
async function rowClicked(event) {
  const button = event.target.closest("button");
  const row = button?.closest(".deck");
  if (!button || !(row instanceof HTMLElement)) return;
  const { deck: id, upload } = row.dataset;
  if (!id) {
    const entry = uploads.entries.find((one) => uploadKey(one) === upload);
    if (entry) uploads.stopOne(entry);
  } else if (button.matches(".open")) {
    await openDeck(id);
    $("scan-panel").scrollIntoView();
    $("scan-title").focus({ preventScroll: true });
  } else if (button.matches(".fetch")) {
    await download(button, { kind: "deck", id });
  } else {
    await remove(id);
  }
}

/** @param {string} id */
async function remove(id) {
  const deck = openBatch().decks.get(id);
  if (!deck || !(await confirm(removeQuestion(deck.name)))) return;
  await call(`decks/${id}`, { method: "DELETE" });
  take({ decks_gone: [id] });
  if (state.opened === id) closeOpened();
  // A single deck that is left has no row to open it by.
  const left = decks();
  if (left.length === 1 && !uploads.open.length && !state.opened) await openDeck(left[0].id);
  draw();
  $("batch-title").focus();
}

takeKeyFromAddress();
wire();
if (key()) act(() => connect(useKey))();
else askForKey();
