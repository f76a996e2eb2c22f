// Lists the files that were not taken, each with its reason; all others go on.

import { call } from "./api.js";
import { $, children, each, say, show } from "./dom.js";
import { state } from "./state.js";
import { plural } from "./words.js";

const KEPT = "crispdeck.refused.";

/** Those of which the server knows nothing are kept here, as long as their batch is. */
const nameHere = () => (state.batch ? KEPT + state.batch.id : "");

/** @returns {{name: string, folder: string, why: string}[]} */
const keptHere = () => JSON.parse(localStorage.getItem(nameHere()) || "[]");

/** List again what was refused before a reload. */
export function restoreRefusals() {
  for (const { name, folder, why } of keptHere()) refuse({ name, folder }, why, "");
}

/** Keep those that are listed by now, where a batch has begun only after them. */
export function keepRefusals() {
  const here = children($("refused")).filter((item) => !item.dataset.upload);
  const rows = here.map(({ dataset: { name, folder, why } }) => ({ name, folder, why }));
  if (!nameHere()) return;
  if (rows.length) localStorage.setItem(nameHere(), JSON.stringify(rows));
  else localStorage.removeItem(nameHere());
}

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
  Object.assign(item.dataset, {
    upload: uploadId,
    name: file.name,
    folder: file.folder,
    why: why ?? "",
  });
  list.append(item);
  keepRefusals();
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
  keepRefusals();
  await each(ids, 3, (id) => call(`uploads/${id}`, { method: "DELETE" }));
}
