// What the operators' pages do beside showing: they refresh themselves, unless somebody is at work
// in them, and say so when the server does not answer. Everything works without it.

const stale = document.querySelector("#stale");
let lastAnswer = new Date();

/** Somebody ticks, types or reads: what is under their hands must not change. */
function isBusy(region) {
  if (document.hidden) return true;
  if (!region.hasAttribute("data-hold")) return false;
  return Boolean(region.querySelector("input:checked")) || !getSelection().isCollapsed;
}

document.addEventListener("htmx:before:request", (event) => {
  if (isBusy(event.target)) event.preventDefault();
});

document.addEventListener("htmx:after:request", (event) => {
  const answer = event.detail?.ctx?.response;
  if (!answer || answer.status >= 500) return showStale();
  lastAnswer = new Date();
  stale.hidden = true;
});

document.addEventListener("htmx:error", showStale);

function showStale() {
  const at = stale.querySelector("time");
  at.dateTime = lastAnswer.toISOString();
  at.textContent = lastAnswer.toLocaleTimeString();
  stale.hidden = false;
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-tick-all]")) return;
  const boxes = event.target.closest("table").querySelectorAll("tbody input[type=checkbox]");
  for (const box of boxes) box.checked = event.target.checked;
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(source);
    button.textContent = "Selected: copy it now";
  }
});

const WHY_MISSING = { 404: "Deleted", 410: "Deleted", 413: "Too large to draw", 415: "Not of a kind that can be drawn", 422: "Damaged: cannot be drawn" };

/** A picture that does not come leaves words in its place. */
async function sayWhyMissing(image) {
  const answer = await fetch(image.src).catch(() => null);
  if (answer?.ok) return;
  const words = document.createElement("p");
  words.className = "missing";
  words.textContent = WHY_MISSING[answer?.status] || "Not there: the store does not answer";
  (image.closest("a") || image).replaceWith(words);
}

document.addEventListener("error", (event) => {
  if (event.target.matches?.(".looks img")) sayWhyMissing(event.target);
}, true);
for (const image of document.querySelectorAll(".looks img")) {
  if (image.complete && !image.naturalWidth && image.currentSrc) sayWhyMissing(image);
}

document.querySelector("[data-focus]")?.focus();
