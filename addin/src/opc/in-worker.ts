// The main thread's way to the worker.

import type { Answer, Question, ToRewrite, ToSlim, Work } from "./worker";

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
    if ("error" in event.data) found?.reject(Object.assign(new Error(event.data.error), { name: event.data.errorName }));
    else found?.resolve(event.data.value as never);
  });
  made.addEventListener("error", (event) => {
    for (const each of waiting.values()) each.reject(new Error(event.message));
    waiting.clear();
    worker = undefined;
  });
  return made;
}

/** Read an exported slide: fingerprints and pictures. */
export const inspectExport = (base64: string) => ask("inspect", base64);

/** Make what is sent to the server of an exported slide. */
export const slimExport = (what: ToSlim) => ask("slim", what);

/** Put the server's answer into the exported slide. */
export const rewrittenExport = (what: ToRewrite) => ask("rewritten", what);

/** Read in a whole file what exports of its slides leave behind. */
export const findLosses = (slices: Uint8Array[]) => ask("losses", slices);

export const toBase64 = (file: Blob) => ask("encode", file);
