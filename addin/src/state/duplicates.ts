// Two slides where there should be one: the pane was closed between insert and delete, or Ctrl+Z
// has taken back the delete alone. The user decides which of them stays.

import { documentAddress } from "../host/document";
import { deleteSlide, exportSlide, slides } from "../host/slides";
import { inspectExport } from "../opc/in-worker";
import * as journal from "./journal";
import { twinsAmong } from "./replacement";

export interface Duplicate {
  oldId: string;
  newId: string;
  /** Numbers in the deck, from 1. */
  oldNumber: number;
  newNumber: number;
}

const ignored = new Set<string>();

/** Look for a slide that stands twice. Finishes what only lacked its end. */
export async function findDuplicate(): Promise<Duplicate | undefined> {
  const entry = journal.unfinished(documentAddress());
  const ids = (await slides()).map((slide) => slide.id);
  if (entry === undefined) return duplicate(twinsAmong(ids), ids);
  const newId = await newSlide(entry, ids);
  if (newId !== undefined && ids.includes(entry.oldId)) return duplicate([entry.oldId, newId], ids);
  // Only the tags were missing, or nothing had been inserted yet, or the file was closed unsaved.
  if (newId !== undefined) await giveTags(newId, entry);
  journal.end();
  return duplicate(twinsAmong(ids), ids);
}

/** The same without a question to PowerPoint, where somebody has the ids already. */
export function duplicateAmong(ids: string[]): Duplicate | undefined {
  return duplicate(twinsAmong(ids), ids);
}

function duplicate(twins: [string, string] | undefined, ids: string[]): Duplicate | undefined {
  if (twins === undefined || ignored.has(twins.join())) return undefined;
  const [oldId, newId] = twins;
  return { oldId, newId, oldNumber: ids.indexOf(oldId) + 1, newNumber: ids.indexOf(newId) + 1 };
}

/** The slide that was inserted, if it is there: right behind the old one, showing what was sent. */
async function newSlide(entry: journal.Entry, ids: string[]): Promise<string | undefined> {
  if (entry.newId !== undefined) return ids.includes(entry.newId) ? entry.newId : undefined;
  const candidate = ids[ids.indexOf(entry.oldId) + 1];
  if (candidate === undefined || entry.before.includes(candidate)) return undefined;
  const { structure } = await inspectExport(await exportSlide(candidate));
  return structure === entry.structure ? candidate : undefined;
}

async function giveTags(slideId: string, entry: journal.Entry): Promise<void> {
  const road = await import("../host/replace"); // it happens seldom
  await road.giveTags(slideId, journal.tagsOf(entry));
}

/** Delete the other one of the two, or leave both. */
export async function settle(found: Duplicate, keep: "old" | "new" | "both"): Promise<void> {
  const entry = journal.unfinished(documentAddress());
  if (keep === "old") await deleteSlide(found.newId);
  if (keep === "new") {
    await deleteSlide(found.oldId);
    if (entry !== undefined) await giveTags(found.newId, entry);
  }
  ignored.add([found.oldId, found.newId].join());
  journal.end();
}
