/**
 * What goes wrong on purpose, and what a person does meanwhile. A rule waits for the n-th call of
 * one member from now on and then does its thing.
 */

import type { Edit } from "./edits";

export type Effect =
  /** The call fails: before it did anything, or after it did it all. */
  | { kind: "fail"; when: "before" | "after"; code: string; message?: string }
  /** The call says that it succeeded and did nothing. */
  | { kind: "ignore" }
  /** The call does what it does two times. */
  | { kind: "repeat" }
  /** The call takes longer. */
  | { kind: "delay"; ms: number }
  /** A collection says that it is empty, as just after an insert (office-js 4222). */
  | { kind: "empty" }
  /** An object comes back without its values, as after loops of reads (office-js 6741, 6363, 6419). */
  | { kind: "unloaded" }
  /** A person edits the deck just before or after the call. */
  | { kind: "edit"; when: "before" | "after"; edit: Edit };

export interface Rule {
  /** "Slide.exportAsBase64", "Document.getFileAsync", "ShapeScopedCollection.load", … */
  on: string;
  /** Calls count only once this member was called: "the delete that comes after the insert". */
  after?: string;
  /** Which call is the first; 1 unless told. */
  nth?: number;
  /** How many calls; 1 unless told, 0 for all that follow. */
  times?: number;
  effect: Effect;
}

interface Waiting {
  rule: Rule;
  seen: number;
  counts: boolean;
}

export class Rules {
  private waiting: Waiting[] = [];

  add(rule: Rule): void {
    this.waiting.push({ rule, seen: 0, counts: rule.after === undefined });
  }

  clear(): void {
    this.waiting = [];
  }

  /** Count a call; return what shall happen to it. */
  effects(member: string): Effect[] {
    const found: Effect[] = [];
    for (const one of this.waiting) {
      const counted = one.counts && one.rule.on === member;
      if (one.rule.after === member) one.counts = true;
      if (!counted) continue;
      one.seen += 1;
      const first = one.rule.nth ?? 1;
      const times = one.rule.times ?? 1;
      if (one.seen >= first && (times === 0 || one.seen < first + times)) {
        found.push(one.rule.effect);
      }
    }
    return found;
  }

  /** Rules that have not met their call: a test that expected them did not test it. */
  unmet(): Rule[] {
    return this.waiting
      .filter((one) => one.seen < (one.rule.nth ?? 1))
      .map((one) => one.rule);
  }
}
