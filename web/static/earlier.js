// Lists the batches that were handed in before.

import { json } from "./api.js";
import { $, show } from "./dom.js";
import { when } from "./words.js";

/** @param {(address: string) => unknown} open */
export async function drawEarlier(open) {
  /** @type {Schemas["BatchPage"]} */
  const { items } = await json("batches?limit=5");
  show("earlier", items.length > 0);
  $("earlier-list").replaceChildren(
    ...items.map((batch) => {
      const button = document.createElement("button");
      button.className = "link";
      button.textContent = when(batch.created_at);
      button.addEventListener("click", () => open(batch.links.self));
      const item = document.createElement("li");
      item.append(button);
      return item;
    }),
  );
}
