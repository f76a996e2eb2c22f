// What is said to those who cannot see the pane, and problems said to everybody.

import { byId, fill, h } from "./dom";

/** Say something in the polite live region. */
export function say(words: string): void {
  const region = byId("live");
  // The same words again would not be said again.
  region.textContent = region.textContent === words ? `${words}\u00a0` : words;
}

/** Show a problem until it is closed or the next one comes; "" hides it. */
export function showProblem(words: string): void {
  const bar = byId("problem");
  bar.hidden = words === "";
  if (words === "") {
    fill(bar);
    return;
  }
  const close = h("button", {
    type: "button",
    class: "icon",
    "aria-label": "Close message",
    click: () => showProblem(""),
  });
  close.textContent = "✕";
  fill(bar, h("p", {}, words), close);
}
