// The page at /addin/: shows a code that the task pane exchanges for a key.

import { keepKey, key, post } from "./api.js";

const $ = (id) => document.getElementById(id);
let timer = 0;

function showProblem(words) {
  $("problem").textContent = words;
  $("problem").hidden = !words;
}

function askForKey(ask) {
  $("key-form").hidden = !ask;
  $("show-code").hidden = ask;
}

/** Count the minutes down, so that nobody types a dead code. */
function countDown(expiresAt) {
  clearInterval(timer);
  const show = () => {
    const leftMin = Math.ceil((new Date(expiresAt) - Date.now()) / 60_000);
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
  timer = setInterval(show, 10_000);
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
    if (error.status === 401) askForKey(true);
    showProblem(error.message);
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
