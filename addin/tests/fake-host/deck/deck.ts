/** The open presentation: its slides in order, their ids as PowerPoint writes them. */

import { Package } from "../opc/package";
import { at, below, children, relationshipAttributes, relationshipId, writeXml } from "../opc/xml";

export interface SlideEntry {
  /** p:sldId/@id, 256 or more, never given twice in a deck. */
  number: number;
  relationship: string;
  part: string;
}

/** "257#1934582290": number and creation id. */
export type SlideId = string;

const creationIds = new WeakMap<Uint8Array, string>();
const CREATION_ID = /(<[\w.-]+:creationId\b[^>]*?\bval=")(\d+)(")/;

export class Deck {
  /** The highest slide number ever given: a number is not given twice, not even after a delete. */
  private highest = 255;

  private constructor(
    readonly pkg: Package,
    readonly main: string,
  ) {}

  static read(bytes: Uint8Array): Deck {
    const pkg = Package.read(bytes);
    const [main] = pkg.related("", "/officeDocument");
    if (!main) throw new Error("the package has no main part");
    return new Deck(pkg, main);
  }

  slides(): SlideEntry[] {
    const parts = new Map(
      this.pkg
        .relationships(this.main)
        .map((item) => [item.id, this.pkg.target(this.main, item)] as const),
    );
    const list = at(this.pkg.xml(this.main).documentElement, "sldIdLst");
    return (list ? children(list) : []).map((item) => {
      const relationship = relationshipId(item) ?? "";
      return {
        number: Number(item.getAttribute("id")),
        relationship,
        part: parts.get(relationship) ?? "",
      };
    });
  }

  idOf(slide: SlideEntry): SlideId {
    return `${slide.number}#${creationId(this.pkg.part(slide.part))}`;
  }

  /** Find a slide by any accepted form of its id: "267#763315295", "267#", "#763315295". */
  find(id: SlideId): SlideEntry | undefined {
    const [number = "", creation = ""] = id.split("#");
    if (!id.includes("#") || (!number && !creation)) return undefined;
    return this.slides().find(
      (slide) =>
        (!number || slide.number === Number(number)) &&
        (!creation || creation === "0" || creation === creationId(this.pkg.part(slide.part))),
    );
  }

  /** The part that this one points to by a type that ends so. */
  one(part: string, ending: string): string {
    const [found] = this.pkg.related(part, ending);
    if (!found) throw new Error(`${part} has no ${ending}`);
    return found;
  }

  layoutOf(slide: SlideEntry): string {
    return this.one(slide.part, "/slideLayout");
  }

  masterOf(slide: SlideEntry): string {
    return this.one(this.layoutOf(slide), "/slideMaster");
  }

  masters(): string[] {
    return this.listed(this.main, "sldMasterIdLst").map((item) => item.part);
  }

  layouts(master: string): string[] {
    return this.listed(master, "sldLayoutIdLst").map((item) => item.part);
  }

  /** "2147483649#1234": the id of a layout in its master, or of a master in the deck. */
  designId(owner: string, list: string, part: string): string {
    const found = this.listed(owner, list).find((item) => item.part === part);
    return `${found?.id ?? ""}#${creationId(this.pkg.part(part))}`;
  }

  /** Put a slide part into the show behind another slide, or first; into its section too. */
  enter(part: string, after: SlideEntry | undefined): SlideEntry {
    const document = this.pkg.xml(this.main);
    const root = document.documentElement;
    const relationship = this.pkg.relate(this.main, part, this.slideType());
    const list = at(root, "sldIdLst") ?? appendSlideList(root);
    const numbers = children(list).map((x) => Number(x.getAttribute("id")));
    const number = (this.highest = Math.max(this.highest, ...numbers) + 1);
    const item = document.createElementNS(root.namespaceURI, `${prefix(root)}sldId`);
    item.setAttribute("id", String(number));
    copyRelationshipAttribute(root, item, relationship);
    const behind = children(list).find((x) => x.getAttribute("id") === String(after?.number));
    list.insertBefore(item, behind ? behind.nextSibling : list.firstChild);
    enterSection(root, number, after?.number);
    this.pkg.parts.set(this.main, writeXml(document));
    return { number, relationship, part };
  }

