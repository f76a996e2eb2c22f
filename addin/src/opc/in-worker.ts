// The main thread's way to the worker.

import type { Answer, Question, Work } from "./worker";

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let asked = 0;

function ask<N extends keyof Work>(
  name: N,
  argument: Parameters<Work[N]>[0],
): Promise<Awaited<ReturnType<Work[N]>>> {
  worker ??= started();
  const number = ++asked;
  worker.postMessage({ number, name, argument } satisfies Question);
  return new Promise((resolve, reject) => waiting.set(number, { resolve, reject }));
}

function started(): Worker {
  const made = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  made.addEventListener("message", (event: MessageEvent<Answer>) => {
    const found = waiting.get(event.data.number);
    waiting.delete(event.data.number);
    if ("error" in event.data) found?.reject(new Error(event.data.error));
    else found?.resolve(event.data.value as never);
  });
  made.addEventListener("error", (event) => {
    for (const each of waiting.values()) each.reject(new Error(event.message));
    waiting.clear();
    worker = undefined;
  });
  return made;
}

/** Read an exported slide: fingerprint, pictures, and the file itself. */
export const inspectExport = (base64: string) => ask("inspect", base64);

/** Read a slide that came from the server, and give it as base64 too. */
export const inspectFile = (file: Blob) => ask("inspectFile", file);

/** Read in a whole file what exports of its slides leave behind. */
export const findLosses = (slices: Uint8Array[]) => ask("losses", slices);

export const toBase64 = (file: Blob) => ask("encode", file);
