/** A package of ECMA-376 part 2 (Open Packaging Conventions): parts, their types, their arrows. */

import { unzipSync, zipSync } from "fflate";
import { children, parseXml, writeXml } from "./xml";

export const CONTENT_TYPES = "[Content_Types].xml";
const TYPES_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/content-types";
const RELS_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships";

export interface Relationship {
  id: string;
  type: string;
  target: string;
  external: boolean;
}

/** What the bytes of a zip hold before anything is believed of them. */
export interface RawPackage {
  names: string[];
  parts: Map<string, Uint8Array>;
}

/** All that a package holds at one moment. */
export interface Snapshot {
  parts: Map<string, Uint8Array>;
  defaults: Map<string, string>;
  overrides: Map<string, string>;
}

export function unpack(bytes: Uint8Array): RawPackage {
  const names: string[] = [];
  const found = unzipSync(bytes, {
    filter: ({ name }) => {
      if (!name.endsWith("/")) names.push(name);
      return !name.endsWith("/");
    },
  });
  return { names, parts: new Map(Object.entries(found)) };
}

export class Package {
  readonly parts = new Map<string, Uint8Array>();
  private readonly defaults = new Map<string, string>();
  private readonly overrides = new Map<string, string>();

  static read(bytes: Uint8Array): Package {
    const made = new Package();
    for (const [name, blob] of unpack(bytes).parts) made.parts.set(name, blob);
    const types = made.parts.get(CONTENT_TYPES);
    if (!types) throw new Error("the package has no [Content_Types].xml");
    made.parts.delete(CONTENT_TYPES);
    for (const item of children(parseXml(types).documentElement)) {
      const type = item.getAttribute("ContentType") ?? "";
      if (item.localName === "Default") made.defaults.set(lower(item, "Extension"), type);
      else made.overrides.set(decodeURI(lower(item, "PartName")).slice(1), type);
    }
    return made;
  }

  /** The whole package as a zip; parts that nobody changed keep their bytes. */
  write(): Uint8Array {
    const files: Record<string, Uint8Array> = { [CONTENT_TYPES]: this.contentTypes() };
    for (const [name, blob] of this.parts) files[name] = blob;
    return zipSync(files, { level: 1, mtime: "1980-01-01T00:00:00" });
  }

  snapshot(): Snapshot {
    const { parts, defaults, overrides } = this;
    return { parts: new Map(parts), defaults: new Map(defaults), overrides: new Map(overrides) };
  }

  restore(snapshot: Snapshot): void {
    for (const name of ["parts", "defaults", "overrides"] as const) {
      this[name].clear();
      for (const [key, value] of snapshot[name]) (this[name] as Map<string, unknown>).set(key, value);
    }
  }

  /** Bytes are never changed in place: other bytes are another array. */
  differsFrom({ parts }: Snapshot): boolean {
    return parts.size !== this.parts.size || [...parts].some(([name, blob]) => this.parts.get(name) !== blob);
  }

  part(name: string): Uint8Array {
    const blob = this.parts.get(name);
    if (!blob) throw new Error(`the package has no part ${name}`);
    return blob;
  }

  xml(name: string): Document {
    return parseXml(this.part(name));
  }

  contentType(name: string): string | undefined {
    const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
    return this.overrides.get(name.toLowerCase()) ?? this.defaults.get(extension);
  }

  /** Store a part; its type is written down where the extension does not say it already. */
  add(name: string, blob: Uint8Array, contentType: string): void {
    this.parts.set(name, blob);
    if (this.contentType(name) !== contentType) this.overrides.set(name.toLowerCase(), contentType);
  }

  remove(name: string): void {
    this.parts.delete(name);
    this.parts.delete(relationshipsName(name));
    this.overrides.delete(name.toLowerCase());
  }

  /** The relationships of a part; of the package itself for "". */
  relationships(name: string): Relationship[] {
    const blob = this.parts.get(relationshipsName(name));
    if (!blob) return [];
    return children(parseXml(blob).documentElement, "Relationship").map((item) => ({
      id: item.getAttribute("Id") ?? "",
      type: item.getAttribute("Type") ?? "",
      target: item.getAttribute("Target") ?? "",
      external: item.getAttribute("TargetMode") === "External",
    }));
  }

