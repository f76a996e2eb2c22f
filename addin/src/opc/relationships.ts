// Relationships between the parts of a package (ECMA-376 part 2, clause 6.5). Pure: no DOM, since a
// worker has none.

export type Parts = Record<string, Uint8Array>;

export interface Relationship {
  id: string;
  type: string;
  /** As written: relative to the part's folder, or an address where `external`. */
  target: string;
  external: boolean;
}

const decoder = new TextDecoder();

/** Read a part as text; "" where it is not there. */
export function textOf(parts: Parts, name: string): string {
  const bytes = parts[name];
  return bytes === undefined ? "" : decoder.decode(bytes);
}

/** The part that holds the relationships of another one. */
export function relationshipsPart(name: string): string {
  const slash = name.lastIndexOf("/") + 1;
  return `${name.slice(0, slash)}_rels/${name.slice(slash)}.rels`;
}

export function relationshipsOf(parts: Parts, name: string): Relationship[] {
  return relationships(textOf(parts, relationshipsPart(name)));
}

export function relationships(xml: string): Relationship[] {
  return startTags(xml, "Relationship").map((tag) => ({
    id: attribute(tag, "Id"),
    type: attribute(tag, "Type"),
    target: attribute(tag, "Target"),
    external: attribute(tag, "TargetMode") === "External",
  }));
}

/** The name of the part that a relationship of `owner` leads to. */
export function targetPart(owner: string, { target }: Relationship): string {
  if (target.startsWith("/")) return target.slice(1);
  const steps = owner.split("/").slice(0, -1);
  for (const step of target.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== ".") steps.push(step);
  }
  return steps.join("/");
}

/** Find the start tags of a local name, whatever their prefix. */
export function startTags(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<(?:\\w+:)?${name}(?=[\\s/>])[^>]*>`, "g"))].map(([tag]) => tag);
}

export function attribute(tag: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
}

/** The value of `r:id`, by whatever prefix. */
export function relationshipId(tag: string): string {
  return /\s\w+:id="([^"]*)"/.exec(tag)?.[1] ?? "";
}
