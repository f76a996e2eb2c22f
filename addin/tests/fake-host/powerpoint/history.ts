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

/** All that an add-in wrote at once (office-js 5249), each write by itself, or nothing any more. */
export type UndoStyle = "merged" | "separate" | "cleared";

export class History {
  style: UndoStyle = "merged";
  private readonly entries: Entry[] = [];

  constructor(private readonly pkg: Package) {}

  /** Do something that may change the deck. */
  record<T>(author: Author, act: () => T): T {
    const before = this.pkg.snapshot();
    try {
      return act();
    } finally {
      if (this.pkg.differsFrom(before)) this.note(author, before);
    }
  }

  private note(author: Author, before: Snapshot): void {
    const isAddIn = author === "add-in";
    if (isAddIn && this.style === "cleared") this.entries.length = 0;
    else if (!isAddIn || this.style === "separate" || this.entries.at(-1)?.author !== author) {
      this.entries.push({ author, before });
    }
  }

  /** Take the last entry back; false where there is none. */
  undo(): boolean {
    const last = this.entries.pop();
    if (last) this.pkg.restore(last.before);
    return last !== undefined;
  }
}
