// Lists the files that were not taken, each with its reason; all others go on.

import { call } from "./api.js";
import { $, children, each, say, show } from "./dom.js";
import { plural } from "./words.js";

/**
 * Add one.
 * @param {{name: string, folder: string}} file
 * @param {string | null} why
 * @param {string} uploadId "" for a file of which nothing was sent
 */
export function refuse(file, why, uploadId) {
  const list = $("refused");
  const name = file.folder ? `${file.folder}/${file.name}` : file.name;
  const key = uploadId || name;
  if (children(list).some((item) => item.dataset.key === key)) return;
  const item = document.createElement("li");
  const title = document.createElement("b");
  title.textContent = name;
  item.append(title, `: ${why ?? "the server gave no reason"}`);
  item.dataset.key = key;
  item.dataset.upload = uploadId;
  list.append(item);
  say($("refused-title"), `${plural(list.children.length, "file was", "files were")} not taken`);
  show("refused-panel");
}

/** Where there is nothing but refusals, they are what to read. */
export function readRefusals() {
  if (!$("refused-panel").hidden) $("refused-panel").focus();
}

export function clearRefusals() {
  $("refused").replaceChildren();
  show("refused-panel", false);
}

export async function forgetRefused() {
  const ids = children($("refused")).flatMap((item) => item.dataset.upload || []);
  clearRefusals();
  await each(ids, 3, (id) => call(`uploads/${id}`, { method: "DELETE" }));
}
