// The work of the worker, done at once: jsdom has no workers.

import { lossesBySlide } from "../src/opc/losses";
import { fromBase64, inspect, joined, rewritten, slim, toBase64 as encoded } from "../src/opc/package";
import type { ToRewrite, ToSlim } from "../src/opc/worker";

export const inspectExport = (base64: string) => inspect(fromBase64(base64));

export const slimExport = async ({ base64, sending }: ToSlim) =>
  new Blob([(await slim(fromBase64(base64), sending)) as Uint8Array<ArrayBuffer>]);

export const rewrittenExport = async ({ base64, answer, sending }: ToRewrite) =>
  rewritten(fromBase64(base64), new Uint8Array(await answer.arrayBuffer()), sending);

export const findLosses = (slices: Uint8Array[]) => Promise.resolve(lossesBySlide(joined(slices)));

export const toBase64 = async (file: Blob) => encoded(new Uint8Array(await file.arrayBuffer()));
