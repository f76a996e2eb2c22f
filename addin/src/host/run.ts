// How the pane talks with PowerPoint: one conversation at a time, and reads that are asked again
// where the host answered without its values (office-js 6741, 6363, 6419).

import { codeOf, hostError } from "./errors";
import { inTurn } from "./turns";

export const REQUIRES = "1.1";

const READS = 3;
const REREAD_MS = 300; // by the reports above, objects are readable again after a moment

export function run<T>(batch: (context: PowerPoint.RequestContext) => Promise<T>): Promise<T> {
  return inTurn(async () => {
    try {
      return await PowerPoint.run(batch);
    } catch (error) {
      throw hostError(error);
    }
  });
}

/**
 * Read: `ask` queues what is to be loaded and returns a function that reads it after the sync.
 * Asked again while the host says PropertyNotLoaded; with `stubborn`, whatever it says.
 */
export async function read<T>(
  context: PowerPoint.RequestContext,
  ask: () => () => T,
  stubborn = false,
): Promise<T> {
  for (let left = READS; ; left--) {
    try {
      const values = ask();
      await context.sync();
      return values();
    } catch (error) {
      const again = stubborn || codeOf(error) === "PropertyNotLoaded";
      if (!again || left === 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, REREAD_MS));
    }
  }
}
