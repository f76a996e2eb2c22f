// Links by which a colleague without a key looks at the batch: made, listed, withdrawn.

import { call, json, post } from "./api.js";
import { confirm } from "./confirm.js";
import { $, piece, say, show, tell, within } from "./dom.js";
import {
  COPIED,
  LINK_MADE,
  reviewLinkFacts,
  withdrawName,
  withdrawQuestion,
  verdictSentence,
} from "./sentences.js";
import { openBatch, state } from "./state.js";

/** @typedef {Schemas["ReviewOut"]} Review */

/** The batch that the part is of, from before its links are there. */
let drawn = "";

/** @param {boolean} isThere something to look at */
export function drawReviews(isThere) {
  show("reviews-part", isThere);
  const batch = state.batch?.id ?? "";
  if (batch === drawn) return;
  drawn = batch;
  $("reviews-part").open = false;
  show("reviews-made", false);
  $("reviews-list").replaceChildren();
}

/** @param {Act} act */
export function wireReviews(act) {
  $("reviews-part").addEventListener(
    "toggle",
    act(async () => {
      if ($("reviews-part").open && state.batch) await list(act);
    }),
  );
  $("reviews-form").addEventListener(
    "submit",
    act(async () => {
      const wanted = {
        name: $("reviews-name").value.trim(),
        days: Number($("reviews-days").value),
      };
      /** @type {Schemas["ReviewLink"]} */
      const made = await post(`batches/${openBatch().id}/reviews`, wanted);
      $("reviews-link").value = made.url;
      $("reviews-name").value = "";
      show("reviews-made");
      $("reviews-link").focus();
      $("reviews-link").select();
      tell(LINK_MADE);
      await list(act);
    }),
  );
  $("reviews-copy").addEventListener(
    "click",
    act(async () => {
      $("reviews-link").select();
      await navigator.clipboard?.writeText($("reviews-link").value);
      tell(COPIED);
    }),
  );
}

/** @param {Act} act */
async function list(act) {
  const batch = openBatch().id;
  /** @type {{items: Review[]}} */
  const { items } = await json(`batches/${batch}/reviews`);
  if (batch !== drawn) return;
  $("reviews-list").replaceChildren(...items.map((each) => row(each, act)));
}

/** @param {Review} review @param {Act} act */
function row(review, act) {
  const made = piece("reviews-template");
  say(within(made, ".review-name"), review.name);
  const { expires_at: until, opened_at: opened, withdrawn_at: withdrawn } = review;
  say(within(made, ".review-facts"), reviewLinkFacts(until, opened, withdrawn));
  const button = within(made, ".withdraw");
  button.hidden = Boolean(withdrawn);
  button.setAttribute("aria-label", withdrawName(review.name));
  button.addEventListener(
    "click",
    act(async () => {
      if (!(await confirm(withdrawQuestion(review.name)))) return;
      await call(`batches/${openBatch().id}/reviews/${review.id}`, { method: "DELETE" });
      await list(act);
      $("reviews-title").focus();
    }),
  );
  within(made, ".review-words").replaceChildren(
    ...review.verdicts.map((said) => {
      const name = openBatch().decks.get(said.deck_id)?.name ?? "";
      const item = document.createElement("li");
      say(item, verdictSentence(name, said.is_accepted, said.comment));
      return item;
    }),
  );
  return made;
}
