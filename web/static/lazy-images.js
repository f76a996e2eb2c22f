// Looks at slides and pictures come when they come into view: a deck may hold hundreds.

import { picture } from "./api.js";
import { within } from "./dom.js";

/** @type {Map<string, Promise<string>>} */
const addresses = new Map();

/** @type {IntersectionObserver | null} */
let observer = null;

function sight() {
  observer ??= new IntersectionObserver(seen, { rootMargin: "300px" });
  return observer;
}

/** @param {IntersectionObserverEntry[]} entries */
function seen(entries) {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    sight().unobserve(target);
    load(within(target, "img", HTMLImageElement));
  }
}

/**
 * Fetch what the image within is to show, as soon as it can be seen.
 * @param {Element} place holds one <img>
 * @param {string} path
 */
export function lookAt(place, path) {
  const image = within(place, "img", HTMLImageElement);
  if (image.dataset.from === path) return;
  image.dataset.from = path;
  sight().observe(place);
}

/** @param {HTMLImageElement} image */
async function load(image) {
  const path = image.dataset.from ?? "";
  const known = addresses.get(path) ?? picture(path);
  addresses.set(path, known);
  try {
    const address = await known;
    if (image.dataset.from !== path) return;
    image.src = address;
    image.hidden = false;
    image.closest(".slide-look")?.classList.add("there");
  } catch {
    addresses.delete(path);
    image.closest(".slide-look")?.classList.add("failed"); // it has its words
  }
}

/** Forget what was fetched for a part of the page that goes. @param {ParentNode} root */
export function forgetLooks(root) {
  for (const image of root.querySelectorAll("img")) {
    const path = image.dataset.from ?? "";
    addresses.get(path)?.then(URL.revokeObjectURL, () => {});
    addresses.delete(path);
  }
}
