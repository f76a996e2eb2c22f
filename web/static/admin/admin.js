// What the operators' pages do beside showing: they refresh themselves, unless somebody is at work
// in them, and say so when the server does not answer. Everything works without it.

const stale = /** @type {HTMLElement} */ (document.querySelector("#stale"));
let lastAnswer = new Date();

/**
 * Give the element that something happened to.
 * @param {Event} event
 */
const targetOf = (event) => /** @type {HTMLElement} */ (event.target);

/**
 * Somebody ticks, types or reads: what is under their hands must not change.
 * @param {Element} region
 */
function isBusy(region) {
  if (document.hidden) return true;
  if (!region.hasAttribute("data-hold")) return false;
  return Boolean(region.querySelector("input:checked")) || getSelection()?.isCollapsed === false;
}

document.addEventListener("htmx:before:request", (event) => {
  if (isBusy(targetOf(event))) event.preventDefault();
});

document.addEventListener("htmx:after:request", (event) => {
  const answer = /** @type {CustomEvent} */ (event).detail?.ctx?.response;
  if (!answer || answer.status >= 500) return showStale();
  lastAnswer = new Date();
  stale.hidden = true;
});

document.addEventListener("htmx:error", showStale);

function showStale() {
  const at = /** @type {HTMLTimeElement} */ (stale.querySelector("time"));
  at.dateTime = lastAnswer.toISOString();
  at.textContent = lastAnswer.toLocaleTimeString();
  stale.hidden = false;
}

document.addEventListener("change", (event) => {
  const all = targetOf(event);
  if (!(all instanceof HTMLInputElement && all.matches("[data-tick-all]"))) return;
  /** @type {NodeListOf<HTMLInputElement> | undefined} */
  const boxes = all.closest("table")?.querySelectorAll("tbody input[type=checkbox]");
  for (const box of boxes ?? []) box.checked = all.checked;
});

document.addEventListener("click", async (event) => {
  /** @type {HTMLElement | null} */
  const button = targetOf(event).closest("[data-copy]");
  const source = button && document.querySelector(button.dataset.copy ?? "");
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    button.textContent = "Copied";
  } catch {
    getSelection()?.selectAllChildren(source);
    button.textContent = "Selected: copy it now";
  }
});

/** @type {Record<number, string>} */
const WHY_MISSING = {
  404: "Deleted",
  410: "Deleted",
  413: "Too large to draw",
  415: "Not of a kind that can be drawn",
  422: "Damaged: cannot be drawn",
};

/**
 * A picture that does not come leaves words in its place.
 * @param {HTMLImageElement} image
 */
async function sayWhyMissing(image) {
  const answer = await fetch(image.src).catch(() => null);
  if (answer?.ok) return;
  const words = document.createElement("p");
  words.className = "missing";
  words.textContent = WHY_MISSING[answer?.status ?? 0] || "Not there: the store does not answer";
  (image.closest("a") || image).replaceWith(words);
}

document.addEventListener(
  "error",
  (event) => {
    const { target } = event;
    if (target instanceof HTMLImageElement && target.matches(".looks img")) sayWhyMissing(target);
  },
  true,
);
/** @type {NodeListOf<HTMLImageElement>} */
const images = document.querySelectorAll(".looks img");
for (const image of images) {
  if (image.complete && !image.naturalWidth && image.currentSrc) sayWhyMissing(image);
}

/** @type {HTMLElement | null} */ (document.querySelector("[data-focus]"))?.focus();
