// Draws one deck: its slides with what is blurred on them, and a card for every picture.

import { picture } from "./api.js";
import { jobWords } from "./batchview.js";
import { $, fill, piece, say, show, tell } from "./dom.js";
import { leave, leftOut, state } from "./state.js";
import { capital, plural, size, slides as slideWords } from "./words.js";

const FIRST_SLIDES = 6;
const shown = { deck: null, job: null, addresses: new Map(), isWhole: false };

/** `wish(kind, item)` hears what people ask for: "picked", "compare" or "keep". */
let wish = () => {};
export const listen = (heard) => (wish = heard);

// Looks come when they come into view: a deck may hold hundreds.
const sight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    sight.unobserve(target);
    load(target.querySelector("img"));
  }
}, { rootMargin: "300px" });

async function load(image) {
  try {
    image.src = await address(image.dataset.from);
    image.hidden = false;
    image.closest(".slide-look")?.classList.add("there");
  } catch {
    image.closest(".slide-look")?.classList.add("failed"); // it has its words
  }
}

function address(path) {
  if (!shown.addresses.has(path)) shown.addresses.set(path, picture(path));
  return shown.addresses.get(path);
}

export function closeDeck() {
  sight.disconnect();
  for (const made of shown.addresses.values()) made.then(URL.revokeObjectURL, () => {});
  Object.assign(shown, { deck: null, job: null, addresses: new Map(), isWhole: false });
  show("scan-panel", false);
}

export const openedDeck = () => shown.deck;
export const openedJob = () => shown.job;

/** Show a deck's scan: what is blurred, what is left alone and why. */
export function drawScan(deck) {
  const isSame = shown.deck?.id === deck.id;
  if (!isSame) closeDeck();
  shown.deck = deck;
  const low = deck.pictures.filter((each) => each.verdict === "low");
  const left = deck.pictures.filter((each) => each.verdict !== "low");
  low.sort((a, b) => (a.effective_ppi || 0) - (b.effective_ppi || 0));
  say($("scan-title"), deck.name);
  say($("scan-facts"), `${plural(deck.scan.slides, "slide")}, ${plural(deck.pictures.length, "picture")}, ${size(deck.size_bytes)}`);
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
  tell($("low-title").textContent);
}

const sharpness = ({ sentence, sentence_4k }) => capital([sentence, sentence_4k].filter(Boolean).join("; "));

function factsOf(found) {
  const words = [];
  if (found.width_px) words.push(`${found.width_px} × ${found.height_px} pixels`);
  if (found.effective_ppi) words.push(`${Math.round(found.effective_ppi)} ppi on the slide`);
  if (found.name) words.push(found.name);
  return words.join(" · ");
}

function card(found, sentence, leftParts) {
  const item = piece("picture-template");
  const title = slideWords(found.slides);
  item.dataset.part = found.part;
  item.querySelector(".where").textContent = title;
  item.querySelector(".sentence").textContent = sentence;
  item.querySelector(".facts").textContent = factsOf(found);
  item.querySelector(".pick-name").textContent = `Sharpen the picture on ${title.toLowerCase()}`;
  const box = item.querySelector(".chosen");
  box.checked = !leftParts.has(found.part);
  box.addEventListener("change", () => pick(found.part, box.checked));
  const image = item.querySelector(".before img");
  image.alt = found.alt_text || `The picture on ${title.toLowerCase()}`;
  item.querySelector(".compare").setAttribute("aria-label", `Compare the picture on ${title.toLowerCase()} before and after`);
  item.querySelector(".compare").addEventListener("click", () => wish("compare", found.part));
  item.querySelector(".keep").addEventListener("click", () => wish("keep", found.part));
  if (found.thumbnail_url) {
    image.dataset.from = found.thumbnail_url;
    sight.observe(image.closest("figure"));
  }
  return item;
}

function pick(part, isWanted) {
  leave(shown.deck.id, part, !isWanted);
  for (const item of $("low").children) if (item.dataset.part === part) item.querySelector(".chosen").checked = isWanted;
  for (const mark of $("slides").querySelectorAll("button.mark")) if (mark.dataset.part === part) press(mark);
  wish("picked", part);
}

// --- slides -------------------------------------------------------------------------------------

