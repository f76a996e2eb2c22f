// What PowerPoint drops when it exports a slide: comments. They cannot be asked for, only be seen
// in the whole file, so that is looked at before anybody clicks.

import { countComments } from "./bytes/bytes";
import { readFile } from "./powerpoint/document";

const MOST_BYTES = 30 * 1024 * 1024; // the host needs many times a file's size to hand it out

export interface Comments {
  /** Undefined where it could not be found out. */
  count: number | undefined;
}

interface Look {
  at: number;
  counts: Promise<Record<string, number> | undefined>;
}

let latest: Look | undefined;

/** Count the comments on a slide, by a look at the file no older than `maxAgeMs`. */
export async function commentsOn(slideId: string, maxAgeMs: number): Promise<Comments> {
  if (latest === undefined || Date.now() - latest.at > maxAgeMs) {
    latest = { at: Date.now(), counts: lookAtFile() };
  }
  const counts = await latest.counts;
  const number = /^(\d+)/.exec(slideId)?.[1];
  if (counts === undefined || number === undefined) return { count: undefined };
  return { count: counts[number] ?? 0 };
}

async function lookAtFile(): Promise<Record<string, number> | undefined> {
  try {
    const slices = await readFile(MOST_BYTES);
    return slices && (await countComments(slices));
  } catch {
    return undefined;
  }
}

/** Say on the card what would be lost; "" where nothing is. */
export function warning(comments: Comments): string {
  if (comments.count === undefined) {
    return "If this slide has comments, PowerPoint will drop them. This file is too large to check.";
  }
  if (comments.count === 0) return "";
  const many = comments.count === 1 ? "a comment" : `${comments.count} comments`;
  return `This slide has ${many}. PowerPoint drops comments when a slide is replaced.`;
}
