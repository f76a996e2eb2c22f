// The result as whole slides: before and after under a line, to be moved, zoomed and flipped.

import { picture } from "./api.js";
import { largestChange } from "./difference.js";
import { $, say, show, tell } from "./dom.js";
import * as words from "./sentences.js";
import { promising, slideSize, stopsOf } from "./comparison-stops.js";
import { shownDeck, shownJob } from "./shown.js";
import { capital } from "./words.js";
import { centred, fitScale, held, pictureScale, zoomed } from "./zoom.js";

/** @typedef {import("./comparison-stops.js").Stop} Stop */
/** @typedef {import("./zoom.js").Point} Point */

const STEP = 1.25;
const PAN_PX = 60;
const KEPT_SLIDES = 12;
/** How many pictures are looked at to find the one that changed most. */
const LOOKED_AT = 4;
/** How wide slides are drawn to find what changed most: as a full-HD screen shows them. */
const LOOK_PX = 1920;
/** A half narrower than this has no room for its label. */
const LEAST_LABEL = 12;

/**
 * `job` and `kept` name what the slides in `images` were drawn from.
 * @type {{stops: Stop[], at: number, job: string, kept: string, view: import("./zoom.js").View, images: Map<string, Promise<string>>, drawn: string}}
 */
const stage = {
  stops: [],
  at: 0,
  job: "",
  kept: "",
  view: { scale: 1, x: 0, y: 0 },
  images: new Map(),
  drawn: "",
};

/** @type {(part: string) => void} */
let keep = () => {};

/** @param {(part: string) => unknown} work hears that an original is to be kept, or not any more */
export function onKeep(work) {
  keep = work;
}

const current = () => stage.stops.at(stage.at);

// --- what is on it ------------------------------------------------------------------------------

/** Show the job's result; the first time at the picture with the largest change. */
export async function drawStage() {
  const [deck, job] = [shownDeck(), shownJob()];
  const id = current()?.id;
  const isNew = stage.job !== job.id;
  if (isNew) forgetSlides();
  stage.job = job.id;
  stage.kept = job.kept.join("\n");
  stage.stops = stopsOf(deck, job, devicePixelRatio);
  const same = stage.stops.findIndex((each) => each.id === id);
  stage.at = Math.max(same, 0);
  show("stage-part", stage.stops.length > 0);
  if (!stage.stops.length) return;
  const goesThere = isNew || same < 0;
  if (goesThere) {
    show("stage-wait");
    const best = await mostChanged();
    if (stage.job !== job.id) return;
    stage.at = Math.max(0, best ? stage.stops.indexOf(best) : 0);
  }
  await drawStop(goesThere);
}

/** Find the picture of which most is seen to have changed, among those that promise it. */
async function mostChanged() {
  const [best, ...others] = promising(stage.stops, LOOKED_AT);
  let [found, most] = [best, -1];
  for (const stop of [best, ...others]) {
    try {
      const [before, after] = await Promise.all([
        loaded(await imageOf(stop.slide, false)),
        loaded(await imageOf(stop.slide, true)),
      ]);
      const sum = changed(stop, pictureScale(stop.box, size()), before, after)?.sum ?? 0;
      if (sum > most) [found, most] = [stop, sum];
    } catch {
      // A slide that cannot be drawn is no place to open at.
    }
  }
  return found;
}

