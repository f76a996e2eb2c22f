// A server that knows one picture: it swaps its bytes for a sharp one's, and back. In the place of
// src/server/api in tests of what happens in PowerPoint.

import { unzipSync, zipSync } from "fflate";
import { bytesOf } from "./fake-host/base64";
import { PIXEL } from "./fake-host/unit/small-deck";
import { sha256 } from "../src/opc/hash";

/** A PNG of one pixel, another one. */
export const SHARP = bytesOf(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=",
);
export const ORIGINAL = bytesOf(PIXEL);
export const SWAP = { jobId: "job-1", sha256: await sha256(ORIGINAL) };

/** Bytes of the files that came in, newest last; one list, however often the module is loaded. */
export function received(): Uint8Array[] {
  const all = globalThis as { receivedByServer?: Uint8Array[] };
  return (all.receivedByServer ??= []);
}

async function changed(file: Blob, from: Uint8Array, to: Uint8Array): Promise<Blob> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  received().push(bytes);
  const parts = unzipSync(bytes);
  let found = false;
  for (const [name, blob] of Object.entries(parts)) {
    if (!name.startsWith("ppt/media/") || Buffer.compare(blob, from) !== 0) continue;
    parts[name] = to as Uint8Array<ArrayBuffer>;
    found = true;
  }
  if (!found) throw new Error("the slide does not hold the picture");
  return new Blob([zipSync(parts) as Uint8Array<ArrayBuffer>]);
}

export const swap = (file: Blob) => changed(file, ORIGINAL, SHARP);
export const revert = (file: Blob) => changed(file, SHARP, ORIGINAL);
export const upscaledPicture = () => Promise.resolve(new Blob([SHARP as Uint8Array<ArrayBuffer>]));

export async function known(sha256s: string[]): Promise<Map<string, Date>> {
  const own = await sha256(SHARP);
  return new Map(sha256s.filter((each) => each === own).map((each) => [each, new Date("2030-01-01")]));
}
