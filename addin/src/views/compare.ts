// Before and after in one frame, with a line to move: by mouse, by touch, by arrow keys.

import type { Found } from "../state/pictures";
import { t } from "../strings/strings";
import { addressOf, h } from "./dom";

const KEY_STEP = 5;

/** Show a picture as it is cropped on the slide, and over it the sharp one, left of a line. */
export function compare(found: Found, sharp: Blob | undefined, label: string): HTMLElement {
  const { shown_width_in: width, shown_height_in: height } = found.placement;
  const frame = h("div", { class: "compare" });
  frame.style.aspectRatio = `${width ?? 3} / ${height ?? 2}`;
  frame.append(layer(found, found.blob, t("compare.before_alt", { name: label }), "before"));
  if (sharp === undefined) return frame;
  const after = layer(found, sharp, t("compare.sharp_alt", { name: label }), "after");
  const line = h("div", { class: "line", "aria-hidden": "true" });
  const range = h("input", {
    type: "range",
    min: 0,
    max: 100,
    step: KEY_STEP,
    value: 50,
    "aria-label": t("compare.line"),
  });
  const move = () => {
    frame.style.setProperty("--split", `${range.value}%`);
    range.setAttribute("aria-valuetext", t("compare.share", { percent: range.value }));
  };
  range.addEventListener("input", move);
  move();
  frame.append(after, line, tag(t("compare.sharp"), "left"), tag(t("compare.before"), "right"), range);
  return frame;
}

/** Show it as large as in a slide show on this screen, to be scrolled. */
export function atShowSize(found: Found, sharp: Blob | undefined, label: string): HTMLElement {
  const inner = compare(found, sharp, label);
  const share = (found.placement.shown_width_in ?? found.slideWidthIn) / found.slideWidthIn;
  inner.style.width = `${Math.round(share * screen.width)}px`;
  const box = h(
    "div",
    { class: "show-size", tabindex: 0, role: "group", "aria-label": t("compare.large") },
    inner,
  );
  requestAnimationFrame(() => {
    box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
    box.scrollTop = (box.scrollHeight - box.clientHeight) / 2;
  });
  return box;
}

function tag(words: string, side: "left" | "right"): HTMLElement {
  return h("span", { class: `tag ${side}`, "aria-hidden": "true" }, words);
}

function layer(found: Found, blob: Blob, alt: string, kind: "before" | "after"): HTMLElement {
  const { left = 0, top = 0, right = 0, bottom = 0 } = found.placement.crop;
  const image = h("img", { src: addressOf(blob), alt, decoding: "async", draggable: "false" });
  const across = 1 - left - right || 1;
  const down = 1 - top - bottom || 1;
  image.style.width = `${100 / across}%`;
  image.style.height = `${100 / down}%`;
  image.style.left = `${(-100 * left) / across}%`;
  image.style.top = `${(-100 * top) / down}%`;
  // Formats that a browser cannot show, such as TIFF, are told in words.
  image.addEventListener("error", () => image.replaceWith(h("span", { class: "unseen-picture" }, alt)));
  return h("div", { class: `layer ${kind}` }, image);
}
