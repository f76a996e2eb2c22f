// The places that a comparison stops at: every use of a sharp picture on a slide; draws nothing.

/**
 * @typedef {object} Stop
 * @property {string} id of the placement
 * @property {string} part
 * @property {number} slide from 1
 * @property {import("./zoom.js").Box} box on the slide, in pixels of a full-HD screen
 * @property {number | null} before in pixels per inch
 * @property {number | null} after
 * @property {string} beforeWords such as "about half as sharp as a full-HD screen"
 * @property {string} afterWords
 * @property {number} weight how much of a change is seen: share of the slide times doublings
 */

/**
 * A slide at scale 1, in CSS pixels: as large as a full-HD screen shows it.
 * @param {Deck["scan"]} scan
 * @param {number} ratio of device pixels to CSS pixels
 */
export function slideSize({ slide_width_in, slide_height_in }, ratio) {
  // A slide narrower than the screen is as high as it.
  const across = Math.max(slide_width_in, (slide_height_in * 16) / 9);
  const pixels = 1920 / ratio / across;
  return { width: slide_width_in * pixels, height: slide_height_in * pixels };
}

/**
 * List them in the order of the show.
 * @param {Deck} deck
 * @param {Job} job
 * @param {number} ratio of device pixels to CSS pixels
 * @returns {Stop[]}
 */
export function stopsOf(deck, job, ratio) {
  const sharp = new Set(job.pictures.flatMap((each) => (each.state === "done" ? each.parts : [])));
  const swapped = new Map((job.summary?.pictures ?? []).map((each) => [each.part, each]));
  const slide = slideSize(deck.scan, ratio);
  return deck.placements
    .filter((each) => each.slide && sharp.has(each.part ?? ""))
    .map((each) => stopOf(each, swapped.get(each.part ?? ""), deck.scan, slide))
    .sort((a, b) => a.slide - b.slide || a.box.top - b.box.top || a.box.left - b.box.left);
}

/**
 * @param {Placement} placement
 * @param {SwappedPicture | undefined} swapped
 * @param {Deck["scan"]} scan
 * @param {{width: number, height: number}} slide
 * @returns {Stop}
 */
function stopOf(placement, swapped, scan, slide) {
  const box = boxOf(placement, scan, slide.width / scan.slide_width_in);
  const before = placement.effective_ppi;
  const gain = gainOf(swapped);
  const share = (box.width * box.height) / (slide.width * slide.height);
  return {
    id: placement.id,
    part: placement.part ?? "",
    slide: placement.slide ?? 0,
    box,
    before,
    after: gain && before ? before * gain : null,
    beforeWords: placement.sentence,
    afterWords: swapped?.sentence_after ?? "",
    weight: Math.min(1, share) * Math.log2(Math.max(gain ?? 2, 1)),
  };
}

/** @param {SwappedPicture | undefined} swapped */
const gainOf = (swapped) =>
  swapped?.ppi_before && swapped.ppi_after ? swapped.ppi_after / swapped.ppi_before : null;

/**
 * A background has no place of its own: it is all of the slide.
 * @param {Placement} placement
 * @param {Deck["scan"]} scan
 * @param {number} pixels for each inch
 */
function boxOf(placement, scan, pixels) {
  const { left_in, top_in, shown_width_in, shown_height_in } = placement;
  return {
    left: (left_in ?? 0) * pixels,
    top: (top_in ?? 0) * pixels,
    width: (shown_width_in ?? scan.slide_width_in) * pixels,
    height: (shown_height_in ?? scan.slide_height_in) * pixels,
  };
}

/**
 * Give those that promise the largest changes, best first; no two of them show the same picture.
 * @param {Stop[]} stops
 * @param {number} most
 */
export function promising(stops, most) {
  const parts = new Set();
  return [...stops]
    .sort((a, b) => b.weight - a.weight)
    .filter(({ part }) => !parts.has(part) && parts.add(part))
    .slice(0, most);
}
