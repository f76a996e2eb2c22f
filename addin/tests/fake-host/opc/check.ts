/** The strict reader: says all that PowerPoint would want to repair in a package. */

import { CONTENT_TYPES, Package, type RawPackage, resolveTarget, unpack } from "./package";
import { namedRelationships, parseXml } from "./xml";

const SIGNATURES: Record<string, readonly (readonly number[])[]> = {
  "image/png": [[0x89, 0x50, 0x4e, 0x47]],
  "image/jpeg": [[0xff, 0xd8, 0xff]],
  "image/jpg": [[0xff, 0xd8, 0xff]],
  "image/gif": [[0x47, 0x49, 0x46, 0x38]],
  "image/bmp": [[0x42, 0x4d]],
  "image/tiff": [
    [0x49, 0x49, 0x2a, 0],
    [0x4d, 0x4d, 0, 0x2a],
  ],
};

/** Return what is wrong with these bytes as a presentation: [] for a sound one. */
export function packageProblems(bytes: Uint8Array): string[] {
  let raw: RawPackage;
  try {
    raw = unpack(bytes);
  } catch (error) {
    return [`not a zip: ${String(error)}`];
  }
  const problems = nameProblems(raw.names);
  if (!raw.parts.has(CONTENT_TYPES)) return [...problems, "no [Content_Types].xml"];
  problems.push(...xmlProblems(raw));
  if (problems.length > 0) return problems;
  const pkg = Package.read(bytes);
  return [...typeProblems(pkg), ...arrowProblems(pkg), ...presentationProblems(pkg)];
}

function nameProblems(names: string[]): string[] {
  const problems = names
    .filter((name) => name.startsWith("/") || name.includes("\\") || name.includes(".."))
    .map((name) => `not a part name: ${name}`);
  const seen = new Set<string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    if (seen.has(folded)) problems.push(`two entries: ${name}`);
    seen.add(folded);
  }
  return problems;
}

function xmlProblems(raw: RawPackage): string[] {
  const problems: string[] = [];
  for (const [name, blob] of raw.parts) {
    if (!/\.(xml|rels)$/i.test(name)) continue;
    try {
      if (parseXml(blob).doctype) problems.push(`${name} has a DTD`);
    } catch (error) {
      problems.push(`${name} is not well-formed: ${String(error)}`);
    }
  }
  return problems;
}

function typeProblems(pkg: Package): string[] {
  const problems: string[] = [];
  for (const [name, blob] of pkg.parts) {
    const type = pkg.contentType(name);
    if (!type) problems.push(`no content type: ${name}`);
    const signatures = SIGNATURES[type?.toLowerCase() ?? ""];
    if (signatures && !signatures.some((start) => start.every((byte, at) => blob[at] === byte))) {
      problems.push(`${type} is not in ${name}`);
    }
  }
  return problems;
}

function arrowProblems(pkg: Package): string[] {
  const problems: string[] = [];
  const reached = pkg.reachable();
  for (const name of ["", ...pkg.parts.keys()]) {
    if (name.endsWith(".rels")) continue;
    problems.push(...relationshipProblems(pkg, name));
    if (name && !reached.has(name)) problems.push(`nothing points to ${name}`);
  }
  for (const name of pkg.parts.keys()) {
    if (!name.endsWith(".rels")) continue;
    const owner = name.replace(/(^|\/)_rels\/([^/]*)\.rels$/, "$1$2");
    if (owner && !pkg.parts.has(owner)) problems.push(`${name} belongs to nothing`);
  }
  return problems;
}

function relationshipProblems(pkg: Package, name: string): string[] {
  const problems: string[] = [];
  const ids = new Set<string>();
  for (const item of pkg.relationships(name)) {
    if (!item.id || ids.has(item.id)) problems.push(`${name} has ${item.id} twice`);
    ids.add(item.id);
    if (!item.external && !pkg.parts.has(pkg.target(name, item))) {
      problems.push(`${name} points to nothing: ${resolveTarget(name, item.target)}`);
    }
  }
  if (name.endsWith(".xml")) {
    for (const id of namedRelationships(pkg.xml(name))) {
      if (!ids.has(id)) problems.push(`${name} names no relationship ${id}`);
    }
  }
  return problems;
}

function presentationProblems(pkg: Package): string[] {
  const [main, ...others] = pkg.related("", "/officeDocument");
  if (!main || others.length > 0) return ["not one presentation"];
  const problems: string[] = [];
  if (!/presentationml|ms-powerpoint/.test(pkg.contentType(main) ?? "")) {
    problems.push(`${main} is no presentation`);
  }
  const slides = pkg.related(main, "/slide");
  for (const slide of slides) {
    const layouts = pkg.related(slide, "/slideLayout");
    if (layouts.length !== 1) problems.push(`${slide} has ${layouts.length} layouts`);
    for (const layout of layouts) {
      const masters = pkg.related(layout, "/slideMaster");
      if (masters.length !== 1) problems.push(`${layout} has ${masters.length} masters`);
    }
  }
  if (slides.length === 0) problems.push("no slide");
  return problems;
}
