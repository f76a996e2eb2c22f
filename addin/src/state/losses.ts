// What is lost when PowerPoint replaces a slide. Office.js cannot be asked for it and an export
// leaves it out: it is only seen in the whole file.

import { findLosses } from "../opc/in-worker";
import type { Losses } from "../opc/losses";
import { readFile } from "../host/document";

// The host needs many times a file's size to hand it out (office-js 2179).
const MOST_BYTES = 30 * 1024 * 1024;
// PowerPoint on the web saves first and takes 10 to 40 s (office-js 3443); after that nobody knows.
const LIMIT_MS = 60_000;
// Where a look takes less, it costs nobody anything to look afresh before each slide.
const QUICK_MS = 3_000;
const SLOW_MAX_AGE_MS = 30_000;

/** Undefined where it could not be found out. */
export type Known = Readonly<Losses> | undefined;

interface FileLook {
  startedMs: number;
  tookMs: number;
  slides: Promise<Record<string, Losses> | undefined>;
}

let latest: FileLook | undefined;

/** Say what a slide would lose, by a look at the file that begins now. */
export function lossesNow(slideId: string): Promise<Known> {
  return lossesBy(newLook(), slideId);
}

/** The same by the latest look: for the many slides of one scan. */
export function lossesOfScan(slideId: string): Promise<Known> {
  return lossesBy(latest ?? newLook(), slideId);
}

/** The same in a run over many slides: a slow host is not made to save the file for each of them. */
export function lossesInRun(slideId: string): Promise<Known> {
  const isSlow = latest !== undefined && latest.tookMs > QUICK_MS;
  const isFresh = latest !== undefined && Date.now() - latest.startedMs < SLOW_MAX_AGE_MS;
  return lossesBy(latest !== undefined && isSlow && isFresh ? latest : newLook(), slideId);
}

async function lossesBy(look: FileLook, slideId: string): Promise<Known> {
  const slides = await look.slides;
  return slides?.[/^\d+/.exec(slideId)?.[0] ?? ""];
}

function newLook(): FileLook {
  const look: FileLook = { startedMs: Date.now(), tookMs: 0, slides: lookAtFile() };
  void look.slides.then(() => (look.tookMs = Date.now() - look.startedMs));
  latest = look;
  return look;
}

async function lookAtFile(): Promise<Record<string, Losses> | undefined> {
  try {
    const slices = await inTime(readFile(MOST_BYTES));
    return slices && (await findLosses(slices));
  } catch {
    return undefined;
  }
}

function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  return Promise.race([
    work,
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), LIMIT_MS)),
  ]);
}

/** Does anything go that nobody gives back? Undefined: it may. */
export function loses(known: Known): boolean {
  if (known === undefined) return true;
  return known.comments > 0 || known.linksOut || known.linksIn || known.inCustomShow;
}

/** What the user has read and agreed to; "unknown" where the file could not be looked at. */
export type Agreed = Losses | "unknown" | undefined;

export function agreedTo(known: Known): Agreed {
  return known ?? "unknown";
}

/** Is all that would be lost now among what was agreed to? */
export function isAgreed(agreed: Agreed, known: Known): boolean {
  if (known === undefined) return agreed === "unknown";
  if (agreed === undefined || agreed === "unknown") return !loses(known);
  const links = (["linksOut", "linksIn", "inCustomShow"] as const).every((each) => agreed[each] || !known[each]);
  return links && known.comments <= agreed.comments;
}