function drawSlides() {
  const { deck } = shown;
  const bySlide = new Map();
  for (const placement of deck.placements) {
    if (!placement.slide || placement.left_in === null || placement.shown_width_in === null) continue;
    if (!bySlide.has(placement.slide)) bySlide.set(placement.slide, []);
    bySlide.get(placement.slide).push(placement);
  }
  const worst = (placements) => Math.min(...placements.filter((each) => each.verdict === "low").map((each) => each.effective_ppi || 0));
  const blurred = [...bySlide].filter(([, placements]) => placements.some((each) => each.verdict === "low"));
  blurred.sort(([a, x], [b, y]) => worst(x) - worst(y) || a - b);
  const whole = Array.from({ length: deck.scan.slides }, (_, at) => [at + 1, bySlide.get(at + 1) || []]);
  const drawn = shown.isWhole ? whole : blurred.slice(0, FIRST_SLIDES);
  say($("slides-title"), shown.isWhole ? "All slides" : blurred.length > 1 ? "Slides with blurred pictures, worst first" : "The slide with blurred pictures");
  show("slides-part", drawn.length > 0 || shown.isWhole);
  $("slides").replaceChildren(...drawn.map(([number, placements]) => slide(number, placements)));
  const more = $("all-slides");
  more.hidden = !shown.isWhole && deck.scan.slides === drawn.length;
  say(more, shown.isWhole ? "Only those with blurred pictures" : `Show all ${plural(deck.scan.slides, "slide")}`);
}

export function toggleSlides() {
  shown.isWhole = !shown.isWhole;
  drawSlides();
  if (shown.job) drawMarks();
}

function slide(number, placements) {
  const item = piece("slide-template");
  const { scan, id } = shown.deck;
  const low = placements.filter((each) => each.verdict === "low");
  const look = item.querySelector(".slide-look");
  look.style.aspectRatio = `${scan.slide_width_in} / ${scan.slide_height_in}`;
  const image = look.querySelector("img");
  image.alt = `Slide ${number}, sketched`;
  image.dataset.from = `/api/v1/decks/${id}/slides/${number}`;
  sight.observe(look);
  item.querySelector("b").textContent = `Slide ${number}`;
  const worst = low.reduce((a, b) => ((a?.effective_ppi ?? Infinity) < b.effective_ppi ? a : b), null);
  item.dataset.words = worst
    ? `${plural(low.length, "blurred picture")}, ${worst.sentence}`
    : placements.length ? capital(placements[0].why) : "no picture";
  item.querySelector(".hint").textContent = item.dataset.words;
  look.append(...placements.map((each) => mark(each, scan)));
  return item;
}

function mark(placement, scan) {
  const isLow = placement.verdict === "low";
  const made = document.createElement(isLow ? "button" : "span");
  made.className = `mark ${placement.verdict}`;
  const share = (value, whole) => `${(100 * value) / whole}%`;
  made.style.left = share(placement.left_in, scan.slide_width_in);
  made.style.top = share(placement.top_in, scan.slide_height_in);
  made.style.width = share(placement.shown_width_in, scan.slide_width_in);
  made.style.height = share(placement.shown_height_in, scan.slide_height_in);
  if (placement.rotation_deg) made.style.transform = `rotate(${placement.rotation_deg}deg)`;
  made.title = capital(isLow ? placement.sentence : placement.why);
  if (!isLow) return made;
  made.type = "button";
  made.dataset.part = placement.part;
  made.dataset.name = `picture on slide ${placement.slide}, ${Math.round(placement.effective_ppi)} ppi, ${placement.sentence}`;
  const chip = document.createElement("span");
  chip.textContent = `${Math.round(placement.effective_ppi)} ppi`;
  made.append(chip);
  press(made);
  made.addEventListener("click", () => {
    if (shown.job) wish("compare", placement.part);
    else pick(placement.part, made.getAttribute("aria-pressed") !== "true");
  });
  return made;
}

function press(made) {
  const isWanted = !(leftOut()[shown.deck.id] || []).includes(made.dataset.part);
  made.setAttribute("aria-pressed", String(isWanted));
  made.setAttribute("aria-label", `Sharpen the ${made.dataset.name}`);
}

// --- the job ------------------------------------------------------------------------------------

const STATES = { queued: "waiting", running: "at work…", done: "sharp", skipped: "left alone", failed: "failed", cancelled: "cancelled" };

