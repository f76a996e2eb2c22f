// What the whole file shows of each slide that PowerPoint's export of that slide leaves behind, or
// that leads to the slide by the id which a replaced slide has no more. Pure.

import { unzipSync } from "fflate";

export interface Losses {
  comments: number;
  /** Something on the slide leads to another slide. */
  linksOut: boolean;
  /** Something on another slide leads to this one. */
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

const WANTED = /^ppt\/(presentation\.xml|_rels\/presentation\.xml\.rels|slides\/_rels\/|comments\/)/;

/** Read every slide by its number in PowerPoint's ids (`256` of "256#…"). */
export function lossesBySlide(bytes: Uint8Array): Record<string, Losses> {
  const entries = unzipSync(bytes, { filter: (file) => WANTED.test(file.name) });
  const text = (name: string) => new TextDecoder().decode(entries[name] ?? new Uint8Array());
  const presentation = text("ppt/presentation.xml");
  const parts = new Map(
    relationships(text("ppt/_rels/presentation.xml.rels")).map(({ id, target }) => [id, fileOf(target)]),
  );
  const [shows = ""] = /<(?:\w+:)?custShowLst>[^]*<\/(?:\w+:)?custShowLst>/.exec(presentation) ?? [];
  const inShows = new Set(tags(shows, "sld").map((tag) => parts.get(relationshipId(tag))));
  const slides = tags(presentation, "sldId").flatMap((tag) => {
    const file = parts.get(relationshipId(tag)); // a section names slides too, without a part
    return file === undefined ? [] : [{ file, number: attribute(tag, "id") }];
  });
  const arrows = new Map(
    slides.map(({ file }) => [file, relationships(text(`ppt/slides/_rels/${file}.rels`))]),
  );
  const aims = (file: string) =>
    (arrows.get(file) ?? []).filter(isJump).map(({ target }) => fileOf(target));
  const reached = new Set(
    slides.flatMap(({ file }) => aims(file).filter((aim) => aim !== file)),
  );
  const losses = slides.map(({ file, number }): [string, Losses] => {
    const own = arrows.get(file) ?? [];
    const comments = own
      .filter(({ type }) => type.endsWith("/comments")) // of both kinds, old and modern
      .reduce((sum, { target }) => sum + tags(text(`ppt/comments/${fileOf(target)}`), "cm").length, 0);
    return [
      number,
      {
        comments,
        linksOut: aims(file).length > 0,
        linksIn: reached.has(file),
        inCustomShow: inShows.has(file),
        tags: own.some(({ type }) => type.endsWith("/tags")),
      },
    ];
  });
  return Object.fromEntries(losses);
}

interface Relationship {
  id: string;
  type: string;
  target: string;
}

function relationships(xml: string): Relationship[] {
  return tags(xml, "Relationship").map((tag) => ({
    id: attribute(tag, "Id"),
    type: attribute(tag, "Type"),
    target: attribute(tag, "Target"),
  }));
}

/** `ppaction://hlinksldjump`, and the picture that stands in for a zoom. */
function isJump({ type }: Relationship): boolean {
  return type.endsWith("/slide");
}

/** Find the start tags of a name, whatever prefix they bear. */
function tags(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<(?:\\w+:)?${name}(?=[\\s/>])[^>]*>`, "g"))].map(([tag]) => tag);
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
}

/** `r:id`, by whatever prefix. */
function relationshipId(tag: string): string {
  return /\s\w+:id="([^"]*)"/.exec(tag)?.[1] ?? "";
}

function fileOf(target: string): string {
  return target.slice(target.lastIndexOf("/") + 1);
}
