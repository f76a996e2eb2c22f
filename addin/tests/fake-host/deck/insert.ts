/** `insertSlidesFromBase64`: slides of another file come into the deck. */

import { Package } from "../opc/package";
import { at, below, children, relationshipAttributes, setRelationshipId, writeXml } from "../opc/xml";
import { copyClosure, type CopyPlan } from "./closure";
import { creationId, Deck, prefix, type SlideEntry, withCreationId } from "./deck";

export interface InsertOptions {
  formatting: "KeepSourceFormatting" | "UseDestinationTheme";
  /** Slide ids in the source file; all of its slides without them. */
  sourceSlideIds?: string[];
  /** The slide that they come after; first in the deck without it. */
  after?: SlideEntry;
}

/** Return the new slides, in the order of the source file. */
export function insertSlides(deck: Deck, source: Deck, options: InsertOptions): SlideEntry[] {
  const wanted = options.sourceSlideIds?.map((id) => source.find(id)?.part);
  const chosen = source.slides().filter((slide) => !wanted || wanted.includes(slide.part));
  const placed = new Map<string, string>();
  let behind = options.after;
  return chosen.map((slide) => {
    const entered = insertOne(deck, source, slide, options.formatting, behind, placed);
    behind = entered;
    return entered;
  });
}

function insertOne(
  deck: Deck,
  source: Deck,
  slide: SlideEntry,
  formatting: InsertOptions["formatting"],
  after: SlideEntry | undefined,
  placed: Map<string, string>,
): SlideEntry {
  const taken = new Set(deck.slides().map((x) => creationId(deck.pkg.part(x.part))));
  const blobs = deck.pkg;
  const plan: CopyPlan = {
    placed,
    name: (name) => twin(blobs, source.pkg, name) ?? blobs.freeName(name),
    skip: () => false,
    blob: (name) => {
      const blob = source.pkg.part(name);
      const own = creationId(blob);
      return name === slide.part && own !== "0" && taken.has(own)
        ? withCreationId(blob, newCreationId(taken))
        : blob;
    },
  };
  const layout = source.layoutOf(slide);
  if (!placed.has(layout)) {
    placed.set(layout, findLayout(deck, source, slide, formatting, after));
  }
  const [notesMaster] = deck.pkg.related(deck.main, "/notesMaster");
  for (const name of source.pkg.related(source.main, "/notesMaster")) {
    if (notesMaster) placed.set(name, notesMaster);
  }
  const part = copyClosure(source.pkg, deck.pkg, slide.part, plan);
  const entered = deck.enter(part, after);
  if (!notesMaster) enterNotesMaster(deck, part);
  return entered;
}

/** The deck's own copy of a media part with the same bytes: PowerPoint stores them once. */
function twin(into: Package, from: Package, name: string): string | undefined {
  if (!name.includes("/media/")) return undefined;
  const blob = from.part(name);
  const type = from.contentType(name);
  for (const [known, other] of into.parts) {
    const alike = known.includes("/media/") && other.length === blob.length;
    if (alike && into.contentType(known) === type && equal(other, blob)) return known;
  }
  return undefined;
}

function findLayout(
  deck: Deck,
  source: Deck,
  slide: SlideEntry,
  formatting: InsertOptions["formatting"],
  after: SlideEntry | undefined,
): string {
  const neighbour = after ?? deck.slides()[0];
  const master = neighbour ? deck.masterOf(neighbour) : deck.masters()[0];
  if (formatting === "KeepSourceFormatting" || !master) return copyMaster(deck, source, slide);
  const layout = source.layoutOf(slide);
  const [name, type] = described(source.pkg, layout);
  const known = deck.layouts(master);
  const match =
    known.find((part) => described(deck.pkg, part)[0] === name) ??
    known.find((part) => type !== "" && described(deck.pkg, part)[1] === type);
  return match ?? copyLayout(deck, source, layout, master);
}

function described(pkg: Package, layout: string): [name: string, type: string] {
  const root = pkg.xml(layout).documentElement;
  return [at(root, "cSld")?.getAttribute("name") ?? "", root.getAttribute("type") ?? ""];
}

