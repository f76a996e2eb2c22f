// One conversation with PowerPoint at a time, and an end to those that never answer.

import { HostError } from "./errors";

const PATIENCE_MS = 120_000;

let last: Promise<unknown> = Promise.resolve();

/** Run `work` after all that was asked before. Raises HostError after two silent minutes. */
export function inTurn<T>(work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const mine = last.then(() => withPatience(work(), patienceMs));
  last = mine.catch(() => undefined);
  return mine;
}

function withPatience<T>(work: Promise<T>, patienceMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new HostError("no_answer"));
    }, patienceMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