/** Show a job's pictures as they stand: one bar, one sentence, one chip each. */
export function drawJob(job) {
  shown.job = job;
  const { counts } = job;
  const over = counts.done + counts.skipped + counts.failed + counts.cancelled;
  const ended = !["queued", "running"].includes(job.state);
  const brief = briefOf(job);
  fill($("job-bar"), !ended && job.stage === "prepare" ? null : ended ? 1 : over, ended ? 1 : counts.total);
  const words = ended && counts.failed && job.state === "done" ? `${plural(counts.failed, "picture")} could not be made sharp.` : jobWords(brief);
  say($("job-text"), words);
  $("low").classList.add("started");
  for (const item of $("low").children) drawCard(item, job);
  show("progress", !ended || job.state !== "done" || counts.failed > 0);
  show("job-bar", !ended);
  show("cancel", !ended);
  show("retry", ended && (counts.failed > 0 || job.state !== "done"));
  show("result", job.state === "done");
  if (job.state === "done") drawResult(job, brief);
  drawMarks();
  tell(words);
}

const briefOf = (job) => ({
  ...job,
  changed: job.summary?.pictures?.length ?? job.counts.done,
  kept: job.kept.length,
  bytes_before: job.summary?.bytes_before,
  bytes_after: job.summary?.bytes_after,
});

function drawCard(item, job) {
  const { part } = item.dataset;
  const found = job.pictures.find((each) => each.parts.includes(part));
  const chip = item.querySelector(".state");
  item.querySelector(".chosen").disabled = true;
  chip.hidden = !found;
  const isSharp = found?.state === "done";
  const isKept = job.kept.includes(part);
  if (found) {
    chip.className = `state ${isKept ? "kept" : found.state}`;
    const words = isKept ? "original kept" : STATES[found.state];
    const scale = isSharp && !isKept && found.scale ? `, ×${found.scale}` : "";
    say(chip, words + scale + (found.why && !isSharp ? `: ${found.why}` : ""));
  }
  const canCompare = isSharp && job.state === "done";
  item.querySelector(".compare").hidden = !isSharp;
  item.querySelector(".keep").hidden = !canCompare;
  say(item.querySelector(".keep"), isKept ? "Use the sharp one" : "Keep the original");
  if (isSharp && found.thumbnail_url) drawAfter(item, found.thumbnail_url);
}

function drawAfter(item, path) {
  const figure = item.querySelector(".after");
  const image = figure.querySelector("img");
  if (image.dataset.from === path) return;
  image.dataset.from = path;
  image.alt = `${item.querySelector(".before img").alt}, sharp`;
  figure.hidden = false;
  item.querySelector(".looks").classList.add("both");
  sight.observe(figure);
}

function drawResult(job, brief) {
  const sharp = brief.changed - brief.kept;
  $("result").classList.toggle("partly", job.counts.failed > 0 || !sharp);
  say($("result-title"), sharp ? `${plural(sharp, "picture is", "pictures are")} sharp now` : "No picture was changed");
  const growth = brief.bytes_after ? `The file went from ${size(brief.bytes_before)} to ${size(brief.bytes_after)}. ` : "";
  if (brief.changed) say($("low-title"), "Before and after");
  say($("result-facts"), `${growth}Everything else in the deck is as it was.`);
  for (const id of ["download", "report", "report-slides"]) show(id, Boolean(job.links.enhanced));
}

function drawMarks() {
  for (const made of $("slides").querySelectorAll("button.mark")) {
    const found = shown.job.pictures.find((each) => each.parts.includes(made.dataset.part));
    made.removeAttribute("aria-pressed");
    made.disabled = found?.state !== "done";
    made.setAttribute("aria-label", found?.state === "done" ? `Compare before and after: ${made.dataset.name}` : `The ${made.dataset.name}`);
    made.classList.toggle("done", found?.state === "done");
    made.classList.toggle("sharp", found?.state === "done" && !shown.job.kept.includes(made.dataset.part));
    if (found?.state === "done") say(made.firstElementChild, made.classList.contains("sharp") ? "sharp" : "original");
  }
  for (const item of $("slides").children) drawWords(item);
}

/** Say under a slide how many of its pictures are sharp by now; before that, how blurred they are. */
function drawWords(item) {
  const low = item.querySelectorAll("button.mark").length;
  const sharp = item.querySelectorAll("button.mark.sharp").length;
  const words = sharp < low ? `${sharp} of ${plural(low, "picture")} sharp now` : `${plural(low, "picture")} sharp now`;
  say(item.querySelector(".hint"), sharp ? words : item.dataset.words);
}
