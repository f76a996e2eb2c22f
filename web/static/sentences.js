// Whole sentences that the page's scripts say; each is made in one place, so that it can be said in
// another language. Numbers come in said already (words.js), never as pieces of a sentence.

import { capital, days, plural, size, when } from "./words.js";

/** @param {number} slide @param {number} at from 1 @param {number} of */
export const stopTitle = (slide, at, of) =>
  of === 1 ? `Slide ${slide}, before and after` : `Slide ${slide}: picture ${at} of ${of}`;

/**
 * @param {number | null} before in pixels per inch
 * @param {number | null} after
 * @param {string} beforeWords such as "about half as sharp as a full-HD screen"
 * @param {string} afterWords
 */
export function sharperWords(before, after, beforeWords, afterWords) {
  if (!before || !after || !afterWords) return beforeWords && `Before: ${beforeWords}.`;
  const numbers = `${Math.round(before)} → ${Math.round(after)} ppi`;
  return `${numbers}: ${beforeWords} before, ${afterWords} now.`;
}

/** @param {number | null} ppi */
export const beforeLabel = (ppi) => (ppi ? `before, ${Math.round(ppi)} ppi` : "before");

/** @param {number | null} ppi @param {boolean} isKept the original was asked back */
export function afterLabel(ppi, isKept) {
  if (isKept) return "original kept";
  return ppi ? `after, ${Math.round(ppi)} ppi` : "after";
}

/** @param {number} share from 0 to 100 */
export const splitWords = (share) => `${share} % before, ${100 - share} % after`;

/** @param {number} slide */
export const slideBefore = (slide) => `Slide ${slide} before`;

/** @param {number} slide */
export const slideAfter = (slide) => `Slide ${slide} after`;

export const KEEP_ORIGINAL = "Keep the original";
export const USE_SHARP = "Use the sharp one";
export const FULL_SCREEN = "Full screen";
export const LEAVE_FULL_SCREEN = "Leave full screen";

/** @param {number} count */
export const sharpNow = (count) =>
  count ? `${plural(count, "picture is", "pictures are")} sharp now` : "No picture was changed";

export const SLIDES_NOW = "The slides as they are now";

/** The mark on a slide has room for a number alone; its name and tooltip say what it means.
 * @param {number | null | undefined} ppi */
export const chipWords = (ppi) => (ppi ? `${Math.round(ppi)} ppi` : "sharp");

/**
 * @param {number | null | undefined} ppi
 * @param {string} sentence such as "about half as sharp as a full-HD screen"
 */
export const plainSharpness = (ppi, sentence) =>
  ppi && sentence ? `${sentence} (${Math.round(ppi)} ppi)` : sentence;

// --- questions ----------------------------------------------------------------------------------

/** @param {number} count of decks */
export const deleteQuestion = (count) => ({
  title: "Delete these files now?",
  text:
    count === 1
      ? "The deck and all that was made of it will be gone from this server. What you have downloaded stays."
      : `${plural(count, "deck")} and all that was made of them will be gone from this server. What you have downloaded stays.`,
  no: "Keep them",
  yes: "Delete them",
});

/** @param {string} name of a deck */
export const removeQuestion = (name) => ({
  title: `Remove ${name}?`,
  text: "It and its sharp version will be gone from this server. What you have downloaded stays.",
  no: "Keep it",
  yes: "Remove it",
});

// --- handing in ---------------------------------------------------------------------------------

/**
 * @param {string} kinds such as ".pptx or .potx"
 * @param {Pick<Limits, "max_deck_bytes" | "retention_days">} limits
 * @param {number | null} free bytes, where there are few
 */
export function limitWords(kinds, limits, free) {
  const most = size(limits.max_deck_bytes);
  const words = `${kinds}, up to ${most} each. Kept for ${days(limits.retention_days)}, then deleted.`;
  return free === null ? words : `${words} ${size(Math.max(0, free))} of your space is free.`;
}

export const DOWNLOAD_BEGINS = "The download begins; your browser shows how far it is.";

// --- work ---------------------------------------------------------------------------------------

/** @param {number} percent @param {string} left such as "about 3 minutes", or "" */
export function workTitle(percent, left) {
  return left ? `${percent} %, ${left} left · Crispdeck` : `${percent} % · Crispdeck`;
}

/** @param {number} percent */
export const sendTitle = (percent) => `Sending, ${percent} % · Crispdeck`;

/** @param {string} result such as "19 pictures are sharp now" */
export const doneTitle = (result) => `✓ ${result} · Crispdeck`;

/** @param {number} over @param {number} total of pictures @param {string} left or "" */
export function pictureProgress(over, total, left) {
  const words = `${over} of ${plural(total, "picture")} finished`;
  return left ? `${words}, ${left} left.` : `${words}.`;
}

/** @param {number} over @param {number} total of pictures @param {number} decksOver @param {number} decks @param {string} left */
export function batchProgress(over, total, decksOver, decks, left) {
  const words = `${over} of ${plural(total, "picture")} finished, ${decksOver} of ${plural(decks, "deck")}`;
  return left ? `${words}; ${left} left.` : `${words}.`;
}

