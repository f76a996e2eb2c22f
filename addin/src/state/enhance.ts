// One slide made sharp, or as it was: fresh export, swap on the server, new slide in the old's place.

import * as api from "../server/api";
import { inspectExport, inspectFile } from "../opc/in-worker";
import { noteReplaced } from "./losses";
import { exportSlide, replaceSlide, slides } from "../host/deck";
import { HostError } from "../host/document";

const TRIES = 3;

export interface Outcome {
  slideId: string;
  /** Hashes of the pictures that came: by them the server finds the way back. */
  newSha256s: string[];
  /** What the user should know besides. */
  notes: string[];
}

// A replaced slide has a new id, until Ctrl+Z brings the old one back: all of them mean one slide.
const origins = new Map<string, string>();

function originOf(slideId: string): string {
  return origins.get(slideId) ?? slideId;
}

/** Say whether two ids mean one slide, before and after it was replaced. */
export function sameSlide(one: string, other: string): boolean {
  return originOf(one) === originOf(other);
}

/** Return the id under which the slide stands in the deck now. */
export async function presentId(slideId: string): Promise<string> {
  const ids = (await slides()).map((slide) => slide.id);
  if (ids.includes(slideId)) return slideId;
  return ids.find((id) => sameSlide(id, slideId)) ?? slideId;
}

/** Put the pictures that these jobs made onto the slide. Raises HostError, ApiError. */
export function enhanceSlide(slideId: string, jobIds: string[]): Promise<Outcome> {
  return rewrite(slideId, (file) => api.swap(file, jobIds));
}

/** Put the originals of these pictures back onto the slide. Raises HostError, ApiError. */
export function revertSlide(slideId: string, sha256s: string[]): Promise<Outcome> {
  return rewrite(slideId, (file) => api.revert(file, sha256s));
}

async function rewrite(
  slideId: string,
  change: (file: Blob) => Promise<Blob>,
): Promise<Outcome> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const id = await presentId(slideId);
    const before = await inspectExport(await exportSlide(id));
    const after = await inspectFile(await change(before.file));
    try {
      const replaced = await replaceSlide(id, after.base64, async (now) => {
        return (await inspectExport(now)).fingerprint === before.fingerprint;
      });
      origins.set(replaced.slideId, originOf(id));
      await noteReplaced(replaced.slideId);
      const had = new Set(before.media.map((medium) => medium.sha256));
      const newSha256s = after.media.map((each) => each.sha256).filter((each) => !had.has(each));
      return { slideId: replaced.slideId, newSha256s, notes: notesOn(replaced) };
    } catch (error) {
      if (!(error instanceof HostError && error.code === "slide_changed")) throw error;
    }
  }
  throw new HostError(
    "slide_changed",
    "The slide was edited at the same moment. Nothing was replaced; try again.",
  );
}

function notesOn(replaced: { lostTags: number; keptMaster: boolean }): string[] {
  const notes: string[] = [];
  if (replaced.lostTags > 0) notes.push("Notes of other add-ins on this slide could not be kept.");
  if (replaced.keptMaster) notes.push("PowerPoint added a copy of this slide's master.");
  return notes;
}
