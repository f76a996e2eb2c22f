/** Small helpers over the browser's own XML parser. */

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

const RELATIONSHIP_NAMESPACES = new Set([
  "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
  "http://purl.oclc.org/ooxml/officeDocument/relationships",
]);

/** A part that is not well-formed XML. */
export class XmlError extends Error {}

export function parseXml(bytes: Uint8Array): Document {
  const document = new DOMParser().parseFromString(
    new TextDecoder().decode(bytes),
    "application/xml",
  );
  const failure = document.getElementsByTagName("parsererror")[0];
  if (failure) throw new XmlError(failure.textContent.slice(0, 200));
  return document;
}

export function writeXml(document: Document): Uint8Array {
  const text = new XMLSerializer().serializeToString(document);
  return new TextEncoder().encode(text.startsWith("<?xml") ? text : DECLARATION + text);
}

/** The child elements of this local name, in order; all of them without a name. */
export function children(element: Element, name?: string): Element[] {
  const found: Element[] = [];
  for (let node = element.firstElementChild; node; node = node.nextElementSibling) {
    if (name === undefined || node.localName === name) found.push(node);
  }
  return found;
}

/** Follow local names downwards, the first child of each. */
export function at(element: Element | undefined, ...names: string[]): Element | undefined {
  let current = element;
  for (const name of names) current = current && children(current, name)[0];
  return current;
}

/** Every element below of this local name, in document order. */
export function below(root: Document | Element, name: string): Element[] {
  return [...root.getElementsByTagNameNS("*", name)];
}

/** The attributes of one element that name a relationship (r:id, r:embed, r:link, r:pict, …). */
export function relationshipAttributes(element: Element): Attr[] {
  return [...element.attributes].filter((attribute) =>
    RELATIONSHIP_NAMESPACES.has(attribute.namespaceURI ?? ""),
  );
}

/** Every relationship id that a page names; PowerPoint writes "" for a link to nowhere. */
export function namedRelationships(document: Document): Set<string> {
  const found = new Set<string>();
  for (const element of document.getElementsByTagName("*")) {
    for (const attribute of relationshipAttributes(element)) {
      if (attribute.value) found.add(attribute.value);
    }
  }
  return found;
}

/** Read one relationship attribute, whatever its prefix. */
export function relationshipId(element: Element, name = "id"): string | undefined {
  return relationshipAttributes(element).find((one) => one.localName === name)?.value;
}

/** Give an element a relationship attribute in the namespace that its document uses. */
export function setRelationshipId(element: Element, id: string, name = "id"): void {
  const present = relationshipAttributes(element).find((one) => one.localName === name);
  if (present) {
    present.value = id;
    return;
  }
  const strict = element.namespaceURI?.startsWith("http://purl.oclc.org/ooxml/");
  const namespace = [...RELATIONSHIP_NAMESPACES][strict ? 1 : 0] ?? "";
  element.setAttributeNS(namespace, `r:${name}`, id);
}
