// One picture before and after: at real size, behind a slider, and under a loupe.

import { picture } from "./api.js";
import { $, children, say, show } from "./dom.js";
import { shownDeck, shownJob } from "./deckview.js";
import { capital, slides, size } from "./words.js";

/** @type {Record<string, number>} */
const SCREENS = { hd: 1920, "4k": 3840 };
const STEP = 0.04;
/**
 * What is compared: the parts that can be, which of them, and the loupe's centre from 0 to 1.
 * @type {{parts: string[], at: number, loupe: {x: number, y: number}, found: PictureOfDeck | null, made: PictureOfJob | null}}
 */
const view = { parts: [], at: 0, loupe: { x: 0.5, y: 0.5 }, found: null, made: null };

/** @type {(part: string) => void} */
let keep = () => {};

/** @param {(part: string) => unknown} work hears that an original is to be kept, or not any more */
export function onKeep(work) {
  keep = work;
}

const current = () => view.parts[view.at];

/**
 * Open on one part; its neighbours are all that are sharp.
 * @param {string} part
 */
export async function compare(part) {
  const job = shownJob();
  const sharp = new Set(job.pictures.flatMap((each) => (each.state === "done" ? each.parts : [])));
  view.parts = children($("low"))
    .flatMap((item) => item.dataset.part ?? [])
    .filter((each) => sharp.has(each));
  view.at = Math.max(0, view.parts.indexOf(part));
  if (!$("compare").open) $("compare").showModal();
  await draw();
}

async function draw() {
  const deck = shownDeck();
  view.found = deck.pictures.find((each) => each.part === current()) ?? null;
  view.made = shownJob().pictures.find((each) => each.parts.includes(current())) ?? null;
  if (!view.found || !view.made) return;
  const { found, made } = view;
  say($("compare-title"), `${slides(found.slides)}, before and after`);
  const facts = `${found.width_px} × ${found.height_px} → ${made.new_width_px} × ${made.new_height_px} pixels, ${size(made.bytes_before ?? 0)} → ${size(made.bytes_after ?? 0)}`;
  const notes = (made.upscale?.source ?? []).map((each) => ` ${capital(each.why)}.`);
  say($("compare-facts"), `${facts}. Before: ${found.sentence}.${notes.join("")}`);
  drawKeep();
  $("compare-previous").disabled = view.at === 0;
  $("compare-next").disabled = view.at === view.parts.length - 1;
  const wanted = current();
  const [before, after] = await Promise.all([
    picture(`/api/v1/decks/${deck.id}/pictures/${found.number}`),
    picture(made.result_url ? `${made.result_url}?shown=true` : ""),
  ]);
  if (wanted !== current()) return;
  const name = found.alt_text || `the picture on ${slides(found.slides).toLowerCase()}`;
  await Promise.all([
    put("compare-before", before, `Before: ${name}`),
    put("compare-after", after, `After: ${name}`),
  ]);
  lay();
}

/**
 * @param {"compare-before" | "compare-after"} id
 * @param {string} address
 * @param {string} alt
 */
async function put(id, address, alt) {
  const image = $(id);
  if (image.src) URL.revokeObjectURL(image.src);
  image.alt = alt;
  image.src = address;
  try {
    await image.decode();
  } catch {
    // A format that this browser cannot show leaves its words.
  }
}

export function drawKeep() {
  const isKept = shownJob().kept.includes(current());
  say($("compare-keep"), isKept ? "Use the sharp one" : "Keep the original");
  $("compare-keep").disabled = shownJob().state !== "done";
  $("compare-keep").classList.toggle("main", isKept);
}

// --- size and slider ----------------------------------------------------------------------------

/** Width in CSS pixels at which the whole picture is shown when its slide fills the screen. */
function realWidth() {
  const deck = shownDeck();
  const used = deck.placements.filter((each) => each.part === current());
  const widths = used.map(
    (each) => (each.shown_width_in ?? 0) / Math.max(0.05, 1 - each.crop.left - each.crop.right),
  );
  const screen = SCREENS[$("compare-size").value] || SCREENS.hd;
  const { slide_width_in, slide_height_in } = deck.scan;
  const across = Math.max(slide_width_in, (slide_height_in * 16) / 9);
  return (Math.max(...widths, 0.1) / across) * (screen / devicePixelRatio);
}

/**
 * How high the result is for its width.
 * @param {PictureOfJob} made
 */
const ratioOf = ({ new_width_px, new_height_px }) => (new_height_px ?? 1) / (new_width_px ?? 1);

