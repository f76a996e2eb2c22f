// The page behind a review link: before and after of one batch, and what its reader says of it.

import { json, call, speakFor, statusOf } from "./api.js";
import { $, acting, piece, say, show, showError, trouble, within } from "./dom.js";
import {
  LINK_ENDED,
  LINK_ENDED_TITLE,
  NOTED_ACCEPTED,
  NOTED_REFUSED,
  NOTHING_SHARED,
  reviewFacts,
  verdictWords,
} from "./sentences.js";
import { shown, shownJob } from "./shown.js";
import { closeStage, drawStage, onKeep, wireStage } from "./stage.js";

/** @typedef {Schemas["ReviewedBatch"]} Reviewed */

/** @type {{batch: Reviewed | null}} */
const state = { batch: null };

const act = acting((error) => {
  const isOver = [401, 404, 410].includes(statusOf(error));
  showError(isOver ? trouble(LINK_ENDED_TITLE, LINK_ENDED) : /** @type {ShownError} */ (error));
  if (isOver) leave();
});

function leave() {
  closeStage();
  show("review-panel", false);
  show("review-list-panel", false);
  say($("review-facts"), "");
}

async function read() {
  state.batch = /** @type {Reviewed} */ (await json("/api/v1/review"));
  const { decks, expires_at: until } = state.batch;
  say($("review-facts"), decks.length ? reviewFacts(decks.length, until) : NOTHING_SHARED);
  $("review-decks").replaceChildren(...decks.map(row));
  show("review-list-panel", decks.length > 1);
}

/** @param {Schemas["ReviewedDeck"]} deck */
function row(deck) {
  const made = piece("review-template");
  const button = within(made, "button");
  say(button, deck.folder ? `${deck.folder}/${deck.name}` : deck.name);
  button.addEventListener(
    "click",
    act(async () => {
      await open(deck.id);
      $("review-deck-title").focus();
    }),
  );
  const chip = within(made, ".state");
  chip.hidden = !deck.verdict;
  chip.classList.toggle("done", deck.verdict?.is_accepted === true);
  chip.classList.toggle("failed", deck.verdict?.is_accepted === false);
  say(chip, deck.verdict ? verdictWords(deck.verdict.is_accepted) : "");
  return made;
}

/** @param {string} id */
async function open(id) {
  const known = state.batch?.decks.find((deck) => deck.id === id);
  take(await json(`decks/${id}`));
  say($("review-deck-title"), known?.name ?? "");
  $("review-comment").value = known?.verdict?.comment ?? "";
  tellVerdict(known?.verdict?.is_accepted);
  show("review-panel");
  await drawStage();
}

/** @param {Schemas["ReviewedWork"]} work */
function take({ deck, job }) {
  Object.assign(shown, { deck, job });
}

/** @param {boolean | undefined} isAccepted */
function tellVerdict(isAccepted) {
  const words = { true: NOTED_ACCEPTED, false: NOTED_REFUSED, undefined: "" };
  say($("review-said"), words[/** @type {keyof words} */ (String(isAccepted))]);
}

/** @param {boolean} isAccepted */
async function verdict(isAccepted) {
  const id = shown.deck?.id ?? "";
  await call(`decks/${id}/verdict`, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ is_accepted: isAccepted, comment: $("review-comment").value }),
  });
  await read();
  tellVerdict(isAccepted);
}

/** @param {string} part */
async function keep(part) {
  const job = shownJob();
  const parts = job.kept.includes(part)
    ? job.kept.filter((other) => other !== part)
    : [...job.kept, part];
  take(
    await json(`decks/${shown.deck?.id}/kept`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ parts }),
    }),
  );
  await drawStage();
}

const enter = act(async () => {
  leave();
  speakFor(location.hash.slice(1), "/api/v1/review");
  await read();
  if (state.batch?.decks.length) await open(state.batch.decks[0].id);
});

wireStage(act);
onKeep((part) => act(() => keep(part))());
$("review-form").addEventListener(
  "submit",
  act(() => verdict(true)),
);
$("review-refuse").addEventListener(
  "click",
  act(() => verdict(false)),
);
$("error-close").addEventListener("click", () => show("error", false));
addEventListener("hashchange", enter);
enter();
