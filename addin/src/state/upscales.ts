// Sharp pictures, made once per picture while the pane is open; a few at a time.

import * as api from "../server/api";
import { settings } from "./settings";

const AT_ONCE = 3;

const made = new Map<string, Promise<api.Sharp>>();
const queue: (() => void)[] = [];
let running = 0;

/** Return the sharp picture; what failed is tried again when it is asked for again. */
export function sharpened(sha256: string, scale: number, blob: Blob): Promise<api.Sharp> {
  const name = `${sha256} ${scale} ${settings().crispness}`;
  const known = made.get(name);
  if (known !== undefined) return known;
  const promise = turn().then(() => api.sharpen(blob, scale).finally(next));
  made.set(name, promise);
  promise.catch(() => made.delete(name));
  return promise;
}

/** Forget all: results of another key are not ours. */
export function forgetAll(): void {
  made.clear();
}

function turn(): Promise<void> {
  if (running < AT_ONCE) {
    running += 1;
    return Promise.resolve();
  }
  return new Promise((resolve) => queue.push(resolve));
}

function next(): void {
  const waiting = queue.shift();
  if (waiting === undefined) running -= 1;
  else waiting();
}
