// The page at /: joins what people do with the API and with what they see.

import { hash, setHash, takeKeyFromAddress } from "./address.js";
import { call, json, keepKey, key, post, save, send, wait } from "./api.js";
import { clearRows, drawBatch, drawStart } from "./batchview.js";
import { compare, drawKeep, onKeep, wireCompare } from "./compare.js";
import { closeDeck, drawJob, drawScan, listen, openedDeck, openedJob, toggleSlides } from "./deckview.js";
import { $, each, say, show, showError, soon } from "./dom.js";
import { estimateSoon } from "./estimate.js";
import { chosen, dropped, isBystander, watchDrops, whyNot } from "./files.js";
import { follow } from "./follow.js";
import { dropOldFiles } from "./keep.js";
import { clearRefusals, forgetRefused, readRefusals, refuse } from "./refusals.js";
import { begin, decks, isOpen, isStale, leftOut, scanQuery, state, take } from "./state.js";
import { Uploads } from "./uploads.js";
import { days, plural, size, when } from "./words.js";

const AWAY = [0, 502, 503, 504];
const NO_SUCH_KEY = { title: "This key does not fit.", message: "It is unknown, expired or revoked. Ask whoever runs this Crispdeck for another one." };

const uploads = new Uploads((entry) => uploadChanged(entry));
let following = new AbortController();

/** Run what a click asks for; what goes wrong is said in words. */
function act(work) {
  return async (event) => {
    event?.preventDefault?.();
    show("error", false);
    try {
      await work(event);
    } catch (error) {
      if (error.name === "AbortError") return;
      if (error.status === 401) askForKey();
      showError(error.status === 401 ? NO_SUCH_KEY : error);
    }
  };
}

// --- the key: in the address after #, never sent to a server as part of it ---------------------

function remember() {
  const values = new URLSearchParams();
  if (state.batch) values.set("batch", state.batch.id);
  if (state.batch && state.opened && decks().length > 1) values.set("deck", state.opened);
  setHash(values);
}

function askForKey() {
  leave();
  for (const id of ["deck-panel", "change-key"]) show(id, false);
  show("key-panel");
  $("key-field").focus();
}

async function useKey() {
  await lookAtLimits();
  show("key-panel", false);
  show("change-key");
  show("deck-panel");
  dropOldFiles();
  await restore();
}

/** Come in with the key that is known; where nobody answers, wait for it and say so. */
async function arrive() {
  for (;;) {
    try {
      return await useKey();
    } catch (error) {
      if (!AWAY.includes(error.status)) throw error;
    }
    show("offline");
    await wait(2000);
  }
}

async function lookAtLimits() {
  state.limits = await json("limits");
  let words = `.pptx, .pptm, .potx, .potm, .ppsx or .ppsm, up to ${size(state.limits.max_deck_bytes)} each. Kept for ${days(state.limits.retention_days)}, then deleted.`;
  if (state.limits.max_storage_bytes && room() < 5 * state.limits.max_deck_bytes) words += ` ${size(Math.max(0, room()))} of your space is free.`;
  say($("deck-limits"), words);
}

function room() {
  const { max_storage_bytes, storage_bytes } = state.limits;
  return max_storage_bytes ? max_storage_bytes - storage_bytes : Infinity;
}

// --- the batch ----------------------------------------------------------------------------------

async function restore() {
  const values = hash();
  leave();
  if (!values.has("batch")) return showEarlier();
  try {
    await openBatch(await json(`batches/${encodeURIComponent(values.get("batch"))}`), values.get("deck"));
  } catch (error) {
    if (![404, 410].includes(error.status)) throw error;
    setHash(new URLSearchParams());
    leave();
    throw Object.assign(error, { title: "These decks are no longer here.", message: "Decks are deleted after a while. Hand them in again." });
  }
}

