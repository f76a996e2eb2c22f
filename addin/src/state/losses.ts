// What is lost when PowerPoint replaces a slide. Office.js cannot be asked for it, it is only seen
// in the whole file: so that is looked at before anybody clicks.

import { findLosses } from "../opc/in-worker";
import { type Losses, NO_LOSSES } from "../opc/losses";
import { readFile } from "../host/document";

const MOST_BYTES = 30 * 1024 * 1024; // the host needs many times a file's size to hand it out

/** Undefined where it could not be found out. */
export type Known = Readonly<Losses> | undefined;

interface Look {
  at: number;
  slides: Promise<Record<string, Losses> | undefined>;
}

let latest: Look | undefined;

/** Say what a slide would lose, by a look at the file that began at `sinceMs` or later. */
export async function lossesOn(slideId: string, sinceMs: number): Promise<Known> {
  const number = numberOf(slideId);
  if (latest === undefined || latest.at < sinceMs) latest = newLook();
  const look = latest;
  const slides = await look.slides;
  // A slide that is not in it came later; somebody else may be looking for it already.
  if (slides !== undefined && !(number in slides) && latest === look) latest = newLook();
  return (await latest.slides)?.[number];
}

/** Tell of a slide that has just taken another's place: what it could lose is lost. */
export async function noteReplaced(slideId: string): Promise<void> {
  const slides = await latest?.slides;
  if (slides !== undefined) slides[numberOf(slideId)] ??= NO_LOSSES;
}

function numberOf(slideId: string): string {
  return /^\d+/.exec(slideId)?.[0] ?? "";
}

function newLook(): Look {
  return { at: Date.now(), slides: lookAtFile() };
}

async function lookAtFile(): Promise<Record<string, Losses> | undefined> {
  try {
    const slices = await readFile(MOST_BYTES);
    return slices && (await findLosses(slices));
  } catch {
    return undefined;
  }
}

/** Does anything go that nobody gives back? */
export function loses(known: Known): boolean {
  return lost(known).length > 0;
}

function lost(known: Known): string[] {
  if (known === undefined) return [];
  const words = [];
  if (known.comments > 0) words.push(known.comments === 1 ? "its comment" : `its ${known.comments} comments`);
  if (known.linksOut) words.push("its links to other slides");
  if (known.linksIn) words.push("links from other slides to it");
  if (known.inCustomShow) words.push("its place in a custom show");
  return words;
}

/** Say what would be lost; "" where nothing is. */
export function warning(known: Known): string {
  if (known === undefined) {
    return "If this slide has comments, or links to or from other slides, PowerPoint drops them when the slide is replaced. The pane could not look into this file.";
  }
  const words = lost(known);
  return words.length > 0 ? `PowerPoint drops ${listed(words)} when the slide is replaced.` : "";
}

/** Say what would be lost but for the pane; "" where nothing is. */
export function comfort(known: Known): string {
  return known?.tags ? "Tags of other add-ins on this slide are kept." : "";
}

function listed(words: string[]): string {
  const [last = "", ...others] = [...words].reverse();
  return others.length > 0 ? `${others.reverse().join(", ")} and ${last}` : last;
}
