/** `exportAsBase64`: some slides with all that they stand on, as a presentation of its own. */

import { Package, relativeTarget } from "../opc/package";
import { at, children, relationshipId, writeXml } from "../opc/xml";
import { copyClosure } from "./closure";
import type { Deck, SlideEntry } from "./deck";
import { isLost, withoutLosses } from "./losses";

const PRESENTATION =
  "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";

/** Parts of the presentation that every exported file has, where the deck has them. */
const ALWAYS = ["/presProps", "/viewProps", "/theme", "/tableStyles"];

/** Return a .pptx with these slides; each is ppt/slides/slideN.xml in the order given. */
export function exportSlides(deck: Deck, slides: SlideEntry[]): Uint8Array {
  const out = new Package();
  const placed = new Map<string, string>([[deck.main, "ppt/presentation.xml"]]);
  out.add("ppt/presentation.xml", new Uint8Array(), PRESENTATION);
  const names = new Map(slides.map((x, at) => [x.part, `ppt/slides/slide${at + 1}.xml`]));
  const plan = {
    placed,
    name: (source: string) => names.get(source) ?? source,
    skip: (owner: string, item: Parameters<typeof isLost>[0]) => names.has(owner) && isLost(item),
    blob: (source: string) =>
      names.has(source) ? withoutLosses(deck.pkg, source) : deck.pkg.part(source),
  };
  for (const slide of slides) copyClosure(deck.pkg, out, slide.part, plan);
  const hasNotes = [...placed.keys()].some((name) => name.includes("notesMasters/"));
  const hasComments = [...placed.keys()].some((name) => /comments\/comment\d/.test(name));
  const kept = deck.pkg.relationships(deck.main).filter((item) => {
    const target = deck.pkg.target(deck.main, item);
    if (item.type.endsWith("/slide") || item.type.endsWith("/slideMaster")) return placed.has(target);
    if (item.type.endsWith("/notesMaster")) return hasNotes && placed.has(target);
    if (item.type.endsWith("/commentAuthors")) return hasComments;
    return ALWAYS.some((ending) => item.type.endsWith(ending));
  });
  for (const item of kept) {
    copyClosure(deck.pkg, out, deck.pkg.target(deck.main, item), plan);
  }
  out.setRelationships(
    "ppt/presentation.xml",
    kept.map((item) => ({
      ...item,
      target: relativeTarget(
        "ppt/presentation.xml",
        placed.get(deck.pkg.target(deck.main, item)) as string,
      ),
    })),
  );
  out.parts.set("ppt/presentation.xml", presentation(deck, slides, new Set(kept.map((x) => x.id))));
  const root = deck.pkg.relationships("").find((x) => x.type.endsWith("/officeDocument"));
  out.setRelationships("", [
    { id: "rId1", type: root?.type ?? "", target: "ppt/presentation.xml", external: false },
  ]);
  return out.write();
}

/** The deck's own main part, without all that the exported file does not hold. */
function presentation(deck: Deck, slides: SlideEntry[], kept: Set<string>): Uint8Array {
  const document = deck.pkg.xml(deck.main);
  const root = document.documentElement;
  const keep = new Set(["sldMasterIdLst", "notesMasterIdLst", "sldIdLst", "sldSz", "notesSz", "defaultTextStyle"]);
  for (const element of children(root)) {
    if (!keep.has(element.localName)) element.remove();
  }
  for (const list of ["sldMasterIdLst", "notesMasterIdLst", "sldIdLst"]) {
    const element = at(root, list);
    if (!element) continue;
    for (const item of children(element)) {
      if (!kept.has(relationshipId(item) ?? "")) item.remove();
    }
    if (children(element).length === 0) element.remove();
  }
  const list = at(root, "sldIdLst");
  const order = slides.map((slide) => slide.relationship);
  for (const id of order) {
    const item = list && children(list).find((x) => relationshipId(x) === id);
    if (item) list.append(item);
  }
  return writeXml(document);
}
