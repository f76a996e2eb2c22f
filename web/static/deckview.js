// Draws one deck: its slides with what is blurred on them, and a card for every picture.

import { jobWords, overOf } from "./batchview.js";
import { $, children, fill, piece, say, show, tell, within } from "./dom.js";
import { forgetLooks, lookAt } from "./lazy-images.js";
import { isOpen, leave, leftOut } from "./state.js";
import {
  chipWords,
  compareName,
  pictureName,
  plainSharpness,
  sharperWords,
  sharpNow,
  SLIDES_NOW,
} from "./sentences.js";
import { shown, shownDeck } from "./shown.js";
import { capital, plural, size, slides as slideWords } from "./words.js";

const FIRST_SLIDES = 6;
/** Whether all slides are shown, not only the first. */
let isWhole = false;

/** @typedef {(kind: "picked" | "compare" | "keep", part: string) => void} Wish hears what people ask for */

/** @type {Wish} */
let wish = () => {};

/** @param {Wish} heard */
export function listen(heard) {
  wish = heard;
}

export function closeDeck() {
  forgetLooks($("scan-panel"));
  Object.assign(shown, { deck: null, job: null });
  isWhole = false;
  show("scan-panel", false);
}

/** @param {string} id */
export const isShown = (id) => shown.deck?.id === id;

/**
 * Show a deck's scan: what is blurred, what is left alone and why.
 * @param {Deck} deck
 */
export function drawScan(deck) {
  const isSame = shown.deck?.id === deck.id;
  if (!isSame) closeDeck();
  shown.deck = deck;
  const low = deck.pictures.filter((each) => each.verdict === "low");
  const left = deck.pictures.filter((each) => each.verdict !== "low");
  low.sort((a, b) => (a.effective_ppi || 0) - (b.effective_ppi || 0));
  say($("scan-title"), deck.name);
  say(
    $("scan-facts"),
    `${plural(deck.scan.slides, "slide")}, ${plural(deck.pictures.length, "picture")}, ${size(deck.size_bytes)}`,
  );
  $("low-title").textContent = low.length
    ? `${plural(low.length, "picture looks", "pictures look")} blurred`
    : "No picture looks blurred at this setting";
  $("left-title").textContent = `${plural(left.length, "picture is", "pictures are")} left alone`;
  const parts = new Set(leftOut()[deck.id] || []);
  $("low").classList.remove("started");
  $("low").replaceChildren(...low.map((each) => card(each, sharpness(each), parts)));
  $("left").replaceChildren(...left.map((each) => card(each, capital(each.why), parts)));
  show("left-part", left.length > 0);
  show("progress", false);
  show("result", false);
  show("scan-panel");
  drawSlides();
  tell($("low-title").textContent ?? "");
}

/** @param {PictureOfDeck} found */
const sharpness = ({ effective_ppi, sentence }) => capital(plainSharpness(effective_ppi, sentence));

/**
 * Say how much sharper a picture is now; "" where that is not known.
 * @param {Job} job
 * @param {string} part
 */
function nowWords(job, part) {
  const told = job.summary?.pictures?.find((each) => each.part === part);
  if (!told?.sentence_after || !told.sentence_before) return "";
  const { ppi_before: before, ppi_after: after } = told;
  return capital(sharperWords(before, after, told.sentence_before, told.sentence_after));
}

/** @param {PictureOfDeck} found */
function factsOf(found) {
  const words = [];
  if (found.width_px) words.push(`${found.width_px} × ${found.height_px} pixels`);
  if (found.name) words.push(found.name);
  return words.join(" · ");
}

/**
 * @param {PictureOfDeck} found
 * @param {string} sentence
 * @param {Set<string>} leftParts
 */