function copyLayout(deck: Deck, source: Deck, layout: string, master: string): string {
  const plan: CopyPlan = {
    placed: new Map([[source.one(layout, "/slideMaster"), master]]),
    name: (name) => twin(deck.pkg, source.pkg, name) ?? deck.pkg.freeName(name),
    skip: () => false,
  };
  const part = copyClosure(source.pkg, deck.pkg, layout, plan);
  enterList(deck, master, "sldLayoutIdLst", "sldLayoutId", part, "slideLayout");
  return part;
}

/** A whole design comes along: its master, all its layouts and its theme. */
function copyMaster(deck: Deck, source: Deck, slide: SlideEntry): string {
  const placed = new Map<string, string>();
  const plan: CopyPlan = {
    placed,
    name: (name) => twin(deck.pkg, source.pkg, name) ?? deck.pkg.freeName(name),
    skip: () => false,
  };
  const master = copyClosure(source.pkg, deck.pkg, source.masterOf(slide), plan);
  enterList(deck, deck.main, "sldMasterIdLst", "sldMasterId", master, "slideMaster");
  const document = deck.pkg.xml(master);
  let id = highestDesignId(deck);
  for (const item of below(document, "sldLayoutId")) item.setAttribute("id", String(++id));
  deck.pkg.parts.set(master, writeXml(document));
  return placed.get(source.layoutOf(slide)) as string;
}

function enterNotesMaster(deck: Deck, slide: string): void {
  const [notes] = deck.pkg.related(slide, "/notesSlide");
  const master = notes && deck.pkg.related(notes, "/notesMaster")[0];
  if (!master) return;
  const document = deck.pkg.xml(deck.main);
  const root = document.documentElement;
  const type = relationshipType(deck, "notesMaster");
  const relationship = deck.pkg.relate(deck.main, master, type);
  const list = document.createElementNS(root.namespaceURI, `${prefix(root)}notesMasterIdLst`);
  const item = document.createElementNS(root.namespaceURI, `${prefix(root)}notesMasterId`);
  setRelationshipId(item, relationship);
  list.append(item);
  root.insertBefore(list, at(root, "sldMasterIdLst")?.nextSibling ?? null);
  deck.pkg.parts.set(deck.main, writeXml(document));
}

function enterList(
  deck: Deck,
  owner: string,
  list: string,
  tag: string,
  part: string,
  kind: string,
): void {
  const id = highestDesignId(deck) + 1;
  const relationship = deck.pkg.relate(owner, part, relationshipType(deck, kind));
  const document = deck.pkg.xml(owner);
  const element = at(document.documentElement, list);
  const [first] = element ? children(element) : [];
  if (!element || !first) throw new Error(`${owner} has no ${list}`);
  const item = document.createElementNS(element.namespaceURI, `${prefix(element)}${tag}`);
  item.setAttribute("id", String(id));
  const known = relationshipAttributes(first)[0];
  if (known) item.setAttributeNS(known.namespaceURI, known.name, relationship);
  element.append(item);
  deck.pkg.parts.set(owner, writeXml(document));
}

/** Ids of masters and layouts are drawn from one range in a deck (ECMA-376 part 1, 19.7.13). */
function highestDesignId(deck: Deck): number {
  const lists = [deck.main, ...deck.pkg.related(deck.main, "/slideMaster")].flatMap((part) => {
    const document = deck.pkg.xml(part);
    return [...below(document, "sldMasterId"), ...below(document, "sldLayoutId")];
  });
  return Math.max(2147483647, ...lists.map((item) => Number(item.getAttribute("id"))));
}

function relationshipType(deck: Deck, kind: string): string {
  const known = deck.pkg.relationships(deck.main).find((x) => x.type.endsWith("/slideMaster"));
  return (known?.type ?? "").replace(/slideMaster$/, kind);
}

function newCreationId(taken: Set<string>): string {
  for (;;) {
    const value = String(1 + Math.floor(Math.random() * 4294967294));
    if (!taken.has(value)) return value;
  }
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.every((byte, at) => byte === other[at]);
}
