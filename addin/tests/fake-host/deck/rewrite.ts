/** What PowerPoint does to slides on their way in: it writes them anew. */

import { base64 } from "../base64";
import type { Deck } from "./deck";

/** Pictures that the deck does not hold yet get one byte more, as after another encoding. */
export function storeOtherwise(deck: Deck, source: Deck): void {
  const held = new Set([...deck.pkg.parts.values()].map((blob) => base64(blob)));
  for (const [name, blob] of source.pkg.parts) {
    if (!name.startsWith("ppt/media/") || held.has(base64(blob))) continue;
    source.pkg.parts.set(name, new Uint8Array([...blob, 0]));
  }
}
