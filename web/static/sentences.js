// Whole sentences that the page's scripts say; each is made in one place, so that it can be said in
// another language. Numbers come in said already (words.js), never as pieces of a sentence.

import { days, plural, size } from "./words.js";

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
