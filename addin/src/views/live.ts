// What is said to those who cannot see the pane, and problems said to everybody.

import type { Message } from "../strings/message";
import { t, words as worded } from "../strings/strings";
import { byId, fill, h } from "./dom";

/** Say something in the polite live region. */
export function say(message: Message): void {
  const words = worded(message);
  const region = byId("live");
  // The same words again would not be said again.
  region.textContent = region.textContent === words ? `${words}\u00a0` : words;
}

/** Show a problem until it is closed or the next one comes; undefined hides it. */
export function showProblem(problem: Message | undefined): void {
  const bar = byId("problem");
  bar.hidden = problem === undefined;
  if (problem === undefined) {
    fill(bar);
    return;
  }
  const close = h("button", {
    type: "button",
    class: "icon",
    "aria-label": t("app.close_message"),
    click: () => showProblem(undefined),
  });
  close.textContent = "✕";
  fill(bar, h("p", {}, worded(problem)), close);
}
