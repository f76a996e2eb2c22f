// What a .pptx holds, as far as the pane looks into it. Pure: runs in the worker and in tests.

import { unzipSync } from "fflate";

/** A picture of the slide: its part, its content's hash and the bytes themselves. */
export interface Medium {
  part: string;
  sha256: string;
  blob: Blob;
}

export interface Inspected {
  /** Changes with anything that the slide shows or says; not with the time of the export. */
  fingerprint: string;
  media: Medium[];
}

const IMAGE_TYPES: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  bmp: "image/bmp",
  webp: "image/webp",
  tif: "image/tiff",
  tiff: "image/tiff",
};
const MAX_IMAGE_BYTES = 20 * 1024 * 1024;
// Of these a host may write other bytes with every export of the same slide.
const RESTLESS = /^(docProps\/|\[Content_Types\]|_rels\/|ppt\/(presProps|viewProps|presentation)\.xml|ppt\/_rels\/)/;

/** Read the pictures of an exported slide, and a fingerprint of all that is on it. */
export async function inspect(bytes: Uint8Array): Promise<Inspected> {
  const entries = unzipSync(bytes, { filter: (file) => !RESTLESS.test(file.name) });
  const names = Object.keys(entries).sort();
  const hashes = await Promise.all(names.map((name) => sha256(entries[name] as Uint8Array)));
  const lines = names.map((name, index) => `${name} ${hashes[index]}`);
  const fingerprint = await sha256(new TextEncoder().encode(lines.join("\n")));
  const media = names.flatMap((part, index): Medium[] => {
    const type = IMAGE_TYPES[part.slice(part.lastIndexOf(".") + 1).toLowerCase()];
    const blob = entries[part] as Uint8Array<ArrayBuffer>;
    if (type === undefined || !part.startsWith("ppt/media/")) return [];
    if (blob.length > MAX_IMAGE_BYTES) return [];
    return [{ part, sha256: hashes[index] as string, blob: new Blob([blob], { type }) }];
  });
  return { fingerprint, media };
}

/** Hash bytes, as hex. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

export function toBase64(bytes: Uint8Array): string {
  const AT_ONCE = 0x8000; // as many arguments as every engine takes
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += AT_ONCE) {
    pieces.push(String.fromCharCode(...bytes.subarray(start, start + AT_ONCE)));
  }
  return btoa(pieces.join(""));
}

/** Join the slices of a file. */
export function joined(slices: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(slices.reduce((sum, slice) => sum + slice.length, 0));
  let at = 0;
  for (const slice of slices) {
    whole.set(slice, at);
    at += slice.length;
  }
  return whole;
}
