// Asks before something is done that cannot be undone.

import { $, say } from "./dom.js";

/**
 * @param {{title: string, text: string, no: string, yes: string}} words
 * @returns {Promise<boolean>}
 */
export async function ask({ title, text, no, yes }) {
  say($("sure-title"), title);
  say($("sure-text"), text);
  say($("sure-no"), no);
  say($("sure-yes"), yes);
  $("sure").returnValue = "no";
  $("sure").showModal();
  await new Promise((done) => $("sure").addEventListener("close", done, { once: true }));
  return $("sure").returnValue === "yes";
}
