// Tells people who look elsewhere: the tab's title, and a notification where it was allowed.

import { show } from "./dom.js";

const TITLE = document.title;

/** @param {string} text "" for the page's own title */
export function title(text) {
  document.title = text || TITLE;
}

const canAsk = () => "Notification" in window && Notification.permission === "default";

/** Offer to tell of the end, while there is something to wait for. @param {boolean} isWorking */
export function offerNotice(isWorking) {
  show("notify", isWorking && canAsk());
}

export async function allowNotice() {
  await Notification.requestPermission();
  show("notify", canAsk());
}

/** Say it where the page is not looked at. @param {string} text */
export function notice(text) {
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted")
    return;
  try {
    const shown = new Notification("Crispdeck", { body: text, icon: "/static/mark.svg" });
    shown.addEventListener("click", () => window.focus());
  } catch {
    // A phone shows them from a service worker alone; the title says it as well.
  }
}
