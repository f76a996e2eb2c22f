/** What PowerPoint's export of one slide is known to leave behind, done the same way here. */

import { Package, type Relationship } from "../opc/package";
import { at, below, relationshipAttributes, writeXml } from "../opc/xml";

/** tags: office-js 6104; modern comments: office-js 6867; a jump has no slide to lead to. */
const LOST = ["/tags", "/2018/10/relationships/comments", "/slide"];

export function isLost(item: Relationship): boolean {
  return !item.external && LOST.some((ending) => item.type.endsWith(ending));
}

/** Make the page of a slide fit for a package without its lost parts. */
export function withoutLosses(pkg: Package, part: string): Uint8Array {
  const lost = new Set(pkg.relationships(part).filter(isLost).map((item) => item.id));
  if (lost.size === 0) return pkg.part(part);
  const document = pkg.xml(part);
  for (const element of [...document.getElementsByTagName("*")]) {
    for (const attribute of relationshipAttributes(element)) {
      if (lost.has(attribute.value)) forget(element, attribute);
    }
  }
  return writeXml(document);
}

/** Blank every link that leads from other slides to a slide that is about to go. */
export function blankJumps(pkg: Package, from: string, to: string): void {
  const items = pkg.relationships(from);
  const dead = new Set(
    items
      .filter((x) => x.type.endsWith("/slide") && pkg.target(from, x) === to)
      .map((item) => item.id),
  );
  if (dead.size === 0) return;
  const document = pkg.xml(from);
  for (const element of document.getElementsByTagName("*")) {
    for (const attribute of relationshipAttributes(element)) {
      if (dead.has(attribute.value)) attribute.value = "";
    }
  }
  pkg.parts.set(from, writeXml(document));
  pkg.setRelationships(
    from,
    items.filter((item) => !dead.has(item.id)),
  );
}

function forget(element: Element, attribute: Attr): void {
  if (element.localName === "hlinkClick" || element.localName === "hlinkHover") {
    attribute.value = "";
    return;
  }
  const home = element.closest("*|ext") ?? element;
  const holder = home.parentElement;
  home.remove();
  if (holder && holder.children.length === 0 && isMereList(holder)) holder.remove();
}

function isMereList(element: Element): boolean {
  return element.localName === "custDataLst" || element.localName === "extLst";
}

/** True where the slide has comments of the kind that an export drops. */
export function hasModernComments(pkg: Package, part: string): boolean {
  return pkg.relationships(part).some((x) => x.type.endsWith("/2018/10/relationships/comments"));
}

/** The tags of a slide or shape element as key → value; keys are stored in upper case. */
export function readTags(pkg: Package, part: string, owner: Element | undefined): Map<string, string> {
  const id = tagsId(owner);
  const item = pkg.relationships(part).find((x) => x.id === id);
  if (!item) return new Map();
  const list = below(pkg.xml(pkg.target(part, item)), "tag");
  return new Map(list.map((x) => [x.getAttribute("name") ?? "", x.getAttribute("val") ?? ""]));
}

function tagsId(owner: Element | undefined): string | undefined {
  const element = at(owner, "custDataLst", "tags");
  return element && relationshipAttributes(element)[0]?.value;
}
