// Tells what a start will take, by what was measured on this installation.

import { send } from "./api.js";
import { pace } from "./batchview.js";
import { $, say, soon } from "./dom.js";
import { leftOut, state } from "./state.js";
import { duration, plural, size } from "./words.js";

/** Ask again a moment after the last change. */
export const estimateSoon = soon(300, async () => {
  if (!state.batch || $("choose").hidden || $("start").disabled) return;
  try {
    const address = `batches/${state.batch.id}/estimate`;
    /** @type {Estimate} */
    const found = await send("POST", address, { left_out: leftOut() });
    pace.expect(found.seconds + found.waiting_s);
    say($("estimate"), words(found));
  } catch {
    say($("estimate"), ""); // the start itself says what is wrong
  }
});

/** @param {Estimate} found */
export function words(found) {
  const grows =
    found.bytes_after > found.bytes_before
      ? ` All files together go from ${size(found.bytes_before)} to about ${size(found.bytes_after)}.`
      : "";
  const rough = found.measured_pictures ? "" : " A rough guess: nothing was measured here yet.";
  const queue = found.waiting_s > 5 ? ` Others go first: ${duration(found.waiting_s)}.` : "";
  return `${plural(found.pictures, "different picture")}, ${duration(found.seconds)}.${queue}${grows}${rough}`;
}
