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

/** Count the comments of each slide by its number in PowerPoint's ids (`256` of "256#…"). */
export function commentsBySlide(bytes: Uint8Array): Record<string, number> {
  const wanted = /^ppt\/(presentation\.xml|_rels\/presentation\.xml\.rels|slides\/_rels\/|comments\/)/;
  const entries = unzipSync(bytes, { filter: (file) => wanted.test(file.name) });
  const text = (name: string) => new TextDecoder().decode(entries[name] ?? new Uint8Array());
  const targets = relationships(text("ppt/_rels/presentation.xml.rels"));
  const found: Record<string, number> = {};
  for (const tag of text("ppt/presentation.xml").matchAll(/<\w*:?sldId\s[^>]*>/g)) {
    const id = /\sid="(\d+)"/.exec(tag[0])?.[1];
    const relation = /\s\w+:id="([^"]+)"/.exec(tag[0])?.[1];
    const target = targets.find((each) => each.id === relation)?.target;
    if (id === undefined || target === undefined) continue;
    const file = target.slice(target.lastIndexOf("/") + 1);
    const parts = relationships(text(`ppt/slides/_rels/${file}.rels`))
      .filter((each) => each.type.endsWith("/comments"))
      .map((each) => `ppt/${each.target.replace(/^(\.\.\/|\/ppt\/)/, "")}`);
    const count = parts.reduce((sum, part) => sum + commentsIn(text(part)), 0);
    if (count > 0) found[id] = count;
  }
  return found;
}

/** Both kinds of comments, old and modern, are elements called `cm`. */
function commentsIn(xml: string): number {
  return [...xml.matchAll(/<(?:\w+:)?cm[\s>]/g)].length;
}

interface Relationship {
  id: string;
  type: string;
  target: string;
}

function relationships(xml: string): Relationship[] {
  return [...xml.matchAll(/<Relationship\s[^>]*>/g)].map(([tag]) => {
    const attribute = (name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
    return { id: attribute("Id"), type: attribute("Type"), target: attribute("Target") };
  });
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
