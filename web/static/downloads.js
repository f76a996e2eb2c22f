// Downloads by plain links: they begin at once, the browser shows how far they are.

import { post } from "./api.js";
import { shownDeck, shownJob } from "./shown.js";
import { $, tell } from "./dom.js";
import { DOWNLOAD_BEGINS } from "./sentences.js";
import { openBatch } from "./state.js";

/** @typedef {Partial<Schemas["DownloadRequest"]> & {kind: Schemas["DownloadKind"], id: string}} Wanted */

/** @param {Act} act */
export function wireDownloads(act) {
  /** @type {(id: "download" | "report" | "report-slides" | "download-all", wanted: () => Wanted) => void} */
  const on = (id, wanted) =>
    $(id).addEventListener(
      "click",
      act(() => download($(id), wanted())),
    );
  const shown = () => ({ id: shownDeck().id, job: shownJob().id });
  on("download", () => ({ kind: "deck", ...shown() }));
  on("report", () => ({ kind: "report", report: "html", ...shown() }));
  on("report-slides", () => ({ kind: "report", report: "pptx", ...shown() }));
  on("download-all", () => ({
    kind: "zip",
    id: openBatch().id,
    report: /** @type {"html" | "pptx" | "none"} */ ($("zip-report").value),
  }));
}

/**
 * @param {HTMLButtonElement} button is busy until the download begins
 * @param {Wanted} wanted
 */
export async function download(button, wanted) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    /** @type {Schemas["DownloadLink"]} */
    const { url } = await post("downloads", wanted);
    const link = document.createElement("a");
    link.href = url;
    link.download = "";
    link.click();
    tell(DOWNLOAD_BEGINS);
  } finally {
    button.removeAttribute("aria-busy");
  }
}
