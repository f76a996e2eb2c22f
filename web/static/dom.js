// Small ways with the page's own elements; text only, never markup.

/**
 * Give an element of the templates by its id; web/types/page.d.ts names them all.
 * @template {keyof PageElements} Id
 * @param {Id} id
 * @returns {HTMLElementTagNameMap[PageElements[Id]]}
 */
export const $ = (id) => /** @type {any} */ (document.getElementById(id));

/**
 * Give the first element within `root` that the selector names; it must be there.
 * @template {Element} [Kind=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function within(root, selector, kind = /** @type {any} */ (HTMLElement)) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`There is no ${selector} in it.`);
  return found;
}

/**
 * Give the children as the HTML elements that the templates make of them.
 * @param {Element} list
 */
export const children = (list) => /** @type {HTMLElement[]} */ ([...list.children]);

/** @param {keyof PageElements} id */
export function show(id, visible = true) {
  $(id).hidden = !visible;
}

/**
 * Set only what differs: nothing that a screen reader reads out is written twice.
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Tell those who cannot see the page.
 * @param {string} text
 */
export function tell(text) {
  say($("live"), text);
}

/**
 * Make an error with a heading, as the page shows it.
 * @param {string} title
 * @param {string} message
 */
export const trouble = (title, message) => Object.assign(new Error(message), { title });

/**
 * Make what runs the work that a click asks for, and hands on what goes wrong.
 *
 * @param {(error: unknown) => void} onError
 * @returns {Act}
 */
export function acting(onError) {
  return (work) => async (event) => {
    if (event instanceof Event) event.preventDefault();
    show("error", false);
    try {
      await work(event);
    } catch (error) {
      onError(error);
    }
  };
}

/** @param {ShownError} error */
export function showError(error) {
  $("error-title").textContent = error.title || "Something went wrong in this page.";
  $("error-detail").textContent = error.title === error.message ? "" : error.message;
  show("error");
  $("error").focus();
}

/**
 * Give a new copy of what a <template> holds.
 * @param {"picture-template" | "deck-template" | "batch-template" | "slide-template" | "revert-template" | "review-template" | "reviews-template"} id
 */
export function piece(id) {
  return /** @type {HTMLElement} */ ($(id).content.firstElementChild?.cloneNode(true));
}

/**
 * Set a <progress>.
 * @param {HTMLProgressElement} bar
 * @param {number | null} value null: nobody knows how long it takes
 */
export function fill(bar, value, max = 1) {
  if (value === null) {
    bar.removeAttribute("value");
    return;
  }
  bar.max = Math.max(max, 1e-9);
  bar.value = value;
}

/**
 * Run `work` for each item, so many at once; the first error ends it.
 * @template Item
 * @param {Iterable<Item>} items
 * @param {number} atOnce
 * @param {(item: Item) => Promise<unknown>} work
 */
export async function each(items, atOnce, work) {
  const left = [...items];
  const hand = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
}

/**
 * Call `work` once, `ms` after the last of many calls.
 * @param {number} ms
 * @param {() => unknown} work
 */
export function soon(ms, work) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(work, ms);
  };
}
