// What the pane was doing when it was closed: written before a slide is inserted, so that the next
// start can finish it or take it back.

import type { Tagged } from "../host/tags";
import { store, stored } from "./storage";

const NAME = "journal";
const MOST_AGE_MS = 7 * 24 * 3600 * 1000; // by then the user has seen two slides himself

export interface Entry {
  /** The address of the deck. */
  document: string;
  oldId: string;
  /** Undefined until the new slide is seen. */
  newId: string | undefined;
  /** Ids of all slides before the insert. */
  before: string[];
  /** Fingerprint of the old slide, and structure of what was sent. */
  fingerprint: string;
  structure: string;
  tags: [slide: Tagged["slide"], shapes: [string, Tagged["slide"]][]];
  atMs: number;
}

export function begin(entry: Omit<Entry, "newId" | "tags" | "atMs">): void {
  write({ ...entry, newId: undefined, tags: [[], []], atMs: Date.now() });
}

/** The new slide stands, with these tags to be given to it. */
export function inserted(newId: string, tags: Tagged): void {
  const entry = read();
  if (entry) write({ ...entry, newId, tags: [tags.slide, [...tags.shapes]] });
}

export function end(): void {
  store(NAME, null);
}

/** The replacement that was not brought to its end in this deck. */
export function unfinished(document: string): Entry | undefined {
  const entry = read();
  return entry?.document === document ? entry : undefined;
}

export function tagsOf({ tags: [slide, shapes] }: Entry): Tagged {
  return { slide, shapes: new Map(shapes) };
}

function write(entry: Entry): void {
  store(NAME, entry);
}

function read(): Entry | undefined {
  const entry = stored(NAME) as Entry | null;
  if (entry === null || typeof entry !== "object" || !Array.isArray(entry.before)) return undefined;
  return Date.now() - entry.atMs < MOST_AGE_MS ? entry : undefined;
}
