// The page at /: joins what people do with the API and with what they see.

import { call, follow, json, keepKey, key, picture, post, save, upload } from "./api.js";
import * as view from "./view.js";

const { $, show } = view;
const state = { deck: null, job: null, stop: new AbortController(), loaded: new Set() };

/** Run what a click asks for; what goes wrong is said in words. */
function act(work) {
  return async (event) => {
    event?.preventDefault?.();
    show("error", false);
    try {
      await work(event);
    } catch (error) {
      if (error.name === "AbortError") return;
      show("upload", false);
      $("deck-form").reset(); // or choosing the same file again would change nothing
      if (error.status === 401) askForKey();
      view.showError(error);
    }
  };
}

// --- the key: in the address after #, never sent to a server as part of it ---------------------

function hash() {
  return new URLSearchParams(location.hash.slice(1));
}

function takeKeyFromAddress() {
  const values = hash();
  if (!values.has("key")) return;
  keepKey(values.get("key"));
  values.delete("key");
  setHash(values);
}

function setHash(values) {
  const text = values.toString();
  history.replaceState(null, "", text ? `#${text}` : location.pathname);
}

function remember() {
  const values = new URLSearchParams();
  if (state.deck) values.set("deck", state.deck.id);
  if (state.job) values.set("job", state.job.id);
  setHash(values);
}

function askForKey() {
  show("key-panel");
  show("deck-panel", false);
  show("scan-panel", false);
  show("change-key", false);
  $("key-field").focus();
}

async function useKey() {
  const limits = await json("limits");
  $("deck-limits").textContent = limitsInWords(limits);
  state.maxBytes = limits.max_deck_bytes;
  show("key-panel", false);
  show("change-key");
  await restore();
}

function limitsInWords(limits) {
  const kept = limits.retention_days === 1 ? "one day" : `${limits.retention_days} days`;
  let words = `.pptx, .pptm, .potx, .potm, .ppsx or .ppsm, up to ${view.size(limits.max_deck_bytes)}. Kept for ${kept}, then deleted.`;
  const room = limits.max_storage_bytes - limits.storage_bytes;
  if (limits.max_storage_bytes && room < 5 * limits.max_deck_bytes) words += ` ${view.size(Math.max(0, room))} of your space is free.`;
  return words;
}

// --- the deck -----------------------------------------------------------------------------------

async function restore() {
  const values = hash();
  view.showStart();
  if (!values.has("deck")) return;
  try {
    const deck = await json(`decks/${encodeURIComponent(values.get("deck"))}`);
    openDeck(deck);
    if (values.has("job")) await openJob(await json(`jobs/${encodeURIComponent(values.get("job"))}`));
  } catch (error) {
    if (![404, 410].includes(error.status)) throw error;
    setHash(new URLSearchParams());
    view.showStart();
    throw Object.assign(error, { title: "This deck is no longer here.", message: "Decks are deleted after a while. Hand it in again." });
  }
}

function openDeck(deck) {
  state.deck = deck;
  state.job = null;
  state.loaded.clear();
  remember();
  show("upload", false);
  show("deck-panel", false);
  show("scan-panel");
  show("choose");
  show("progress", false);
  show("result", false);
  view.showScan(deck, watchLooks);
  view.showChoice();
  view.tell($("low-title").textContent);
}

async function send(file) {
  if (state.maxBytes && file.size > state.maxBytes) {
    throw Object.assign(new Error(`It has ${view.size(file.size)}; at most ${view.size(state.maxBytes)} are taken.`), { title: "This deck is too large." });
  }
  state.stop = new AbortController();
  view.showUpload(0);
  openDeck(await upload(file, new URLSearchParams({ preset: $("preset").value }), view.showUpload, state.stop.signal));
  $("scan-title").focus();
}

async function rescan() {
  const query = new URLSearchParams({ preset: $("preset").value });
  openDeck(await json(`decks/${state.deck.id}?${query}`));
}

// Thumbnails come when they come into view: a deck may hold hundreds.
const looks = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    looks.unobserve(entry.target);
    loadBefore(entry.target);
  }
}, { rootMargin: "200px" });

