// The tab "Whole deck", where slides cannot be replaced: a sharp copy. Loaded only there.

import type { Host } from "./host/document";
import { SharpCopy } from "./state/sharp-copy";
import { drawCopy } from "./views/copy-view";
import { say } from "./views/live";

/** Draw it; what comes back forgets everything when settings or the key change. */
export function open({ canDownload }: Host): { reset(): void } {
  const copy: SharpCopy = new SharpCopy(() => drawCopy(copy), say);
  copy.canDownload = canDownload;
  drawCopy(copy);
  return copy;
}
