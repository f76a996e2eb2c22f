/** `slide.delete()`: the slide goes, and with it what only it needed. */

import type { Deck, SlideEntry } from "./deck";
import { blankJumps } from "./losses";

/** Whatever may lead to a slide: other slides, layouts, masters, other slides' notes. */
const PAGES = /^ppt\/(slides|slideLayouts|slideMasters|notesSlides)\/[^/]+\.xml$/;

export function removeSlide(deck: Deck, slide: SlideEntry): void {
  const before = deck.pkg.reachable();
  deck.leave(slide);
  const own = deck.pkg.related(slide.part, "/notesSlide");
  const pages = [...deck.pkg.parts.keys()].filter((name) => PAGES.test(name) && name !== slide.part);
  for (const page of pages) if (!own.includes(page)) blankJumps(deck.pkg, page, slide.part);
  const after = deck.pkg.reachable();
  for (const name of before) {
    if (name && !after.has(name)) deck.pkg.remove(name);
  }
}
