// What a .pptx holds, as far as the pane looks into it. Pure: runs in the worker and in tests.

import { unzipSync } from "fflate";
import { type FillChange, fillChanges } from "./fills";
import { PICTURE_TYPES } from "../server/facts";
import { sha256 } from "./hash";
import type { Parts } from "./relationships";
import { slideContent } from "./slide-content";
import { merged, slimParts, zipped } from "./slim";

/** A picture of the slide: its part, its content's hash and the bytes themselves. */
export interface Medium {
  part: string;
  sha256: string;
  blob: Blob;
}

export interface Inspected {
  /** Changes with anything that the slide shows or says; not with the time of the export. */
  fingerprint: string;
  /** The same, but for which pictures it shows. */
  structure: string;
  /** The same, but for picture fills. */
  frame: string;
  /** SHA-256 of the pictures that the slide shows, in the order in which it mentions them. */
  shown: string[];
  /** All pictures of the package, those of its layout too. */
  media: Medium[];
}

/** A slide as the server changed it. */
export interface Rewritten extends Inspected {
  base64: string;
  /** The changes, where all of them are plain fills: they can be made without a new slide. */
  fills: (FillChange & { base64: string; originalBase64: string })[] | undefined;
}

const MAX_IMAGE_BYTES = 20 * 1024 * 1024; // the server refuses larger pictures

/** Read the pictures of an exported slide, and fingerprints of all that is on it. */
export async function inspect(bytes: Uint8Array): Promise<Inspected> {
  return inspectParts(unzipSync(bytes));
}

async function inspectParts(parts: Parts): Promise<Inspected> {
  const { structure, frame, mentions, parts: own } = slideContent(parts);
  const names = [...new Set([...own, ...Object.keys(parts).filter((name) => name.startsWith("ppt/media/"))])];
  const hashes = new Map<string, string>();
  for (const name of names) hashes.set(name, await sha256(parts[name] ?? new Uint8Array()));
  // XML is compared in one form of writing; all else by its bytes.
  const lines = own.filter((name) => !name.endsWith(".xml")).map((name) => hashes.get(name));
  const whole = await sha256(new TextEncoder().encode([structure, ...lines].join("\n")));
  const media = names.flatMap((part): Medium[] => {
    const type = PICTURE_TYPES[part.slice(part.lastIndexOf(".") + 1).toLowerCase()];
    const blob = parts[part] as Uint8Array<ArrayBuffer> | undefined;
    if (type === undefined || blob === undefined || !part.startsWith("ppt/media/")) return [];
    if (blob.length > MAX_IMAGE_BYTES) return [];
    return [{ part, sha256: hashes.get(part) ?? "", blob: new Blob([blob], { type }) }];
  });
  return {
    fingerprint: whole,
    structure: await sha256(new TextEncoder().encode(structure)),
    frame: await sha256(new TextEncoder().encode(frame)),
    shown: mentions.map((name) => hashes.get(name) ?? ""),
    media: media.sort((a, b) => (a.part < b.part ? -1 : 1)),
  };
}

/** How an exported slide is sent. */
export interface Sending {
  withTexts: boolean;
  /** The pictures that are needed, by their hash; undefined: all. */
  only: string[] | undefined;
  /** Pictures to send in the place of others, by the hash of those. */
  pictures: Map<string, Blob>;
}

/** What is sent of a slide: no films, no embedded files, no texts and pictures but those asked for. */
export async function slim(bytes: Uint8Array, sending: Sending): Promise<Uint8Array> {
  return zipped((await prepared(bytes, sending)).sent);
}

/** The slide as it will be compared with the answer, and what of it is sent. */
async function prepared(bytes: Uint8Array, { withTexts, only, pictures }: Sending) {
  const own = unzipSync(bytes);
  const needed = only && (await partsWith(own, new Set(only)));
  const whole = pictures.size > 0 ? await withPictures(own, pictures) : own;
  return { whole, sent: slimParts(whole, withTexts, needed) };
}

/** Give some pictures other bytes, by their hash. */
async function withPictures(parts: Parts, wanted: Map<string, Blob>): Promise<Parts> {
  const changed = { ...parts };
  for (const [name, bytes] of Object.entries(parts).filter(([each]) => each.startsWith("ppt/media/"))) {
    const other = wanted.get(await sha256(bytes));
    if (other !== undefined) changed[name] = new Uint8Array(await other.arrayBuffer());
  }
  return changed;
}

async function partsWith(parts: Parts, sha256s: Set<string>): Promise<Set<string>> {
  const found = new Set<string>();
  for (const [name, bytes] of Object.entries(parts)) {
    if (name.startsWith("ppt/media/") && sha256s.has(await sha256(bytes))) found.add(name);
  }
  return found;
}

/**
 * Put the server's answer into the slide that was exported here.
 * Throws NeedsTextsError where it changes a page whose texts it did not get.
 */
export async function rewritten(
  bytes: Uint8Array,
  answer: Uint8Array,
  sending: Sending,
): Promise<Rewritten> {
  const { whole, sent } = await prepared(bytes, sending);
  const parts = merged(whole, sent, unzipSync(answer));
  const [slide = ""] = slideContent(whole).parts;
  const fills = fillChanges(whole, parts, slide)?.map((change) => ({
    ...change,
    base64: toBase64(parts[change.after] ?? new Uint8Array()),
    originalBase64: toBase64(whole[change.before] ?? new Uint8Array()),
  }));
  return { ...(await inspectParts(parts)), base64: toBase64(zipped(parts)), fills };
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