function watchLooks(items, deck) {
  looks.disconnect();
  for (const item of items) {
    const found = deck.pictures.find((each) => each.part === item.dataset.part);
    if (!found?.thumbnail_url) continue;
    item.thumbnail = found.thumbnail_url;
    looks.observe(item);
  }
}

async function loadBefore(item) {
  try {
    view.showBefore(item, await picture(item.thumbnail));
  } catch {
    // A picture that cannot be shown has its words.
  }
}

async function loadAfter(job) {
  for (const made of job.pictures.filter((each) => each.state === "done")) {
    if (state.loaded.has(made.id) || !made.thumbnail_url) continue;
    state.loaded.add(made.id);
    const items = [...document.querySelectorAll("#low .picture")].filter((item) => made.parts.includes(item.dataset.part));
    try {
      const address = await picture(made.thumbnail_url);
      items.forEach((item) => view.showAfter(item, address));
    } catch {
      state.loaded.delete(made.id);
    }
  }
}

// --- the job ------------------------------------------------------------------------------------

async function start() {
  $("start").disabled = true;
  const { low_ppi, target_ppi, max_scale, layouts } = state.deck.scan.options;
  const body = { pictures: view.chosenParts(), low_ppi, target_ppi, max_scale, layouts };
  try {
    const job = await post(`decks/${state.deck.id}/jobs`, body);
    await openJob(job);
  } finally {
    view.showChoice();
  }
}

async function openJob(job) {
  state.job = job;
  remember();
  view.showJob(job);
  loadAfter(job);
  if (!["queued", "running"].includes(job.state)) return;
  state.stop = new AbortController();
  let pending = null;
  const refresh = async () => {
    pending = null;
    const fresh = await json(`jobs/${job.id}`);
    if (state.job?.id !== job.id) return;
    state.job = fresh;
    view.showJob(fresh);
    loadAfter(fresh);
  };
  const soon = () => (pending ??= setTimeout(act(refresh), 250));
  await follow(job.id, soon, state.stop.signal);
  clearTimeout(pending);
  if (state.job?.id !== job.id) return;
  await refresh();
  if (state.job.state === "done") $("result-title").focus();
}

function leave() {
  state.stop.abort();
  state.deck = state.job = null;
  remember();
  view.showStart();
  $("deck-field").focus();
}

// --- wiring -------------------------------------------------------------------------------------

const deckFile = (list) => [...(list || [])][0];

function wire() {
  const on = (id, kind, work) => $(id).addEventListener(kind, act(work));
  on("key-form", "submit", async () => {
    keepKey($("key-field").value.trim());
    $("key-field").value = "";
    await useKey();
  });
  on("change-key", "click", () => (state.stop.abort(), keepKey(""), askForKey()));
  on("deck-field", "change", async () => deckFile($("deck-field").files) && send(deckFile($("deck-field").files)));
  on("sample", "click", async () => {
    view.showUpload(1);
    openDeck(await post("decks/sample", {}));
    $("scan-title").focus();
  });
  on("upload-stop", "click", () => (state.stop.abort(), view.showStart()));
  on("again", "click", leave);
  on("preset", "change", rescan);
  on("start", "click", start);
  on("cancel", "click", () => call(`jobs/${state.job.id}/cancel`, { method: "POST" }));
  on("retry", "click", async () => openJob(await json(`jobs/${state.job.id}/retry`, { method: "POST" })));
  on("download", "click", () => save(state.job.links.enhanced));
  on("report", "click", () => save(state.job.links.report));
  $("error-close").addEventListener("click", () => show("error", false));
  $("low").addEventListener("change", view.showChoice);
  addEventListener("hashchange", act(async () => (takeKeyFromAddress(), state.stop.abort(), useKey())));
  wireDrop();
}

function wireDrop() {
  const drop = $("drop");
  for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
  drop.addEventListener("dragover", () => drop.classList.add("over"));
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  addEventListener("drop", act(async (event) => {
    drop.classList.remove("over");
    if (!$("deck-panel").hidden && deckFile(event.dataTransfer?.files)) await send(deckFile(event.dataTransfer.files));
  }));
}

takeKeyFromAddress();
wire();
if (key()) act(useKey)();
else askForKey();
