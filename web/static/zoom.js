// Where a slide lies on a stage: zoom and place as plain numbers; draws nothing.

/**
 * @typedef {{width: number, height: number}} Size in CSS pixels
 * @typedef {{x: number, y: number}} Point in CSS pixels from the stage's left top corner
 * @typedef {{scale: number, x: number, y: number}} View
 *   `scale` 1 shows a slide as large as a full-HD screen does; x and y are where its corner lies
 * @typedef {{left: number, top: number, width: number, height: number}} Box in slide pixels
 */

const MOST_SCALE = 8;
/** How much of the stage a picture fills that is gone to. */
const FILLS = 0.9;

/** @param {number} value @param {number} least @param {number} most */
const between = (value, least, most) => Math.min(Math.max(value, least), most);

/**
 * The scale at which all of a slide is seen.
 * @param {Size} stage
 * @param {Size} slide at scale 1
 */
export const fitScale = (stage, slide) =>
  Math.min(stage.width / slide.width, stage.height / slide.height) || 1;

/**
 * Keep the slide on the stage: centred where it is smaller, without a gap where it is larger.
 * @param {View} view
 * @param {Size} stage
 * @param {Size} slide
 * @returns {View}
 */
export function held(view, stage, slide) {
  const fit = fitScale(stage, slide);
  const scale = between(view.scale, Math.min(fit, 1), Math.max(MOST_SCALE, fit));
  /** @param {number} at @param {number} room @param {number} length */
  const place = (at, room, length) =>
    length <= room ? (room - length) / 2 : between(at, room - length, 0);
  return {
    scale,
    x: place(view.x, stage.width, slide.width * scale),
    y: place(view.y, stage.height, slide.height * scale),
  };
}

/**
 * Change the scale; what lies under a point stays there.
 * @param {View} view
 * @param {number} scale
 * @param {Point} point
 * @param {Size} stage
 * @param {Size} slide
 */
export function zoomed(view, scale, point, stage, slide) {
  const { scale: goal } = held({ ...view, scale }, stage, slide);
  const by = goal / view.scale;
  const moved = {
    scale: goal,
    x: point.x - (point.x - view.x) * by,
    y: point.y - (point.y - view.y) * by,
  };
  return held(moved, stage, slide);
}

/**
 * Show a place of the slide in the middle of the stage.
 * @param {Point} place in slide pixels
 * @param {number} scale
 * @param {Size} stage
 * @param {Size} slide
 */
export function centred(place, scale, stage, slide) {
  const { scale: goal } = held({ scale, x: 0, y: 0 }, stage, slide);
  const view = {
    scale: goal,
    x: stage.width / 2 - place.x * goal,
    y: stage.height / 2 - place.y * goal,
  };
  return held(view, stage, slide);
}

/**
 * The scale at which a picture fills the stage; between a full-HD screen and twice that, which is
 * how near people look at a slide.
 * @param {Box} box
 * @param {Size} stage
 */
export function pictureScale(box, stage) {
  const fill = Math.min(stage.width / box.width, stage.height / box.height) * FILLS;
  return between(fill || 1, 1, 2);
}
