// The page at /addin/: shows a code that the task pane exchanges for a key.

import { keepKey, key, post, Problem } from "./api.js";
import { $ } from "./dom.js";

let timer = 0;

/** @param {string} words */
function showProblem(words) {
  $("problem").textContent = words;
  $("problem").hidden = !words;
}

/** @param {boolean} ask */
function askForKey(ask) {
  $("key-form").hidden = !ask;
  $("show-code").hidden = ask;
}

/**
 * Count the minutes down, so that nobody types a dead code.
 * @param {string} expiresAt in ISO 8601
 */
function countDown(expiresAt) {
  clearInterval(timer);
  const show = () => {
    const leftMin = Math.ceil((Date.parse(expiresAt) - Date.now()) / 60_000);
    if (leftMin > 0) {
      const minutes = leftMin === 1 ? "one minute" : `${leftMin} minutes`;
      $("code-hint").textContent = `Type it into the pane within ${minutes}. It is good once.`;
      return;
    }
    clearInterval(timer);
    $("code-part").hidden = true;
    $("show-code").textContent = "Show a new code";
  };
  show();
  timer = window.setInterval(show, 10_000);
}

async function showCode() {
  showProblem("");
  try {
    const { code, expires_at: expiresAt } = await post("pairings", {});
    $("code").textContent = code;
    $("code-part").hidden = false;
    $("show-code").textContent = "Show another code";
    countDown(expiresAt);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) askForKey(true);
    showProblem(error instanceof Error ? error.message : String(error));
  }
}

$("show-code").addEventListener("click", showCode);
$("key-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  keepKey($("key-field").value.trim());
  $("key-field").value = "";
  askForKey(false);
  await showCode();
});
askForKey(!key());