/** @param {number} count of decks */
export const laterWords = (count) =>
  count === 1
    ? "1 deck begins by itself when one before it is done."
    : `${plural(count, "deck")} begin by themselves when those before them are done.`;

export const BEGINS_LATER = "Begins by itself when a deck before it is done";

/** @param {number} pictures @param {number} decks */
export const sharpInDecks = (pictures, decks) =>
  pictures === 1
    ? "1 picture in 1 deck is sharp now"
    : `${plural(pictures, "picture")} in ${plural(decks, "deck")} are sharp now`;

export const STOP = "Stop";
export const FORGET = "Forget it";
export const REMOVE = "Remove";

/** @param {string} name of a deck */
export const downloadName = (name) => `Download the sharp ${name}`;

/** @param {string} does as it stands on the button @param {string} name of a deck */
export const doesToDeck = (does, name) => `${does}: ${name}`;

/** @param {number | null} slide @param {string} chip as it stands on the mark @param {string} sentence */
export const pictureName = (slide, chip, sentence) =>
  `picture on slide ${slide}, ${chip}, ${sentence}`;

/** @param {string} name of the picture, as it was @param {string} chip as it stands on the mark */
export const compareName = (name, chip) => `Compare before and after, now ${chip}: ${name}`;

// --- earlier batches ----------------------------------------------------------------------------

/** @param {string[]} names of the first decks @param {number} count of all */
export function decksNamed(names, count) {
  const named = names.join(", ");
  return count > names.length ? `${named} and ${count - names.length} more` : named;
}

/** @param {number} decks @param {number} done @param {number} open */
export function batchState(decks, done, open) {
  if (open) return `${open} of ${plural(decks, "deck")} in work`;
  if (!done) return `${plural(decks, "deck")}, nothing made sharp yet`;
  return done === decks
    ? `${plural(decks, "deck")}, all done`
    : `${done} of ${plural(decks, "deck")} done`;
}

/** @param {string} time @param {string} bytes @param {string} state */
export const batchFacts = (time, bytes, state) => `${state}, ${bytes}, handed in on ${time}`;

/** @param {string} name */
export const revertTitle = (name) => `Original pictures back into ${name}`;

/** @param {number} count @param {string | undefined} until in ISO 8601 */
export const revertFacts = (count, until) =>
  count
    ? `The original of ${plural(count, "picture")} is kept here, until ${when(until)}. The deck itself is not kept.`
    : "No original of its pictures is kept here: it was made elsewhere, or too long ago. With the original deck at hand, use that.";

/** @param {number} count */
export const revertButton = (count) =>
  count ? `Save it with ${plural(count, "original picture")}` : "Tick the pictures to put back";

/** @param {string} places such as "slide 3" */
export const whereCapital = (places) => capital(places);

/** @param {number | null} width @param {number | null} height in pixels, of the picture that goes */
export const originalSize = (width, height) =>
  width && height ? `${width} × ${height} pixels now` : "";

export const LINK_ENDED_TITLE = "This link opens nothing any more.";
export const LINK_ENDED = "It has ended, was withdrawn, or is not complete. Ask whoever sent it.";
export const NOTHING_SHARED = "None of these decks is done yet. Come back in a while.";
export const NOTED_ACCEPTED = "Noted: accepted. Whoever shared it sees that.";
export const NOTED_REFUSED = "Noted: not like this. Whoever shared it sees that.";
export const LINK_MADE = "The link is made.";
export const COPIED = "Copied.";

/** @param {number} count @param {string} until in ISO 8601 */
export const reviewFacts = (count, until) =>
  `${plural(count, "deck")} with blurred pictures made sharp. Look at them, keep an original where you like it better, and say what you think. Here until ${when(until)} at most.`;

/** @param {boolean} isAccepted */
export const verdictWords = (isAccepted) => (isAccepted ? "accepted" : "not like this");

/** @param {string} deck @param {boolean} isAccepted @param {string} comment */
export const verdictSentence = (deck, isAccepted, comment) =>
  `${deck}: ${verdictWords(isAccepted)}${comment ? `: “${comment}”` : ""}`;

/**
 * @param {string | null} until in ISO 8601
 * @param {string | null} opened
 * @param {string | null} withdrawn
 */
export function reviewLinkFacts(until, opened, withdrawn) {
  if (withdrawn) return "withdrawn";
  const seen = opened ? "opened" : "not opened yet";
  return until ? `${seen}, until ${when(until)}` : seen;
}

/** @param {string} name */
export const withdrawName = (name) => `Withdraw the link for ${name}`;

/** @param {string} name */
export const withdrawQuestion = (name) => ({
  title: `Withdraw the link for ${name}?`,
  text: "It opens nothing any more. What was said stays here.",
  no: "Keep it",
  yes: "Withdraw it",
});

export const NO_SUCH_KEY = {
  title: "This key does not fit.",
  message: "It is unknown, expired or revoked. Ask whoever runs this Crispdeck for another one.",
};
