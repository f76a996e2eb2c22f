// What the pane knows of the pictures on a slide, and how it says it.

import { SHARE_LIMITS } from "../server/facts";
import type { Deck, JobPicture, Picture, Placement } from "../server/api";
import type { Medium } from "../opc/package";
import { type Key, type Message, message } from "../strings/message";
import { reasonOf } from "./problems";

/** A blurred picture on a slide of the open deck. */
export interface Found {
  sha256: string;
  blob: Blob;
  scale: number;
  picture: Picture;
  /** The use of it on this slide that is the least sharp. */
  placement: Placement;
  slideWidthIn: number;
  /** What a screen of 16:9 spans across: slides of 4:3 leave bars at its sides. */
  screenWidthIn: number;
}

/** A picture that is not offered, and why. */
export interface LeftAlone {
  name: Message;
  reason: Message;
  /** The server's code of the reason. */
  code: string;
}

/** Join what the scan says with the bytes of the export: the blurred pictures, worst first. */
export function foundIn(deck: Deck | undefined, media: Medium[]): Found[] {
  if (deck === undefined) return [];
  const found = deck.pictures.flatMap((picture): Found[] => {
    const medium = media.find((each) => each.part === picture.part);
    const placement = worst(deck.placements.filter((each) => each.part === picture.part));
    if (picture.verdict !== "low" || !picture.scale || !medium || !placement) return [];
    const { sha256, blob } = medium;
    const { slide_width_in: slideWidthIn, slide_height_in: slideHeightIn } = deck.scan;
    const screenWidthIn = Math.max(slideWidthIn, (slideHeightIn * 16) / 9);
    return [{ sha256, blob, scale: picture.scale, picture, placement, slideWidthIn, screenWidthIn }];
  });
  return found.sort((a, b) => (a.picture.effective_ppi ?? 0) - (b.picture.effective_ppi ?? 0));
}

function worst(placements: Placement[]): Placement | undefined {
  const ppi = (each: Placement) => each.effective_ppi ?? Infinity;
  const low = placements.filter((each) => each.verdict === "low");
  return low.sort((a, b) => ppi(a) - ppi(b))[0] ?? placements[0];
}

/** Blurred pictures that the user does not want to be asked about. */
export function neverAskedIn(found: Found[], isNever: (sha256: string) => boolean): LeftAlone[] {
  return found
    .filter(({ sha256 }) => isNever(sha256))
    .map((each) => ({ name: nameOf(each), reason: message("reason.never"), code: "never" }));
}

// Nobody sees these on the slide.
const UNSEEN = ["notes_or_handout", "unused_slide", "markup_fallback", "svg_fallback"];
// These look sharp, or their pixels do not show.
const SHARP = ["already_sharp", "dpi_cap", "vector", "shown_small", "bullet", "theme_fill"];

/**
 * Every other picture that the slide shows, with its reason: what could look blurred comes first.
 * `enhanced` are parts that have a card of their own.
 */
export function leftAloneIn(deck: Deck | undefined, enhanced: string[] = []): LeftAlone[] {
  const left = (deck?.placements ?? []).flatMap((placement): LeftAlone[] => {
    const code = placement.reason ?? "already_sharp";
    if (placement.verdict === "low" || UNSEEN.includes(code)) return [];
    if (enhanced.includes(placement.part ?? "")) return [];
    return [{ name: named(placement), reason: reasonOf(code), code }];
  });
  return left.sort((a, b) => Number(isSharp(a)) - Number(isSharp(b)));
}

export function isSharp({ code }: LeftAlone): boolean {
  return SHARP.includes(code);
}

/** Name the picture of a part, if the scan knows it. */
export function nameOfPart(deck: Deck | undefined, part: string): Message | undefined {
  const placement = deck?.placements.find((each) => each.part === part);
  return placement && named(placement);
}

/** Name a picture as its author would: by its alt text, else by its shape. */
export function nameOf(found: Found): Message {
  return named(found.placement);
}

const LONGEST = 60; // characters; three lines of a card at 270 px

function named({ alt_text: alt, shape_name: shape, kind }: Placement): Message {
  const name = alt || shape;
  if (!name) return message(kind === "background" ? "picture.background" : "picture.unnamed");
  return message("picture.named", { name: name.length > LONGEST ? `${name.slice(0, LONGEST - 3)}…` : name });
}

const FULL_HD_PX = 1920;

/**
 * "Shown 4.2 in wide, 96 ppi: about a third as sharp as this screen."
 * A screen smaller than full HD is no measure: the show will be on a larger one.
 */
export function sentence(found: Found, devicePx = deviceWidthPx()): Message {
  const screenPx = Math.max(devicePx, FULL_HD_PX);
  const width = found.placement.shown_width_in;
  const ppi = found.placement.effective_ppi;
  if (!ppi) return message("picture.few_ppi");
  const share = asSharpAs((ppi * found.screenWidthIn) / screenPx);
  const than = message(devicePx < FULL_HD_PX ? "screen.full_hd" : "screen.this");
  const values = { ppi: Math.round(ppi), share: message(share, { than }) };
  return width
    ? message("picture.shown", { ...values, width: width < 10 ? Math.round(width * 10) / 10 : Math.round(width) })
    : message("picture.shown_somewhere", values);
}

/** Pixels of the screen across, where a slide is shown full. */
function deviceWidthPx(): number {
  return Math.round(screen.width * devicePixelRatio);
}

// In the order of SHARE_LIMITS; what lies above the last limit is no less sharp than the screen.
const SHARES: readonly Key[] = [
  "share.less_than_quarter",
  "share.quarter",
  "share.third",
  "share.half",
  "share.two_thirds",
  "share.three_quarters",
];

/** Compare pixels of the picture with pixels of the screen over the same distance. */
export function asSharpAs(share: number): Key {
  const at = SHARE_LIMITS.findIndex((limit) => share < limit);
  return SHARES[at] ?? "share.equal";
}

/** What the server checked on the result; undefined where it said nothing. */
export function guarantee(picture: JobPicture | undefined): Message | undefined {
  const upscale = picture?.upscale;
  if (upscale?.fallback === "unfaithful") return message("result.unfaithful");
  if (upscale?.fallback) return message("result.interpolated");
  const consistency = upscale?.faithful?.consistency;
  if (consistency === "exact") return message("result.exact");
  if (consistency === "low_frequency") return message("result.low_frequency");
  return undefined;
}

/** Whether interpolation stepped in for the network. */
export function isOnlyEnlarged(picture: JobPicture | undefined): boolean {
  return Boolean(picture?.upscale?.fallback);
}

/** "3 pictures on 2 slides made sharp, 1 only enlarged": interpolation makes nothing sharper. */
export function outcome(sharp: number, onlyEnlarged: number, slides: number): Message {
  const on = message("count.slides", { count: slides });
  if (sharp === 0 && onlyEnlarged > 0) return message("outcome.enlarged", { count: onlyEnlarged, on });
  return onlyEnlarged > 0
    ? message("outcome.both", { count: sharp, on, enlarged: onlyEnlarged })
    : message("outcome.sharp", { count: sharp, on });
}

/** "150 × 100 → 600 × 400 pixels"; undefined until that is known. */
export function sizes(picture: JobPicture | undefined): Message | undefined {
  const { width_px: width, height_px: height, new_width_px: newWidth, new_height_px: newHeight } = picture ?? {};
  if (!width || !height || !newWidth || !newHeight) return undefined;
  const [before, after] = [`${width} × ${height}`, `${newWidth} × ${newHeight}`];
  return message("picture.sizes", { before, after });
}