  setRelationships(name: string, items: Relationship[]): void {
    const own = relationshipsName(name);
    if (items.length === 0) {
      this.parts.delete(own);
      return;
    }
    const document = emptyDocument("Relationships", RELS_NAMESPACE);
    for (const item of items) {
      const element = document.createElementNS(RELS_NAMESPACE, "Relationship");
      element.setAttribute("Id", item.id);
      element.setAttribute("Type", item.type);
      element.setAttribute("Target", item.target);
      if (item.external) element.setAttribute("TargetMode", "External");
      document.documentElement.append(element);
    }
    this.add(own, writeXml(document), "application/vnd.openxmlformats-package.relationships+xml");
  }

  /** Point from one part to another; return the new relationship's id. */
  relate(name: string, to: string, type: string): string {
    const items = this.relationships(name);
    const id = freeId(items);
    this.setRelationships(name, [
      ...items,
      { id, type, target: relativeTarget(name, to), external: false },
    ]);
    return id;
  }

  /** The parts that a part points to by a type that ends so, e.g. "/slide". */
  related(name: string, ending: string): string[] {
    return this.relationships(name)
      .filter((item) => !item.external && item.type.endsWith(ending))
      .map((item) => this.target(name, item));
  }

  /** Where a relationship leads, in the spelling that the package itself uses. */
  target(name: string, item: Relationship): string {
    const asked = resolveTarget(name, item.target);
    if (this.parts.has(asked)) return asked;
    const folded = asked.toLowerCase();
    return [...this.parts.keys()].find((known) => known.toLowerCase() === folded) ?? asked;
  }

  /** Every part that can be reached from one part, itself among them. */
  reachable(from = ""): Set<string> {
    const found = new Set<string>([from]);
    for (const name of found) {
      for (const item of this.relationships(name)) {
        const target = item.external ? "" : this.target(name, item);
        if (this.parts.has(target)) found.add(target);
      }
    }
    return found;
  }

  /** A part name like this one that is free: image7.png after image6.png. */
  freeName(like: string): string {
    const [, stem = like, extension = ""] = /^(.*?)\d*(\.[^./]+)?$/.exec(like) ?? [];
    const taken = new Set([...this.parts.keys()].map((name) => name.toLowerCase()));
    for (let number = 1; ; number++) {
      const name = `${stem}${number}${extension}`;
      if (!taken.has(name.toLowerCase())) return name;
    }
  }

  private contentTypes(): Uint8Array {
    const document = emptyDocument("Types", TYPES_NAMESPACE);
    const append = (tag: string, key: string, value: string, type: string): void => {
      const element = document.createElementNS(TYPES_NAMESPACE, tag);
      element.setAttribute(key, value);
      element.setAttribute("ContentType", type);
      document.documentElement.append(element);
    };
    for (const [extension, type] of this.defaults) append("Default", "Extension", extension, type);
    for (const name of this.parts.keys()) {
      const type = this.overrides.get(name.toLowerCase());
      if (type !== undefined) append("Override", "PartName", `/${encodeURI(name)}`, type);
    }
    return writeXml(document);
  }
}

export function relationshipsName(part: string): string {
  const cut = part.lastIndexOf("/") + 1;
  return `${part.slice(0, cut)}_rels/${part.slice(cut)}.rels`;
}

export function resolveTarget(part: string, target: string): string {
  const path = decodeURI(target.split("#")[0] ?? "");
  if (path.startsWith("/")) return path.slice(1);
  const steps = part.split("/").slice(0, -1);
  for (const step of path.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== ".") steps.push(step);
  }
  return steps.join("/");
}

export function relativeTarget(from: string, to: string): string {
  const start = from.split("/").slice(0, -1);
  const end = to.split("/");
  while (start.length > 0 && start[0] === end[0]) {
    start.shift();
    end.shift();
  }
  return encodeURI([...start.map(() => ".."), ...end].join("/"));
}

function freeId(items: Relationship[]): string {
  const taken = new Set(items.map((item) => item.id));
  for (let number = items.length + 1; ; number++) {
    if (!taken.has(`rId${number}`)) return `rId${number}`;
  }
}

function lower(element: Element, attribute: string): string {
  return (element.getAttribute(attribute) ?? "").toLowerCase();
}

function emptyDocument(tag: string, namespace: string): Document {
  return document.implementation.createDocument(namespace, tag);
}
