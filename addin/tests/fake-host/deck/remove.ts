/** `slide.delete()`: the slide goes, and with it what only it needed. */

import type { Deck, SlideEntry } from "./deck";
import { blankJumps } from "./losses";

export function removeSlide(deck: Deck, slide: SlideEntry): void {
  const before = deck.pkg.reachable();
  deck.leave(slide);
  for (const other of deck.slides()) blankJumps(deck.pkg, other.part, slide.part);
  const after = deck.pkg.reachable();
  for (const name of before) {
    if (name && !after.has(name)) deck.pkg.remove(name);
  }
}