function card(found, sentence, leftParts) {
  const item = piece("picture-template");
  const title = slideWords(found.slides);
  item.dataset.part = found.part;
  within(item, ".where").textContent = title;
  within(item, ".sentence").textContent = sentence;
  item.dataset.before = sentence;
  within(item, ".facts").textContent = factsOf(found);
  within(item, ".pick-name").textContent = `Sharpen the picture on ${title.toLowerCase()}`;
  const box = within(item, ".chosen", HTMLInputElement);
  box.checked = !leftParts.has(found.part);
  box.addEventListener("change", () => pick(found.part, box.checked));
  const image = within(item, ".before img", HTMLImageElement);
  image.alt = found.alt_text || `The picture on ${title.toLowerCase()}`;
  within(item, ".compare").setAttribute(
    "aria-label",
    `Compare the picture on ${title.toLowerCase()} before and after`,
  );
  within(item, ".compare").addEventListener("click", () => wish("compare", found.part));
  within(item, ".keep").addEventListener("click", () => wish("keep", found.part));
  if (found.thumbnail_url) lookAt(within(item, ".before"), found.thumbnail_url);
  return item;
}

/**
 * @param {string} part
 * @param {boolean} isWanted
 */
function pick(part, isWanted) {
  leave(shownDeck().id, part, !isWanted);
  for (const item of children($("low"))) {
    if (item.dataset.part === part) within(item, ".chosen", HTMLInputElement).checked = isWanted;
  }
  for (const made of marks()) if (made.dataset.part === part) press(made);
  wish("picked", part);
}

// --- slides -------------------------------------------------------------------------------------

/** @returns {NodeListOf<HTMLButtonElement>} */
const marks = () => $("slides").querySelectorAll("button.mark");

function drawSlides() {
  const deck = shownDeck();
  /** @type {Map<number, Placement[]>} */
  const bySlide = new Map();
  for (const placement of deck.placements) {
    if (!placement.slide || placement.left_in === null || placement.shown_width_in === null)
      continue;
    bySlide.set(placement.slide, [...(bySlide.get(placement.slide) ?? []), placement]);
  }
  /** @param {Placement[]} placements */
  const worst = (placements) =>
    Math.min(
      ...placements.filter((each) => each.verdict === "low").map((each) => each.effective_ppi || 0),
    );
  const blurred = [...bySlide].filter(([, placements]) =>
    placements.some((each) => each.verdict === "low"),
  );
  blurred.sort(([a, x], [b, y]) => worst(x) - worst(y) || a - b);
  /** @type {[number, Placement[]][]} */
  const whole = Array.from({ length: deck.scan.slides }, (_, at) => [
    at + 1,
    bySlide.get(at + 1) || [],
  ]);
  const drawn = isWhole ? whole : blurred.slice(0, FIRST_SLIDES);
  say(
    $("slides-title"),
    isWhole
      ? "All slides"
      : blurred.length > 1
        ? "Slides with blurred pictures, worst first"
        : "The slide with blurred pictures",
  );
  show("slides-part", drawn.length > 0 || isWhole);
  $("slides").replaceChildren(...drawn.map(([number, placements]) => slide(number, placements)));
  const more = $("all-slides");
  more.hidden = !isWhole && deck.scan.slides === drawn.length;
  say(
    more,
    isWhole ? "Only those with blurred pictures" : `Show all ${plural(deck.scan.slides, "slide")}`,
  );
}

export function toggleSlides() {
  isWhole = !isWhole;
  drawSlides();
  if (shown.job) drawMarks(shown.job);
}

/**
 * @param {number} number
 * @param {Placement[]} placements
 */
function slide(number, placements) {
  const item = piece("slide-template");
  const { scan, id } = shownDeck();
  const low = placements.filter((each) => each.verdict === "low");
  const look = within(item, ".slide-look");
  look.style.aspectRatio = `${scan.slide_width_in} / ${scan.slide_height_in}`;
  const image = within(look, "img", HTMLImageElement);
  image.alt = `Slide ${number}, sketched`;
  item.dataset.slide = `/api/v1/decks/${id}/slides/${number}`;
  lookAt(look, item.dataset.slide);
  within(item, "b").textContent = `Slide ${number}`;
  /** @param {Placement} each */
  const ppi = (each) => each.effective_ppi ?? Infinity;
  const worst = [...low].sort((a, b) => ppi(a) - ppi(b)).at(0);
  item.dataset.words = worst
    ? `${plural(low.length, "blurred picture")}, ${worst.sentence}`
    : placements.length
      ? capital(placements[0].why)
      : "no picture";
  within(item, ".hint").textContent = item.dataset.words;
  look.append(...placements.map((each) => mark(each, scan)));
  return item;
}