/** @param {string} address */
async function loaded(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

/** @param {string} part */
export async function goToPart(part) {
  if (stage.job !== shownJob().id || !stage.stops.some((each) => each.part === part))
    await drawStage();
  const at = stage.stops.findIndex((each) => each.part === part);
  if (at < 0) return;
  stage.at = at;
  const drawn = drawStop(true);
  $("stage-part").scrollIntoView({ block: "start" });
  $("stage").focus({ preventScroll: true });
  await drawn;
}

export function closeStage() {
  forgetSlides();
  Object.assign(stage, { stops: [], at: 0, job: "", kept: "", drawn: "" });
  show("stage-part", false);
}

function forgetSlides() {
  for (const image of stage.images.values()) image.then(URL.revokeObjectURL, () => {});
  stage.images.clear();
  stage.drawn = "";
}

/**
 * @param {number} slide
 * @param {boolean} isAfter
 */
function imageOf(slide, isAfter) {
  const path = `decks/${shownDeck().id}/slides/${slide}?detail=full`;
  const name = isAfter ? `${path}&job=${stage.job}` : path;
  const id = isAfter ? `${name}\n${stage.kept}` : name;
  const known = stage.images.get(id) ?? picture(name);
  stage.images.delete(id); // to the end: the oldest are dropped
  stage.images.set(id, known);
  known.catch(() => stage.images.delete(id));
  return known;
}

function dropOldest() {
  for (const [id, image] of stage.images) {
    if (stage.images.size <= KEPT_SLIDES) return;
    stage.images.delete(id);
    image.then(URL.revokeObjectURL, () => {});
  }
}

/** @param {boolean} goesThere whether the view moves to the picture */
async function drawStop(goesThere) {
  const stop = current();
  if (!stop) return;
  drawWords(stop);
  const wanted = `${stop.slide}\n${stage.kept}`;
  if (stage.drawn !== wanted) {
    show("stage-wait");
    const both = await Promise.all([imageOf(stop.slide, false), imageOf(stop.slide, true)]);
    if (current()?.slide !== stop.slide) return;
    await Promise.all([
      put("stage-before", both[0], words.slideBefore(stop.slide)),
      put("stage-after", both[1], words.slideAfter(stop.slide)),
    ]);
    stage.drawn = wanted;
    show("stage-wait", false);
    dropOldest();
  }
  if (current() !== stop) return;
  if (goesThere) goTo(stop);
  lay();
  const next = stage.stops[stage.at + 1];
  if (next && next.slide !== stop.slide) imageOf(next.slide, true).catch(() => {});
}

/** @param {Stop} stop */
function drawWords(stop) {
  const job = shownJob();
  const isKept = job.kept.includes(stop.part);
  const title = words.stopTitle(stop.slide, stage.at + 1, stage.stops.length);
  const { before, after, beforeWords, afterWords } = stop;
  say($("stage-title"), title);
  const made = job.pictures.find((each) => each.parts.includes(stop.part));
  const notes = (made?.upscale?.source ?? []).map(({ why }) => `${capital(why)}.`);
  const numbers = words.sharperWords(before, after, beforeWords, afterWords);
  say($("stage-numbers"), [numbers, ...notes].join(" "));
  say($("label-before"), words.beforeLabel(before));
  say($("label-after"), words.afterLabel(after, isKept));
  say($("stage-keep"), isKept ? words.USE_SHARP : words.KEEP_ORIGINAL);
  $("stage-keep").disabled = job.state !== "done";
  $("stage-previous").disabled = stage.at === 0;
  $("stage-next").disabled = stage.at === stage.stops.length - 1;
}

/**
 * @param {"stage-before" | "stage-after"} id
 * @param {string} address
 * @param {string} alt
 */
async function put(id, address, alt) {
  const image = $(id);
  image.alt = alt;
  image.src = address;
  try {
    await image.decode();
  } catch {
    // It leaves its words.
  }
}

// --- where it is looked at ----------------------------------------------------------------------

const slide = () => slideSize(shownDeck().scan, devicePixelRatio);
const size = () => ({ width: $("stage").clientWidth, height: $("stage").clientHeight });

/** @param {Stop} stop */
function goTo(stop) {
  const scale = pictureScale(stop.box, size());
  const { left, top, width, height } = stop.box;
  const middle = { x: left + width / 2, y: top + height / 2 };
  const place = changed(stop, scale, $("stage-before"), $("stage-after"));
  stage.view = centred(place ?? middle, scale, size(), slide());
}

/**
 * Find the place on the picture where before and after differ most, as large as the stage shows.
 * @param {Stop} stop
 * @param {number} scale at which it will be looked at
 * @param {HTMLImageElement} before of the whole slide
 * @param {HTMLImageElement} after
 */
function changed(stop, scale, before, after) {
  const whole = slide();
  const by = LOOK_PX / whole.width;
  const left = Math.max(0, stop.box.left * by);
  const top = Math.max(0, stop.box.top * by);
  const width = Math.floor(Math.min(stop.box.width * by, LOOK_PX - left));
  const height = Math.floor(Math.min(stop.box.height * by, whole.height * by - top));
  if (width < 1 || height < 1) return null;
  try {
    const pixels = [before, after].map((image) => {
      const context = new OffscreenCanvas(width, height).getContext("2d");
      context?.drawImage(image, -left, -top, LOOK_PX, whole.height * by);
      return context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
    });
    const { width: stageWidth, height: stageHeight } = size();
    const view = { width: (stageWidth / scale) * by, height: (stageHeight / scale) * by };
    const place = largestChange(pixels[0], pixels[1], { width, height }, view);
    return place && { x: (left + place.x) / by, y: (top + place.y) / by, sum: place.sum };
  } catch {
    return null; // this browser lets no script look at a drawing's pixels
  }
}

function lay() {
  const { scale, x, y } = stage.view;
  const { width, height } = slide();
  const pair = $("pair");
  pair.style.width = `${width * scale}px`;
  pair.style.height = `${height * scale}px`;
  pair.style.transform = `translate(${x}px, ${y}px)`;
  const fit = fitScale(size(), slide());
  /** @param {"zoom-fit" | "zoom-100" | "zoom-200"} id @param {number} goal */
  const press = (id, goal) =>
    $(id).setAttribute("aria-pressed", String(Math.abs(scale / goal - 1) < 0.01));
  press("zoom-fit", fit);
  press("zoom-100", 1);
  press("zoom-200", 2);
  // Where all of it is seen a finger scrolls the page on; else it moves the slide.
  $("stage").style.touchAction = scale <= fit * 1.01 ? "pan-y" : "none";
  split();
}

function split() {
  const share = Number($("split").value);
  const line = (share / 100) * size().width;
  const covered = line - stage.view.x;
  $("stage-after").style.clipPath = `inset(0 0 0 ${Math.max(0, covered)}px)`;
  $("divider").style.left = `${line}px`;
  show("label-before", share >= LEAST_LABEL);
  show("label-after", share <= 100 - LEAST_LABEL);
  $("split").setAttribute("aria-valuetext", words.splitWords(share));
}

/** @param {number} scale @param {Point} [point] */
function zoomTo(scale, point) {
  const { width, height } = size();
  const middle = { x: width / 2, y: height / 2 };
  stage.view = zoomed(stage.view, scale, point ?? middle, size(), slide());
  lay();
}

/** @param {number} x @param {number} y in CSS pixels */
function pan(x, y) {
  const { view } = stage;
  stage.view = held({ ...view, x: view.x + x, y: view.y + y }, size(), slide());
  lay();
}

/** Show all of before, or all of after. */
function flip() {
  const share = Number($("split").value) === 100 ? 0 : 100;
  $("split").value = String(share);
  split();
  tell(words.splitWords(share));
}

/** @param {number} by */
async function step(by) {
  const at = Math.min(stage.stops.length - 1, Math.max(0, stage.at + by));
  if (at === stage.at) return;
  stage.at = at;
  await drawStop(true);
  tell($("stage-title").textContent ?? "");
}

async function fullScreen() {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await $("stage-part").requestFullscreen();
}

// --- wiring -------------------------------------------------------------------------------------

/** @type {Record<string, () => unknown>} */
const KEYS = {
  ArrowLeft: () => step(-1),
  ArrowRight: () => step(1),
  " ": flip,
  "+": () => zoomTo(stage.view.scale * STEP),
  "=": () => zoomTo(stage.view.scale * STEP),
  "-": () => zoomTo(stage.view.scale / STEP),
  0: () => zoomTo(fitScale(size(), slide())),
  1: () => zoomTo(1),
  2: () => zoomTo(2),
  f: fullScreen,
};

/** @type {Record<string, () => unknown>} */
const SHIFTED = {
  ArrowLeft: () => pan(PAN_PX, 0),
  ArrowRight: () => pan(-PAN_PX, 0),
  ArrowUp: () => pan(0, PAN_PX),
  ArrowDown: () => pan(0, -PAN_PX),
  "+": KEYS["+"],
};

/** @param {Act} act */
export function wireStage(act) {
  /** @type {(id: keyof PageElements, work: () => unknown) => void} */
  const on = (id, work) => $(id).addEventListener("click", act(work));
  on("stage-previous", () => step(-1));
  on("stage-next", () => step(1));
  on("zoom-fit", KEYS[0]);
  on("zoom-100", KEYS[1]);
  on("zoom-200", KEYS[2]);
  on("flip", flip);
  on("full-screen", fullScreen);
  on("stage-keep", () => keep(current()?.part ?? ""));
  $("split").addEventListener("input", split);
  $("stage").addEventListener("keydown", (event) => {
    const isOther = event.ctrlKey || event.metaKey || event.altKey;
    const work = !isOther && (event.shiftKey ? SHIFTED : KEYS)[event.key];
    if (work) act(work)(event);
  });
  wirePointers();
  document.addEventListener("fullscreenchange", () => {
    const isFull = Boolean(document.fullscreenElement);
    say($("full-screen"), isFull ? words.LEAVE_FULL_SCREEN : words.FULL_SCREEN);
    settle();
  });
  // The stage changes with the window, with full screen and with the zoom of the browser.
  new ResizeObserver(settle).observe($("stage"));
}

/** Keep what is in the middle there when the stage gets another size. */
function settle() {
  if ($("stage-part").hidden || !stage.stops.length) return;
  stage.view = held(stage.view, size(), slide());
  lay();
}

/** @param {PointerEvent | WheelEvent} event @returns {Point} */
function pointOf(event) {
  const box = $("stage").getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function wirePointers() {
  const place = $("stage");
  /** @type {Map<number, Point>} */
  const fingers = new Map();
  let movesLine = false;
  place.addEventListener("pointerdown", (event) => {
    place.setPointerCapture(event.pointerId);
    const point = pointOf(event);
    const line = (Number($("split").value) / 100) * size().width;
    movesLine = !fingers.size && Math.abs(point.x - line) < 24;
    fingers.set(event.pointerId, point);
  });
  place.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const point = pointOf(event);
    fingers.set(event.pointerId, point);
    if (movesLine) {
      const share = Math.round((100 * point.x) / size().width);
      $("split").value = String(share);
      split();
    } else if (fingers.size === 1) {
      pan(point.x - last.x, point.y - last.y);
    } else {
      pinch([...fingers].find(([id]) => id !== event.pointerId)?.[1] ?? point, last, point);
    }
  });
  for (const kind of /** @type {const} */ (["pointerup", "pointercancel"]))
    place.addEventListener(kind, (event) => {
      fingers.delete(event.pointerId);
      movesLine = false;
    });
  place.addEventListener(
    "wheel",
    (event) => {
      // Who only scrolls past is let past; a pinch on a touchpad comes with Ctrl.
      if (!event.ctrlKey && document.activeElement !== place && !document.fullscreenElement) return;
      event.preventDefault();
      const by = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 0.05 : 0.002;
      zoomTo(stage.view.scale * Math.exp(-event.deltaY * by), pointOf(event));
    },
    { passive: false },
  );
}

/** @param {Point} fixed @param {Point} last @param {Point} point */
function pinch(fixed, last, point) {
  /** @param {Point} other */
  const away = (other) => Math.max(1, Math.hypot(other.x - fixed.x, other.y - fixed.y));
  const middle = { x: (fixed.x + point.x) / 2, y: (fixed.y + point.y) / 2 };
  zoomTo((stage.view.scale * away(point)) / away(last), middle);
}
