// The last page of the dialog in which people sign in: gives the pane its code. If Office does not
// close the window, the code can be typed like any other.

import { ready } from "./host/document";
import { answerFromDialog } from "./host/windows";
import { t, useLanguage } from "./strings/strings";
import { byId, fill, h } from "./views/dom";

const answer = location.hash.slice(1);
const code = new URLSearchParams(answer).get("code");

function draw(): void {
  fill(
    byId("answer"),
    h("h2", {}, t(code === null ? "signed.failed" : "signed.title")),
    h("p", {}, t(code === null ? "signed.close" : "signed.text")),
    code !== null && h("p", { class: "code" }, code),
  );
}

async function start(): Promise<void> {
  const host = await ready();
  document.documentElement.lang = await useLanguage(host.language);
  draw();
  answerFromDialog(answer);
}

start().catch(async () => {
  document.documentElement.lang = await useLanguage(navigator.language);
  draw();
});
