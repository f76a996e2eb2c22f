/** Tags of presentation, slides and shapes: p:custDataLst/p:tags and a part of its own. */

import { prefix } from "../deck/deck";
import { readTags } from "../deck/losses";
import { at, children, relationshipAttributes, writeXml } from "../opc/xml";
import { invalidArgument } from "./errors";
import type { Ref } from "./refs";
import type { Session } from "./session";

const TAGS = "application/vnd.openxmlformats-officedocument.presentationml.tags+xml";

export function tagsOf(ref: Ref, session: Session): Map<string, string> {
  const part = partOf(ref, session);
  return readTags(session.deck.pkg, part, ownerIn(session.page(part), ref, session));
}

export function addTag(ref: Ref, session: Session, args: unknown[]): void {
  const [key, value] = args;
  if (typeof key !== "string" || typeof value !== "string") throw invalidArgument("key, value");
  store(ref, session, new Map([...tagsOf(ref, session), [key.toUpperCase(), value]]));
}

export function deleteTag(ref: Ref, session: Session, args: unknown[]): void {
  const tags = tagsOf(ref, session);
  tags.delete(String(args[0]).toUpperCase());
  store(ref, session, tags);
}

function partOf(ref: Ref, session: Session): string {
  return ref.part || session.deck.main;
}

/** The element that holds the custDataLst: p:presentation, p:cSld or a shape's p:nvPr. */
function ownerIn(document: Document, ref: Ref, session: Session): Element {
  if (ref.shape === undefined) {
    return at(document.documentElement, "cSld") ?? document.documentElement;
  }
  const element = session.shape(ref.part, ref.shape)?.element;
  const holder = element && children(element).find((x) => /^nv\w*Pr$/.test(x.localName));
  const owner = at(holder, "nvPr");
  if (!owner) throw invalidArgument(`no shape ${ref.shape}`);
  return owner;
}

function store(ref: Ref, session: Session, tags: Map<string, string>): void {
  const { pkg } = session.deck;
  const part = partOf(ref, session);
  const known = at(ownerIn(session.page(part), ref, session), "custDataLst", "tags");
  const id = known && relationshipAttributes(known)[0]?.value;
  const item = pkg.relationships(part).find((x) => x.id === id);
  if (item) {
    pkg.parts.set(pkg.target(part, item), tagList(session, tags));
    return;
  }
  const name = pkg.freeName("ppt/tags/tag1.xml");
  pkg.add(name, tagList(session, tags), TAGS);
  const design = pkg.relationships(session.deck.main).find((x) => x.type.endsWith("/slideMaster"));
  const namespace = (design?.type ?? "").replace(/\/slideMaster$/, "");
  const made = pkg.relate(part, name, `${namespace}/tags`);
  session.change(part, (document) => {
    const owner = ownerIn(document, ref, session);
    const root = document.documentElement;
    const list = document.createElementNS(root.namespaceURI, `${prefix(root)}custDataLst`);
    const entry = document.createElementNS(root.namespaceURI, `${prefix(root)}tags`);
    entry.setAttributeNS(namespace, "r:id", made);
    list.append(entry);
    owner.insertBefore(list, at(owner, "extLst") ?? null);
  });
}

function tagList(session: Session, tags: Map<string, string>): Uint8Array {
  const namespace = session.page(session.deck.main).documentElement.namespaceURI;
  const made = document.implementation.createDocument(namespace, "p:tagLst");
  for (const [key, value] of tags) {
    const tag = made.createElementNS(namespace, "p:tag");
    tag.setAttribute("name", key);
    tag.setAttribute("val", value);
    made.documentElement.append(tag);
  }
  return writeXml(made);
}
