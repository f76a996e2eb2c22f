// What counts as a slide when two exports of it are compared. Pure.
//
// A whitelist: the slide's own part and what it reaches by relationships that it shows or says.
// Layout, master, theme, tags, comments, revision data and labels are not the slide; a host may
// write them anew with every export (co-authoring's revisionInfo, for one).

import { type Parts, relationshipsOf, targetPart, textOf } from "./relationships";

/** Ends of the relationship types whose targets are part of the slide. */
const CONTENT = [
  "/image", "/media", "/video", "/audio", "/hyperlink", "/notesSlide", "/chart", "/chartEx",
  "/chartUserShapes", "/chartStyle", "/chartColorStyle", "/diagramData", "/diagramLayout",
  "/diagramQuickStyle", "/diagramColors", "/diagramDrawing", "/oleObject", "/package", "/control",
  "/vmlDrawing", "/model3d", "/slicer", "/themeOverride",
];
const INK = "ppt/ink/";

export interface SlideContent {
  /** The slide in one form of writing, its pictures not named: equal where only pictures differ. */
  structure: string;
  /** The same without picture fills: equal where only fills differ. */
  frame: string;
  /** Names of the media parts in the order in which the slide mentions them. */
  mentions: string[];
  /** Parts that belong to the slide, the slide's own first. */
  parts: string[];
}

/** Read the first slide of an exported package. Throws where there is none. */
export function slideContent(parts: Parts): SlideContent {
  const slide = Object.keys(parts).filter((name) => /^ppt\/slides\/[^/]+\.xml$/.test(name)).sort()[0];
  if (slide === undefined) throw new Error("The package holds no slide.");
  const seen = [slide];
  const mentions: string[] = [];
  const lines: string[] = [];
  for (const name of seen) {
    if (!name.endsWith(".xml")) continue;
    lines.push(canonical(textOf(parts, name), identities(parts, name, seen, mentions)));
  }
  const structure = lines.join("\n");
  return { structure, frame: structure.replace(FILLS, "<a:blipFill/>"), mentions, parts: seen };
}

/** What each relationship id of a part stands for; new targets are put on `seen`. */
function identities(
  parts: Parts,
  owner: string,
  seen: string[],
  mentions: string[],
): (id: string) => string {
  const known = new Map(relationshipsOf(parts, owner).map((each) => [each.id, each]));
  return (id) => {
    const found = known.get(id);
    if (found === undefined) return id;
    if (found.external) return `→${found.target}`;
    const name = targetPart(owner, found);
    const isContent = CONTENT.some((end) => found.type.endsWith(end)) || name.startsWith(INK);
    if (!isContent) return "→";
    if (isPicture(name)) mentions.push(name);
    if (!seen.includes(name)) seen.push(name);
    return isPicture(name) ? "→picture" : `→${seen.indexOf(name)}`;
  };
}

function isPicture(name: string): boolean {
  return name.startsWith("ppt/media/");
}

const FILLS = /<a:blipFill\b[^]*?<\/a:blipFill>/g;
const XMLNS = /^xmlns(:|$)/;
// Ids that PowerPoint gives anew, and marks of what an export leaves behind.
const FLEETING_EXT =
  /<(\w+:)?ext\b[^>]*>\s*<\w+:(?:creationId|modId|commentRel)\b[^>]*(?:\/>|>\s*<\/\w+:(?:creationId|modId|commentRel)>)\s*<\/\1?ext>/g;
const FLEETING = /<\w+:(?:creationId|modId)\b[^>]*\/>/g;
const TAGS = /<(\w+:)?custDataLst\b[^>]*>\s*<\w+:tags\b[^>]*\/>\s*<\/\1?custDataLst>/g;
const EMPTY_LIST = /<(\w+:)?extLst\b[^>]*(?:\/>|>\s*<\/\1?extLst>)/g;
const TAG = /<([\w:.-]+)((?:\s+[\w:.-]+="[^"]*")*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:.-]+)="([^"]*)"/g;

/** Write XML in one form: attributes in order, no namespace declarations, no ids that are fleeting. */
export function canonical(xml: string, identity: (id: string) => string): string {
  return xml
    .replace(/<\?[^>]*\?>\s*|<!--[^]*?-->/g, "")
    .replace(FLEETING_EXT, "")
    .replace(FLEETING, "")
    .replace(TAGS, "")
    .replace(EMPTY_LIST, "")
    .replace(/<([\w:.-]+)([^<>]*)><\/\1>/g, "<$1$2/>")
    .replace(TAG, (_, name: string, attributes: string, end: string) => {
      const kept = [...attributes.matchAll(ATTRIBUTE)].flatMap(([, key = "", value = ""]) =>
        XMLNS.test(key) ? [] : [`${key}="${isReference(key) ? identity(value) : value}"`],
      );
      return `<${[name, ...kept.sort()].join(" ")}${end}>`;
    });
}

/** `r:embed`, `r:id`, `r:link` and the like: all that relationships are named by. */
function isReference(key: string): boolean {
  return /^\w+:(?:id|embed|link|pict|dm|lo|qs|cs|href)$/.test(key) && !key.startsWith("xml:");
}