/**
 * @param {Placement} placement
 * @param {Deck["scan"]} scan
 */
function mark(placement, scan) {
  const isLow = placement.verdict === "low";
  const made = isLow ? markButton(placement) : document.createElement("span");
  made.className = `mark ${placement.verdict}`;
  /** @type {(value: number | null, whole: number) => string} */
  const share = (value, whole) => `${(100 * (value ?? 0)) / whole}%`;
  made.style.left = share(placement.left_in, scan.slide_width_in);
  made.style.top = share(placement.top_in, scan.slide_height_in);
  made.style.width = share(placement.shown_width_in, scan.slide_width_in);
  made.style.height = share(placement.shown_height_in, scan.slide_height_in);
  if (placement.rotation_deg) made.style.transform = `rotate(${placement.rotation_deg}deg)`;
  made.title = capital(isLow ? placement.sentence : placement.why);
  return made;
}

/**
 * What can be pressed on a slide: before the start to choose a picture, after it to compare it.
 * @param {Placement} placement
 */
function markButton({ part, slide: number, effective_ppi, sentence }) {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.part = part ?? "";
  made.dataset.name = pictureName(number, chipWords(effective_ppi), sentence);
  const chip = document.createElement("span");
  chip.textContent = chipWords(effective_ppi);
  made.append(chip);
  press(made);
  made.addEventListener("click", () => {
    if (shown.job) wish("compare", part ?? "");
    else pick(part ?? "", made.getAttribute("aria-pressed") !== "true");
  });
  return made;
}

/** @param {HTMLElement} made */
function press(made) {
  const isWanted = !(leftOut()[shownDeck().id] || []).includes(made.dataset.part ?? "");
  made.setAttribute("aria-pressed", String(isWanted));
  made.setAttribute("aria-label", `Sharpen the ${made.dataset.name}`);
}

// --- the job ------------------------------------------------------------------------------------

/** @type {Record<PictureOfJob["state"], string>} */
const STATES = {
  queued: "waiting",
  running: "at work…",
  done: "sharp",
  skipped: "left alone",
  failed: "failed",
  cancelled: "cancelled",
};

/**
 * Show a job's pictures as they stand: one bar, one sentence, one chip each.
 * @param {Job} job
 */
export function drawJob(job) {
  shown.job = job;
  const { counts } = job;
  const ended = !isOpen(job);
  const isDone = job.state === "done";
  const brief = briefOf(job);
  const words =
    isDone && counts.failed
      ? `${plural(counts.failed, "picture")} could not be made sharp.`
      : jobWords(brief);
  if (ended) fill($("job-bar"), 1);
  else fill($("job-bar"), job.stage === "prepare" ? null : overOf(job), counts.total);
  say($("job-text"), words);
  $("low").classList.add("started");
  for (const item of children($("low"))) drawCard(item, job);
  show("progress", !isDone || counts.failed > 0);
  show("job-bar", !ended);
  show("cancel", !ended);
  show("retry", ended && (counts.failed > 0 || job.state === "failed"));
  show("result", isDone);
  if (isDone) drawResult(job, brief);
  drawMarks(job);
  tell(words);
}

/**
 * @param {Job} job
 * @returns {JobInBrief}
 */
const briefOf = (job) => ({
  ...job,
  changed: job.summary?.pictures?.length ?? job.counts.done,
  kept: job.kept.length,
  bytes_before: job.summary?.bytes_before,
  bytes_after: job.summary?.bytes_after,
});

/**
 * @param {HTMLElement} item
 * @param {Job} job
 */
function drawCard(item, job) {
  const { part = "" } = item.dataset;
  const found = job.pictures.find((each) => each.parts.includes(part));
  within(item, ".chosen", HTMLInputElement).disabled = true;
  const isSharp = found?.state === "done";
  const isKept = job.kept.includes(part);
  const chip = within(item, ".state");
  chip.hidden = !found;
  if (found) drawChip(chip, found, isKept);
  const canCompare = isSharp && job.state === "done";
  say(within(item, ".sentence"), (!isKept && nowWords(job, part)) || (item.dataset.before ?? ""));
  within(item, ".compare").hidden = !canCompare;
  within(item, ".keep").hidden = !canCompare;
  say(within(item, ".keep"), isKept ? "Use the sharp one" : "Keep the original");
  if (isSharp && found.thumbnail_url) drawAfter(item, found.thumbnail_url);
}