function lay() {
  if (!view.made) return;
  const pair = $("pair");
  const stage = $("stage");
  const ratio = ratioOf(view.made);
  let width = realWidth();
  if ($("compare-size").value === "fit")
    width = Math.min(stage.clientWidth, (0.6 * innerHeight) / ratio);
  pair.style.width = `${Math.round(width)}px`;
  pair.style.height = `${Math.round(width * ratio)}px`;
  stage.scrollLeft = (pair.offsetWidth - stage.clientWidth) / 2;
  split();
  drawLoupe();
}

function split() {
  const share = Number($("split").value);
  $("compare-after").style.clipPath = `inset(0 0 0 ${share}%)`;
  $("divider").style.left = `${share}%`;
  $("split").setAttribute("aria-valuetext", `${share} % before, ${100 - share} % after`);
}

/** @param {number} value */
const inside = (value) => Math.min(1, Math.max(0, value));

/** @param {PointerEvent} event */
function shareAt(event) {
  const box = $("pair").getBoundingClientRect();
  return {
    x: inside((event.clientX - box.left) / box.width),
    y: inside((event.clientY - box.top) / box.height),
  };
}

// --- loupe --------------------------------------------------------------------------------------

/** Around one point: each pixel of the result is one of the screen, the original is as large. */
function drawLoupe() {
  if ($("loupe").hidden || !view.made) return;
  for (const id of /** @type {const} */ (["before", "after"])) {
    const canvas = $(`loupe-${id}`);
    const image = $(`compare-${id}`);
    const context = canvas.getContext("2d");
    if (!context) continue;
    const scale = image.naturalWidth / (view.made.new_width_px ?? 0) || 1;
    const width = canvas.width * scale;
    const height = canvas.height * scale;
    const left = view.loupe.x * image.naturalWidth - width / 2;
    const top = view.loupe.y * image.naturalHeight - height / 2;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = scale < 1;
    context.imageSmoothingQuality = "high";
    if (image.naturalWidth)
      context.drawImage(image, left, top, width, height, 0, 0, canvas.width, canvas.height);
  }
}

/** @param {KeyboardEvent} event */
function moveLoupe(event) {
  /** @type {Record<string, [number, number]>} */
  const steps = {
    ArrowLeft: [-STEP, 0],
    ArrowRight: [STEP, 0],
    ArrowUp: [0, -STEP],
    ArrowDown: [0, STEP],
  };
  const step = steps[event.key];
  if (!step || !$("loupe-on").checked) return;
  event.preventDefault();
  view.loupe = { x: inside(view.loupe.x + step[0]), y: inside(view.loupe.y + step[1]) };
  bringIntoSight();
  drawLoupe();
}

/** Scroll to what the loupe is held over. */
function bringIntoSight() {
  const [stage, pair] = [$("stage"), $("pair")];
  stage.scrollTo(
    view.loupe.x * pair.offsetWidth - stage.clientWidth / 2,
    view.loupe.y * pair.offsetHeight - stage.clientHeight / 2,
  );
}

// --- wiring -------------------------------------------------------------------------------------

/** @param {Act} act */
export function wireCompare(act) {
  /** @param {number} by */
  const go = (by) =>
    act(async () => {
      view.at = Math.min(view.parts.length - 1, Math.max(0, view.at + by));
      await draw();
    });
  $("compare-previous").addEventListener("click", go(-1));
  $("compare-next").addEventListener("click", go(1));
  $("compare-close").addEventListener("click", () => $("compare").close());
  $("compare-size").addEventListener("change", lay);
  $("split").addEventListener("input", split);
  $("compare-keep").addEventListener(
    "click",
    act(async () => keep(current())),
  );
  $("loupe-on").addEventListener("change", () => {
    show("loupe", $("loupe-on").checked);
    bringIntoSight();
    drawLoupe();
  });
  $("stage").addEventListener("keydown", moveLoupe);
  const pair = $("pair");
  pair.addEventListener("pointerdown", (event) => {
    pair.setPointerCapture(event.pointerId);
    slide(event);
  });
  pair.addEventListener("pointermove", (event) => {
    view.loupe = shareAt(event);
    drawLoupe();
    if (event.buttons) slide(event);
  });
  addEventListener("resize", () => {
    if ($("compare").open) lay();
  });
}

/** @param {PointerEvent} event */
function slide(event) {
  event.preventDefault();
  $("split").value = String(Math.round(100 * shareAt(event).x));
  split();
}
