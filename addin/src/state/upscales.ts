// Upscaled pictures, made once per picture while the pane is open; a few at a time.

import * as api from "../server/api";
import { settings } from "./settings";

const AT_ONCE = 3; // what one worker of the server keeps busy

interface Upscale {
  promise: Promise<api.Sharp>;
  stop: AbortController;
  /** How many wait for it; nobody left: it is cancelled. */
  wanted: number;
}

const known = new Map<string, Upscale>();
const queue: (() => void)[] = [];
let running = 0;

/**
 * Return the upscaled picture; what failed is tried again when it is asked for again. With a signal
 * the wait can be ended, and the work too where nobody else waits for it.
 */
export function upscaled(
  sha256: string,
  scale: number,
  blob: Blob,
  signal?: AbortSignal,
): Promise<api.Sharp> {
  const name = `${sha256} ${scale} ${settings().crispness}`;
  const upscale = known.get(name) ?? started(name, scale, blob);
  upscale.wanted += 1;
  if (signal === undefined) return upscale.promise;
  return new Promise((resolve, reject) => {
    const leave = () => {
      upscale.wanted -= 1;
      if (upscale.wanted === 0) {
        upscale.stop.abort();
        known.delete(name);
      }
      reject(new DOMException("Stopped.", "AbortError"));
    };
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave);
    upscale.promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}

function started(name: string, scale: number, blob: Blob): Upscale {
  const stop = new AbortController();
  const work = async () => {
    await turn();
    try {
      stop.signal.throwIfAborted();
      return await api.upscale(blob, scale, settings(), stop.signal);
    } finally {
      next();
    }
  };
  const upscale = { promise: work(), stop, wanted: 0 };
  known.set(name, upscale);
  upscale.promise.catch(() => known.delete(name));
  return upscale;
}

/** Forget all, and stop what runs: results of another key are not ours. */
export function forgetAll(): void {
  for (const { stop } of known.values()) stop.abort();
  known.clear();
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