/**
 * @param {HTMLElement} chip
 * @param {PictureOfJob} made
 * @param {boolean} isKept
 */
function drawChip(chip, made, isKept) {
  chip.className = `state ${isKept ? "kept" : made.state}`;
  if (isKept) say(chip, "original kept");
  else if (made.state === "done") say(chip, STATES.done + (made.scale ? `, ×${made.scale}` : ""));
  else say(chip, STATES[made.state] + (made.why ? `: ${made.why}` : ""));
}

/**
 * @param {HTMLElement} item
 * @param {string} path
 */
function drawAfter(item, path) {
  const figure = within(item, ".after");
  const image = within(figure, "img", HTMLImageElement);
  image.alt = `${within(item, ".before img", HTMLImageElement).alt}, sharp`;
  figure.hidden = false;
  within(item, ".looks").classList.add("both");
  lookAt(figure, path);
}

/**
 * @param {Job} job
 * @param {JobInBrief} brief
 */
function drawResult(job, brief) {
  const sharp = brief.changed - brief.kept;
  $("result").classList.toggle("partly", job.counts.failed > 0 || !sharp);
  say($("result-title"), sharpNow(sharp));
  const growth = brief.bytes_after
    ? `The file went from ${size(brief.bytes_before ?? 0)} to ${size(brief.bytes_after)}. `
    : "";
  if (brief.changed) say($("low-title"), "Before and after");
  say($("result-facts"), `${growth}Everything else in the deck is as it was.`);
  for (const id of /** @type {const} */ (["download", "report", "report-slides"]))
    show(id, Boolean(job.links.enhanced));
}

/** @param {Job} job */
function drawMarks(job) {
  for (const made of marks()) drawMark(made, job);
  for (const item of children($("slides"))) {
    drawWords(item);
    drawNow(item, job);
  }
  if (job.state === "done" && !isWhole) say($("slides-title"), SLIDES_NOW);
}

/**
 * Show the slide as the job has left it, where one of its pictures is sharp.
 * @param {HTMLElement} item
 * @param {Job} job
 */
function drawNow(item, job) {
  if (job.state !== "done") return;
  const isSharp = Boolean(item.querySelector("button.mark.sharp"));
  const path = item.dataset.slide ?? "";
  // What was kept is no part of the address for the server, only for what is known here.
  const from = isSharp ? `${path}?job=${job.id}#${job.kept.join()}` : path;
  lookAt(within(item, ".slide-look"), from);
}

/**
 * @param {HTMLButtonElement} made
 * @param {Job} job
 */
function drawMark(made, job) {
  const { part = "", name } = made.dataset;
  const isDone = job.pictures.some((each) => each.state === "done" && each.parts.includes(part));
  const isSharp = isDone && !job.kept.includes(part);
  made.removeAttribute("aria-pressed");
  made.disabled = !isDone;
  made.setAttribute("aria-label", `The ${name}`);
  made.classList.toggle("done", isDone);
  made.classList.toggle("sharp", isSharp);
  if (!isDone) return;
  const told = job.summary?.pictures?.find((each) => each.part === part);
  const chip = isSharp ? chipWords(told?.ppi_after) : "original";
  say(within(made, "*"), chip);
  made.setAttribute("aria-label", compareName(name ?? "", chip));
}

/**
 * Say under a slide how many of its pictures are sharp by now; before that, how blurred they are.
 * @param {HTMLElement} item
 */
function drawWords(item) {
  const low = item.querySelectorAll("button.mark").length;
  const sharp = item.querySelectorAll("button.mark.sharp").length;
  const words =
    sharp < low
      ? `${sharp} of ${plural(low, "picture")} sharp now`
      : `${plural(low, "picture")} sharp now`;
  say(within(item, ".hint"), sharp ? words : (item.dataset.words ?? ""));
}
