/**
 * What Ctrl+Z takes back: each edit of a person by itself, and in one step all that add-ins wrote
 * between two of them (office-js 5249).
 */

import type { Package, Snapshot } from "../opc/package";

type Author = "person" | "add-in";

interface Entry {
  author: Author;
  before: Snapshot;
}

export class History {
  private readonly entries: Entry[] = [];

  constructor(private readonly pkg: Package) {}

  /** Do something that may change the deck. */
  record<T>(author: Author, act: () => T): T {
    const before = this.pkg.snapshot();
    try {
      return act();
    } finally {
      const isSame = author === "add-in" && this.entries.at(-1)?.author === author;
      if (!isSame && this.pkg.differsFrom(before)) this.entries.push({ author, before });
    }
  }

  /** Take the last entry back; false where there is none. */
  undo(): boolean {
    const last = this.entries.pop();
    if (last) this.pkg.restore(last.before);
    return last !== undefined;
  }
}
