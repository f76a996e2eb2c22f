// Which pictures of a slide can be changed in place, because they are plain fills. Pure.
//
// Office.js sets a fill's picture stretched, with nothing else: only where the fill is just that
// may it be set; crop, tiles, effects and transparency would go.

import { type Parts, relationshipsOf, targetPart, textOf } from "./relationships";
import { sameBytes } from "./slim";

/** One fill whose picture changes; `shapeId` is undefined for the slide's background. */
export interface FillChange {
  shapeId: string | undefined;
  /** The media part, of the old slide and of the new one. */
  before: string;
  after: string;
}

const BLIP = `<a:blip(?:\\s[^>]*)?(?:/>|>(?:<a:extLst>(?:<a:ext [^>]*><a14:useLocalDpi [^>]*/></a:ext>)?</a:extLst>)?</a:blip>)`;
const PLAIN = new RegExp(
  `^<a:blipFill(?:\\s[^>]*)?>${BLIP}(?:<a:srcRect\\s*/>)?<a:stretch>(?:<a:fillRect\\s*/>)?</a:stretch></a:blipFill>$`,
);
const FILL = /<(a|p):blipFill\b[^]*?<\/\1:blipFill>/g;

/** List the changes between a slide and its copy; undefined where one is more than a plain fill. */
export function fillChanges(before: Parts, after: Parts, slide: string): FillChange[] | undefined {
  const xml = textOf(before, slide);
  if (xml !== textOf(after, slide)) return undefined;
  const [was, is] = [targetsOf(before, slide), targetsOf(after, slide)];
  const changed = [...is].filter(([id, name]) => differs(before, after, was.get(id), name)).map(([id]) => id);
  const mentions = [...xml.matchAll(/\s\w+:(?:embed|link|id)="([^"]*)"/g)].filter(([, id = ""]) => changed.includes(id));
  const changes = [...xml.matchAll(FILL)].flatMap((match): FillChange[] => {
    const [fill] = match;
    const id = changed.find((each) => fill.includes(` r:embed="${each}"`));
    const owner = id !== undefined && PLAIN.test(fill) ? ownerOf(xml.slice(0, match.index)) : undefined;
    if (id === undefined || owner === undefined) return [];
    return [{ shapeId: owner.shapeId, before: was.get(id) ?? "", after: is.get(id) ?? "" }];
  });
  // One mention that is no plain fill, and the whole slide has to be replaced.
  return changes.length > 0 && changes.length === mentions.length ? changes : undefined;
}

function targetsOf(parts: Parts, slide: string): Map<string, string> {
  return new Map(relationshipsOf(parts, slide).map((each) => [each.id, targetPart(slide, each)]));
}

function differs(before: Parts, after: Parts, was: string | undefined, is: string): boolean {
  const [old, now] = [before[was ?? ""], after[is]];
  return old !== undefined && now !== undefined && !sameBytes(old, now);
}

/** Whose fill begins here: of the background, or of a shape that lies on the slide itself. */
function ownerOf(head: string): { shapeId: string | undefined } | undefined {
  if (isOpen(head, "p:bgPr")) return { shapeId: undefined };
  if (isOpen(head, "p:grpSp") || !isOpen(head, "p:spPr") || !isOpen(head, "p:sp")) return undefined;
  const shape = head.slice(head.lastIndexOf("<p:sp>"));
  const shapeId = /<p:cNvPr\s(?:[^>]*\s)?id="(\d+)"/.exec(shape)?.[1];
  return shapeId === undefined ? undefined : { shapeId };
}

function isOpen(head: string, name: string): boolean {
  const opened = head.match(new RegExp(`<${name}(?:\\s[^>]*[^/])?>`, "g"))?.length ?? 0;
  return opened > head.split(`</${name}>`).length - 1;
}