  /** Take a slide out of the list, the sections and the custom shows, not yet out of the package. */
  leave(slide: SlideEntry): void {
    const document = this.pkg.xml(this.main);
    this.highest = Math.max(this.highest, slide.number);
    for (const item of below(document, "sldId")) {
      if (item.getAttribute("id") === String(slide.number)) item.remove();
    }
    for (const item of below(document, "sld")) {
      if (relationshipId(item) === slide.relationship) item.remove();
    }
    this.pkg.parts.set(this.main, writeXml(document));
    this.pkg.setRelationships(
      this.main,
      this.pkg.relationships(this.main).filter((item) => item.id !== slide.relationship),
    );
  }

  /** Bring a slide to a place (from 0) in the order. */
  move(slide: SlideEntry, to: number): void {
    const document = this.pkg.xml(this.main);
    const list = at(document.documentElement, "sldIdLst");
    const item = children(list as Element).find((x) => relationshipId(x) === slide.relationship);
    if (!list || !item) return;
    item.remove();
    list.insertBefore(item, children(list)[to] ?? null);
    this.pkg.parts.set(this.main, writeXml(document));
  }

  private listed(owner: string, list: string): { id: string; part: string }[] {
    const element = at(this.pkg.xml(owner).documentElement, list);
    const items = this.pkg.relationships(owner);
    return (element ? children(element) : []).flatMap((entry) => {
      const found = items.find((item) => item.id === relationshipId(entry));
      return found
        ? [{ id: entry.getAttribute("id") ?? "", part: this.pkg.target(owner, found) }]
        : [];
    });
  }

  private slideType(): string {
    const known = this.pkg.relationships(this.main).find((x) => x.type.endsWith("/slideMaster"));
    if (!known) throw new Error("the deck has no master");
    return known.type.replace(/slideMaster$/, "slide");
  }
}

/** The number by which PowerPoint knows a slide across files; "0" where it has none. */
export function creationId(blob: Uint8Array): string {
  const known = creationIds.get(blob);
  if (known !== undefined) return known;
  const found = CREATION_ID.exec(new TextDecoder().decode(blob))?.[2] ?? "0";
  creationIds.set(blob, found);
  return found;
}

export function withCreationId(blob: Uint8Array, value: string): Uint8Array {
  const text = new TextDecoder().decode(blob);
  return new TextEncoder().encode(text.replace(CREATION_ID, `$1${value}$3`));
}

/** The prefix of an element with its colon, or "" in a default namespace. */
export function prefix(element: Element): string {
  return element.prefix ? `${element.prefix}:` : "";
}

function appendSlideList(root: Element): Element {
  const list = root.ownerDocument.createElementNS(root.namespaceURI, `${prefix(root)}sldIdLst`);
  const before = ["handoutMasterIdLst", "notesMasterIdLst", "sldMasterIdLst"]
    .map((name) => at(root, name))
    .find((found) => found !== undefined);
  root.insertBefore(list, before?.nextSibling ?? root.firstChild);
  return list;
}

function copyRelationshipAttribute(root: Element, item: Element, id: string): void {
  const known = below(root, "sldMasterId").flatMap(relationshipAttributes)[0];
  if (!known) throw new Error("the deck names no master");
  item.setAttributeNS(known.namespaceURI, known.name, id);
}

/** A new slide belongs to the section of the slide before it; without one, to the first. */
function enterSection(root: Element, number: number, after: number | undefined): void {
  const sections = below(root, "section");
  const neighbour = sections
    .flatMap((section) => below(section, "sldId"))
    .find((item) => item.getAttribute("id") === String(after));
  const first = sections[0] && at(sections[0], "sldIdLst");
  const list = neighbour?.parentElement ?? first;
  if (!list) return;
  const item = root.ownerDocument.createElementNS(list.namespaceURI, `${prefix(list)}sldId`);
  item.setAttribute("id", String(number));
  list.insertBefore(item, neighbour ? neighbour.nextSibling : list.firstChild);
}