async function showEarlier() {
  const { items } = await json("batches?limit=5");
  show("earlier", items.length > 0);
  $("earlier-list").replaceChildren(...items.map((batch) => {
    const button = document.createElement("button");
    button.className = "link";
    button.textContent = when(batch.created_at);
    button.addEventListener("click", act(async () => openBatch(await json(batch.links.self), null)));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

async function openBatch(batch, deckId) {
  begin(batch);
  takeChange({ ...batch, whole: true });
  for (const [control, name] of [["preset", "low_ppi"], ["target", "target_ppi"]]) $(control).value = String(batch.options[name]);
  $("layouts").checked = batch.options.layouts;
  show("earlier", false);
  show("sample-offer", false);
  document.body.classList.add("busy");
  const only = decks().length === 1 && !uploads.open.length ? decks()[0].id : null;
  if (deckId || only) await openDeck(deckId || only);
  remember();
  following = new AbortController();
  const { signal } = following;
  follow(batch.id, (change) => signal.aborted || takeChange(change), (isThere) => show("offline", !isThere), signal)
    .then((end) => end === "gone" && act(gone)(), act((error) => { throw error; }));
}

async function gone() {
  leave();
  remember();
  throw Object.assign(new Error("They were deleted, here or elsewhere."), { title: "These decks are no longer here." });
}

function takeChange(change) {
  take(change);
  uploads.keepOnly(state.batch.uploads);
  for (const upload of change.uploads || []) {
    if (upload.state === "receiving") uploads.resume(state.batch.id, upload);
    else if (upload.state === "refused") refuse(upload, upload.detail, upload.id);
  }
  const open = state.opened && state.batch.decks.get(state.opened);
  if (open && (change.decks || []).some((deck) => deck.id === open.id)) refreshJob();
  if (state.opened && !open) closeOpened();
  draw();
  estimateSoon();
}

const draw = () => state.batch && drawBatch(uploads);

async function batchForFiles() {
  if (state.batch) return state.batch;
  const made = await post("batches", choices());
  await openBatch({ ...made, decks: [], uploads: [] }, null);
  return state.batch;
}

const choices = () => ({ low_ppi: Number($("preset").value), target_ppi: Number($("target").value), layouts: $("layouts").checked });

// --- files --------------------------------------------------------------------------------------

async function handIn(found) {
  const items = found.filter((item) => !isBystander(item));
  await lookAtLimits();
  let left = room();
  const good = items.filter((item) => {
    if (uploads.adopt(item)) return false;
    const why = whyNot(item.file, state.limits, left);
    if (why) refuse({ name: item.file.name, folder: item.folder }, why, "");
    else left -= item.file.size;
    return !why;
  });
  if (found.length && !items.length) throw Object.assign(new Error("There is no PowerPoint file in it."), { title: "No deck was found." });
  if (good.length) {
    const batch = await batchForFiles();
    for (const item of good) uploads.add(batch.id, item);
    $("batch-title").focus();
  } else if (!state.batch) {
    readRefusals();
  }
  $("deck-form").reset(); // or choosing the same file again would change nothing
}

function uploadChanged(entry) {
  if (entry.state === "refused" && entry.why) refuse(entry, entry.why, "");
  if (["done", "refused"].includes(entry.state) && !uploads.open.length) act(allHandedIn)();
  draw();
}

/** A single deck is opened at once: there is nothing else to look at. */
async function allHandedIn() {
  const now = await json(`batches/${state.batch.id}`);
  takeChange({ ...now, whole: true });
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
  takeChange({ ...(await json(`batches/${batch.id}`)), whole: true });
  await openDeck(deck.id);
  $("scan-title").focus();
}

// --- choices, estimate, start -------------------------------------------------------------------

async function choose() {
  const made = await send("PUT", `batches/${state.batch.id}/options`, choices());
  state.batch.options = made.options;
  const stale = decks().filter((deck) => !isOpen(deck.job) && isStale(deck));
  state.rescans += 1;
  drawStart();
  try {
    await each(stale, 3, (deck) => call(`decks/${deck.id}/scan?${scanQuery()}`, { method: "POST" }));
  } finally {
    state.rescans -= 1;
  }
  takeChange({ ...(await json(`batches/${state.batch.id}`)), whole: true });
  if (state.opened && stale.some((deck) => deck.id === state.opened)) drawScan(await json(`decks/${state.opened}`));
}

async function start() {
  $("start").disabled = true;
  state.started = true;
  state.chooses = false;
  await send("POST", `batches/${state.batch.id}/jobs`, { left_out: leftOut() });
  takeChange({ ...(await json(`batches/${state.batch.id}`)), whole: true });
}

async function cancelAll() {
  takeChange({ ...(await json(`batches/${state.batch.id}/cancel`, { method: "POST" })), whole: true });
}

// --- one deck -----------------------------------------------------------------------------------

async function openDeck(id) {
  state.opened = id;
  drawScan(await json(`decks/${id}`));
  show("back", decks().length > 1);
  const job = state.batch.decks.get(id)?.job;
  if (job) drawJob(await json(`jobs/${job.id}`));
  remember();
  draw();
}

function closeOpened() {
  state.opened = null;
  closeDeck();
  remember();
  draw();
}

const refreshJob = soon(200, act(async () => {
  const id = state.opened;
  const brief = id && state.batch?.decks.get(id)?.job;
  if (!brief || openedDeck()?.id !== id) return;
  const fresh = await json(`jobs/${brief.id}`);
  if (state.opened !== id) return;
  drawJob(fresh);
  if (fresh.state === "done" && state.started && decks().length === 1) {
    state.started = false;
    $("result-title").focus();
  }
}));

/** Keep the original of one picture, or use the sharp one again; now or at any later time. */
async function keep(part) {
  const job = openedJob();
  const kept = job.kept.includes(part) ? job.kept.filter((each) => each !== part) : [...job.kept, part];
  drawJob(await send("PUT", `jobs/${job.id}/kept`, { parts: kept }));
  if ($("compare").open) drawKeep();
}

async function deleteAll() {
  say($("sure-text"), `${plural(decks().length, "deck")} and all that was made of ${decks().length === 1 ? "it" : "them"} will be gone from this server. What you have downloaded stays.`);
  $("sure").returnValue = "no";
  $("sure").showModal();
  await new Promise((done) => $("sure").addEventListener("close", done, { once: true }));
  if ($("sure").returnValue !== "yes") return;
  following.abort();
  uploads.cancel();
  await call(`batches/${state.batch.id}`, { method: "DELETE" });
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
  for (const id of ["batch-panel", "offline", "error"]) show(id, false);
  clearRefusals();
  document.body.classList.remove("busy");
  show("sample-offer");
  show("deck-panel", !$("change-key").hidden);
}

// --- wiring -------------------------------------------------------------------------------------

function wire() {
  const on = (id, kind, work) => $(id).addEventListener(kind, act(work));
  on("key-form", "submit", async () => {
    keepKey($("key-field").value.trim());
    $("key-field").value = "";
    await useKey();
  });
  on("change-key", "click", () => (keepKey(""), askForKey()));
  for (const id of ["deck-field", "folder-field"]) on(id, "change", () => handIn(chosen($(id))));
  on("sample", "click", sample);
  on("refused-close", "click", forgetRefused);
  on("upload-stop", "click", () => uploads.cancel());
  on("cancel-all", "click", cancelAll);
  on("again", "click", async () => (leave(), remember(), $("deck-field").focus(), showEarlier()));
  on("delete", "click", deleteAll);
  for (const id of ["preset", "target", "layouts"]) on(id, "change", choose);
  on("choose", "submit", start);
  on("otherwise", "click", () => ((state.chooses = true), draw(), $("preset").focus()));
  on("download-all", "click", () => save(`batches/${state.batch.id}/enhanced?report=${$("zip-report").value}`));
  on("back", "click", closeOpened);
  on("all-slides", "click", toggleSlides);
  on("cancel", "click", () => call(`jobs/${openedJob().id}/cancel`, { method: "POST" }));
  on("retry", "click", async () => {
    state.started = true;
    drawJob(await json(`jobs/${openedJob().id}/retry`, { method: "POST" }));
  });
  on("download", "click", () => save(openedJob().links.enhanced));
  on("report", "click", () => save(openedJob().links.report));
  on("report-slides", "click", () => save(`${openedJob().links.report}&format=pptx`));
  $("error-close").addEventListener("click", () => show("error", false));
  $("decks").addEventListener("click", act(rowClicked));
  addEventListener("hashchange", act(async () => (takeKeyFromAddress(), useKey())));
  listen((kind, part) => act(async () => wishes[kind](part))());
  onKeep(keep);
  wireCompare(act);
  watchDrops($("drop"), act(async (event) => {
    if (!$("deck-panel").hidden && event.dataTransfer) await handIn(await dropped(event.dataTransfer));
  }));
}

const wishes = { picked: () => (drawStart(), estimateSoon()), compare, keep };

async function rowClicked(event) {
  const id = event.target.closest("button") && event.target.closest(".deck")?.dataset.deck;
  if (!id) return;
  if (event.target.matches(".open")) {
    await openDeck(id);
    $("scan-panel").scrollIntoView();
    $("scan-title").focus({ preventScroll: true });
  } else {
    await call(`decks/${id}`, { method: "DELETE" });
    take({ decks_gone: [id] });
    if (state.opened === id) closeOpened();
    draw();
    $("batch-title").focus();
  }
}

takeKeyFromAddress();
wire();
if (key()) act(arrive)();
else askForKey();
