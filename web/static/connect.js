// Comes in with the key that is known; where nobody answers, waits for that and says so.

import { statusOf, wait } from "./api.js";
import { show } from "./dom.js";

const AWAY = [0, 502, 503, 504];

/** @param {() => Promise<unknown>} enter */
export async function connect(enter) {
  for (;;) {
    try {
      return await enter();
    } catch (error) {
      if (!AWAY.includes(statusOf(error))) throw error;
    }
    show("offline");
    await wait(2000);
  }
}
