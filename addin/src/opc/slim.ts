// What of a slide leaves the computer: the pictures that are needed, and its geometry. Films, embedded
// files, fonts and all other pictures are emptied, texts are blanked; what comes back is put into the
// slide as it is here. Pure.

import { strToU8, type Zippable, zipSync } from "fflate";
import { MEDIA_SUFFIXES } from "../server/facts";
import { type Parts, textOf } from "./relationships";

/** The answer changed a part that went out blanked: it has to be asked for with its texts. */
export class NeedsTextsError extends Error {
  constructor() {
    super("The answer changes a page whose texts were not sent.");
    this.name = "NeedsTextsError";
  }
}

const PICTURE = new RegExp(`^ppt/media/[^/]+\\.(${MEDIA_SUFFIXES.join("|")})$`, "i");
const XML = /\.(xml|rels|vml)$|^\[Content_Types\]\.xml$/i;
const TEXT = /(<(?:\w+:)?(?:t|v|text)(?:\s[^>]*)?>)[^<]+(?=<\/)/g;
const BLANKED = /^ppt\/(slides|slideLayouts|slideMasters|notesSlides|notesMasters|charts|diagrams|comments)\/[^/]+\.xml$/;
const STORED = { level: 0 } as const; // pictures are compressed already
const DEFLATED = { level: 6 } as const;

/** Give the parts that are sent: of the pictures only `needed` ones, undefined: all. */
export function slimParts(parts: Parts, withTexts: boolean, needed: Set<string> | undefined): Parts {
  return Object.fromEntries(
    Object.entries(parts).map(([name, bytes]) => [name, slim(name, bytes, parts, withTexts, needed)]),
  );
}

function slim(
  name: string,
  bytes: Uint8Array,
  parts: Parts,
  withTexts: boolean,
  needed: Set<string> | undefined,
): Uint8Array {
  if (PICTURE.test(name)) return needed === undefined || needed.has(name) ? bytes : new Uint8Array();
  if (!XML.test(name)) return new Uint8Array();
  if (withTexts || !BLANKED.test(name)) return bytes;
  return strToU8(textOf(parts, name).replace(TEXT, "$1"));
}

/** Put an answer to slimmed parts into the parts that they were made from. */
export function merged(whole: Parts, sent: Parts, answer: Parts): Parts {
  return Object.fromEntries(
    Object.entries(answer).map(([name, bytes]) => {
      const own = whole[name];
      const out = sent[name];
      if (own === undefined || out === undefined) return [name, bytes];
      if (sameBytes(bytes, out)) return [name, own];
      if (!sameBytes(own, out)) throw new NeedsTextsError();
      return [name, bytes];
    }),
  );
}

export function zipped(parts: Parts): Uint8Array {
  const entries = Object.entries(parts).map(([name, bytes]): [string, Zippable[string]] => [
    name,
    [bytes, XML.test(name) ? DEFLATED : STORED],
  ]);
  return zipSync(Object.fromEntries(entries));
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
