// The work of the worker, done at once: jsdom has no workers.

import { lossesBySlide } from "../src/opc/losses";
import { fromBase64, inspect, joined, rewritten, slim, toBase64 as encoded, withPictures } from "../src/opc/package";
import type { ToRewrite, ToSlim } from "../src/opc/worker";

export const inspectExport = (base64: string) => inspect(fromBase64(base64));

export const slimExport = async ({ base64, withTexts, pictures }: ToSlim) =>
  new Blob([slim(await withPictures(fromBase64(base64), pictures), withTexts) as Uint8Array<ArrayBuffer>]);

export const rewrittenExport = async ({ base64, answer, withTexts, pictures }: ToRewrite) =>
  rewritten(await withPictures(fromBase64(base64), pictures), new Uint8Array(await answer.arrayBuffer()), withTexts);

export const findLosses = (slices: Uint8Array[]) => Promise.resolve(lossesBySlide(joined(slices)));

export const toBase64 = async (file: Blob) => encoded(new Uint8Array(await file.arrayBuffer()));
