// What the whole file shows of each slide that PowerPoint's export of that slide leaves behind, or
// that leads to the slide by the id which a replaced slide has no more. Pure.

import { unzipSync } from "fflate";
import {
  attribute,
  type Parts,
  relationshipId,
  relationshipsOf,
  startTags,
  targetPart,
  textOf,
} from "./relationships";

export interface Losses {
  comments: number;
  /** Something on the slide leads to another slide. */
  linksOut: boolean;
  /** Something on another slide, a layout, a master or notes leads to this one. */
  linksIn: boolean;
  /** A custom show names the slide. */
  inCustomShow: boolean;
  /** Other add-ins keep tags on the slide: the pane gives those back. */
  tags: boolean;
}

export const NO_LOSSES: Losses = {
  comments: 0,
  linksOut: false,
  linksIn: false,
  inCustomShow: false,
  tags: false,
};

const MAIN = "ppt/presentation.xml";
const WANTED = /^ppt\/(presentation\.xml|_rels\/presentation\.xml\.rels|(slides|slideLayouts|slideMasters|notesSlides)\/_rels\/|comments\/)/;
const PAGES = /^ppt\/(slides|slideLayouts|slideMasters|notesSlides)\/_rels\/([^/]+)\.rels$/;

/** Read every slide by its number in PowerPoint's ids (`256` of "256#…"). */
export function lossesBySlide(bytes: Uint8Array): Record<string, Losses> {
  const parts = unzipSync(bytes, { filter: (file) => WANTED.test(file.name) });
  const presentation = textOf(parts, MAIN);
  const names = new Map(relationshipsOf(parts, MAIN).map((each) => [each.id, targetPart(MAIN, each)]));
  const [shows = ""] = /<(?:\w+:)?custShowLst>[^]*<\/(?:\w+:)?custShowLst>/.exec(presentation) ?? [];
  const inShows = new Set(startTags(shows, "sld").map((tag) => names.get(relationshipId(tag))));
  const reached = reachedSlides(parts);
  const slides = startTags(presentation, "sldId").flatMap((tag): [string, Losses][] => {
    const name = names.get(relationshipId(tag)); // a section names slides too, without a part
    if (name === undefined) return [];
    const own = relationshipsOf(parts, name);
    const comments = own
      .filter(({ type }) => type.endsWith("/comments")) // of both kinds, old and modern
      .reduce((sum, each) => sum + startTags(textOf(parts, targetPart(name, each)), "cm").length, 0);
    const losses = {
      comments,
      linksOut: own.some(isJump),
      linksIn: reached.has(name),
      inCustomShow: inShows.has(name),
      tags: own.some(({ type }) => type.endsWith("/tags")),
    };
    return [[attribute(tag, "id"), losses]];
  });
  return Object.fromEntries(slides);
}

/** All slides that something else leads to: a slide, a layout, a master, other slides' notes. */
function reachedSlides(parts: Parts): Set<string> {
  const reached = new Set<string>();
  for (const rels of Object.keys(parts)) {
    const [, folder, file] = PAGES.exec(rels) ?? [];
    if (folder === undefined || file === undefined) continue;
    const page = `ppt/${folder}/${file}`;
    const arrows = relationshipsOf(parts, page).filter(isJump);
    const aims = arrows.map((each) => targetPart(page, each));
    // Notes name the slide that they belong to by the same relationship, once.
    const own = folder === "notesSlides" ? aims.slice(0, 1) : [page];
    for (const aim of aims) if (!own.includes(aim)) reached.add(aim);
  }
  return reached;
}

/** `ppaction://hlinksldjump`, and the picture that stands in for a zoom. */
function isJump({ type, external }: { type: string; external: boolean }): boolean {
  return !external && type.endsWith("/slide");
}
