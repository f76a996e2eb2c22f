// What the pane knows of a picture on a slide, and how it says it.

import type { Deck, JobPicture, Picture, Placement } from "../server/api";
import type { Medium } from "../opc/package";
import { plural } from "../strings/words";

/** A blurred picture on a slide of the open deck. */
export interface Found {
  sha256: string;
  blob: Blob;
  scale: number;
  picture: Picture;
  /** The use of it on this slide that is the least sharp. */
  placement: Placement;
  slideWidthIn: number;
}

/** Join what the scan says with the bytes of the export: the blurred pictures, worst first. */
export function foundIn(deck: Deck, media: Medium[]): Found[] {
  const found = deck.pictures.flatMap((picture): Found[] => {
    const medium = media.find((each) => each.part === picture.part);
    const placement = worst(deck.placements.filter((each) => each.part === picture.part));
    if (picture.verdict !== "low" || !picture.scale || !medium || !placement) return [];
    const { sha256, blob } = medium;
    const slideWidthIn = deck.scan.slide_width_in;
    return [{ sha256, blob, scale: picture.scale, picture, placement, slideWidthIn }];
  });
  return found.sort((a, b) => (a.picture.effective_ppi ?? 0) - (b.picture.effective_ppi ?? 0));
}

function worst(placements: Placement[]): Placement | undefined {
  const ppi = (each: Placement) => each.effective_ppi ?? Infinity;
  const low = placements.filter((each) => each.verdict === "low");
  return low.sort((a, b) => ppi(a) - ppi(b))[0] ?? placements[0];
}

/** Name a picture as its author would: by its alt text, else by its shape. */
export function nameOf(found: Found): string {
  const kind = found.placement.kind === "background" ? "Background" : "Picture";
  const name = found.placement.alt_text || found.placement.shape_name || kind;
  return name.length > 60 ? `${name.slice(0, 57)}…` : name;
}

/**
 * "Shown 4.2 in wide, 96 ppi: about a third as sharp as this screen."
 * A screen smaller than full HD is no measure: the show will be on a larger one.
 */
export function sentence(found: Found, devicePx = deviceWidthPx()): string {
  const screenPx = Math.max(devicePx, FULL_HD_PX);
  const screenWords = devicePx < FULL_HD_PX ? "a full-HD screen" : "this screen";
  const width = found.placement.shown_width_in;
  const ppi = found.placement.effective_ppi;
  const shown = width ? `Shown ${inches(width)} wide, ` : "";
  const words = ppi ? asSharpAs((ppi * found.slideWidthIn) / screenPx) : "";
  return `${shown}${ppi ? Math.round(ppi) : "few"} ppi${words && `: ${words} as ${screenWords}`}.`;
}

function inches(width: number): string {
  return `${width < 10 ? width.toFixed(1).replace(/\.0$/, "") : Math.round(width)} in`;
}

const FULL_HD_PX = 1920;

/** Pixels of the screen across, where a slide is shown full. */
function deviceWidthPx(): number {
  return Math.round(screen.width * devicePixelRatio);
}

const SHARES: readonly [share: number, words: string][] = [
  [0.22, "less than a quarter as sharp"],
  [0.29, "about a quarter as sharp"],
  [0.4, "about a third as sharp"],
  [0.58, "about half as sharp"],
  [0.71, "about two thirds as sharp"],
  [0.88, "about three quarters as sharp"],
];

/** Compare pixels of the picture with pixels of the screen over the same distance. */
export function asSharpAs(share: number): string {
  return SHARES.find(([limit]) => share < limit)?.[1] ?? "just as sharp";
}

/** What the server checked on the result, in words; "" where it said nothing. */
export function guarantee(picture: JobPicture | undefined): string {
  const report = picture?.report ?? {};
  if (report.fallback === "unfaithful") {
    return "The sharper version did not pass the check, so this one is only enlarged: nothing is invented.";
  }
  if (report.fallback) return "Only enlarged: the network could not work on this picture.";
  const { consistency } = (report.faithful ?? {}) as { consistency?: unknown };
  if (consistency === "exact") return "Checked: made small again, it is the original.";
  if (consistency === "low_frequency") return "Checked: shapes and colours are those of the original.";
  return "";
}

/** Whether interpolation stepped in for the network. */
export function isOnlyEnlarged(picture: JobPicture | undefined): boolean {
  return Boolean(picture?.report?.fallback);
}

/** "3 pictures on 2 slides made sharp, 1 only enlarged": interpolation makes nothing sharper. */
export function outcome(sharp: number, onlyEnlarged: number, slides: number): string {
  const isNoneSharp = sharp === 0 && onlyEnlarged > 0;
  const pictures = `${plural(isNoneSharp ? onlyEnlarged : sharp, "picture")} on ${plural(slides, "slide")}`;
  if (isNoneSharp) return `${pictures} only enlarged`;
  return `${pictures} made sharp${onlyEnlarged > 0 ? `, ${onlyEnlarged} only enlarged` : ""}`;
}

/** "150 × 100 → 600 × 400 pixels"; "" until that is known. */
export function sizes(picture: JobPicture | undefined): string {
  if (!picture?.new_width_px || !picture.new_height_px) return "";
  const before = `${picture.width_px ?? "?"} × ${picture.height_px ?? "?"}`;
  return `${before} → ${picture.new_width_px} × ${picture.new_height_px} pixels`;
}
