// Original pictures back into a deck that was made sharp: chosen here, put back by the server.

import { call, json } from "./api.js";
import { $, piece, say, show, tell, within } from "./dom.js";
import { DECK_SUFFIXES } from "./facts.js";
import { forgetLooks, lookAt } from "./lazy-images.js";
import {
  DOWNLOAD_BEGINS,
  originalSize,
  revertButton,
  revertFacts,
  revertTitle,
  whereCapital,
} from "./sentences.js";

const SHARP = new RegExp(
  `\\.crisp(?= ?\\(?\\d*\\)?(${DECK_SUFFIXES.join("|").replaceAll(".", "\\.")})$)`,
  "i",
);

/** A deck that Crispdeck named; browsers put a number behind a second copy. @param {string} name */
export const isSharpened = (name) => SHARP.test(name);

/** @param {string} name */
export const revertedName = (name) =>
  isSharpened(name) ? name.replace(SHARP, ".reverted") : name.replace(/(\.\w+)$/, ".reverted$1");

/**
 * Offer the way back where what came is one deck that was made sharp.
 * @param {FoundFile[]} items
 */
export async function offered(items) {
  if (items.length !== 1 || !isSharpened(items[0].file.name)) return false;
  await offerRevert(items[0].file);
  return true;
}

/** @type {{file: File, items: Revertable[]} | null} */
let shown = null;

/**
 * @param {Act} act
 * @param {(file: File) => unknown} sharpen hands the deck in after all
 */
export function wireRevert(act, sharpen) {
  $("revert-field").addEventListener(
    "change",
    act(async () => {
      const file = $("revert-field").files?.[0];
      $("revert-field").value = ""; // or choosing the same file again would change nothing
      if (file) await offerRevert(file);
    }),
  );
  $("revert-close").addEventListener("click", () => {
    closeRevert();
    $("deck-field").focus();
  });
  $("revert-list").addEventListener("change", drawButton);
  $("revert-form").addEventListener("submit", act(putBack));
  $("revert-sharper").addEventListener(
    "click",
    act(async () => {
      const file = shown?.file;
      closeRevert();
      if (file) await sharpen(file);
    }),
  );
}

/**
 * Look which pictures of a deck can be put back, and show them.
 * @param {File} file
 */
async function offerRevert(file) {
  const { items } = /** @type {{items: Revertable[]}} */ (
    await json("reverts/look", { method: "POST", body: form(file) })
  );
  closeRevert();
  shown = { file, items };
  say($("revert-title"), revertTitle(file.name));
  say($("revert-facts"), revertFacts(items.length, items[0]?.expires_at));
  $("revert-list").replaceChildren(...items.map(row));
  show("revert-go", items.length > 0);
  drawButton();
  show("revert-panel");
  $("revert-title").focus();
}

export function closeRevert() {
  forgetLooks($("revert-list"));
  $("revert-list").replaceChildren();
  shown = null;
  show("revert-panel", false);
}

/** @param {Revertable} item */
function row(item) {
  const made = piece("revert-template");
  const where = whereCapital(item.places);
  say(within(made, ".pick-name"), where);
  say(within(made, ".where"), where);
  say(within(made, ".facts"), originalSize(item.width_px, item.height_px));
  within(made, ".chosen", HTMLInputElement).value = item.sha256;
  lookAt(made, item.thumbnail_url);
  return made;
}

const chosen = () =>
  [...$("revert-list").querySelectorAll("input:checked")].map(
    (box) => /** @type {HTMLInputElement} */ (box).value,
  );

function drawButton() {
  const count = chosen().length;
  say($("revert-go"), revertButton(count));
  $("revert-go").disabled = !count;
}

async function putBack() {
  if (!shown || $("revert-go").getAttribute("aria-busy") === "true") return;
  const { file, items } = shown;
  const wanted = chosen();
  const query = new URLSearchParams(
    wanted.length === items.length ? [] : wanted.map((sha256) => ["sha256", sha256]),
  );
  $("revert-go").setAttribute("aria-busy", "true");
  try {
    const answer = await call(`reverts?${query}`, { method: "POST", body: form(file) });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = revertedName(file.name);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser has begun by then
    tell(DOWNLOAD_BEGINS);
  } finally {
    $("revert-go").removeAttribute("aria-busy");
  }
}

/** @param {File} file */
function form(file) {
  const made = new FormData();
  made.append("deck", file);
  return made;
}
