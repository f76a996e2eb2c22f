// Small ways with the page's own elements; text only, never markup.

export const $ = (id) => document.getElementById(id);

export function show(id, visible = true) {
  $(id).hidden = !visible;
}

/** Set only what differs: nothing that a screen reader reads out is written twice. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Tell those who cannot see the page. */
export function tell(text) {
  say($("live"), text);
}

export function showError(error) {
  $("error-title").textContent = error.title || "Something went wrong in this page.";
  $("error-detail").textContent = error.title === error.message ? "" : error.message;
  show("error");
  $("error").focus();
}

export function piece(id) {
  return $(id).content.firstElementChild.cloneNode(true);
}

/** Set a <progress>; no value means that nobody knows how long it takes. */
export function fill(bar, value, max = 1) {
  if (value === null) {
    bar.removeAttribute("value");
    return;
  }
  bar.max = Math.max(max, 1e-9);
  bar.value = value;
}

/** Run `work` for each item, so many at once; the first error ends it. */
export async function each(items, atOnce, work) {
  const left = [...items];
  const hand = async () => {
    while (left.length) await work(left.shift());
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
}

/** Call `work` once, `ms` after the last of many calls. */
export function soon(ms, work) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
}
