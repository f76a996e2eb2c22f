// Asks before something is done that cannot be undone.

import { $, say } from "./dom.js";

/**
 * @param {{title: string, text: string, no: string, yes: string}} words
 * @returns {Promise<boolean>}
 */
export async function confirm({ title, text, no, yes }) {
  say($("confirm-title"), title);
  say($("confirm-text"), text);
  say($("confirm-no"), no);
  say($("confirm-yes"), yes);
  $("confirm").returnValue = "no";
  $("confirm").showModal();
  await new Promise((done) => $("confirm").addEventListener("close", done, { once: true }));
  return $("confirm").returnValue === "yes";
}
