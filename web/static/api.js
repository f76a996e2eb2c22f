// Speaks to /api/v1 with the caller's key; knows nothing of the page.

const BASE = "/api/v1";
const KEY = "crispdeck.key";

/** An answer that is not a success, in words: what the server's problem+json says. */
export class Problem extends Error {
  constructor(members) {
    super(members.detail || members.title || "Something went wrong.");
    this.title = members.title || "Something went wrong.";
    this.code = members.code || "";
    this.status = members.status || 0;
    this.retryAfter = 0;
  }
}

const offline = () =>
  new Problem({
    title: "Crispdeck does not answer.",
    detail: "The connection was lost or the server is not running. Try again in a moment.",
    code: "offline",
  });

export function key() {
  return localStorage.getItem(KEY) || "";
}

export function keepKey(value) {
  if (value) localStorage.setItem(KEY, value);
  else localStorage.removeItem(KEY);
}

function headers(more = {}) {
  return { Authorization: `Bearer ${key()}`, ...more };
}

async function problemOf(response) {
  let members;
  try {
    members = await response.json();
  } catch {
    members = { title: `The server answered ${response.status}.`, status: response.status };
  }
  const problem = new Problem(members);
  problem.retryAfter = Number(response.headers.get("Retry-After")) || 0;
  return problem;
}

/** fetch with the key; anything but a success is thrown as a Problem. */
export async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(path.startsWith("/") ? path : `${BASE}/${path}`, {
      ...options,
      headers: headers(options.headers),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw offline();
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function json(path, options) {
  return (await call(path, options)).json();
}

export function post(path, body, more = {}) {
  return json(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID?.() || String(Math.random()), ...more },
    body: JSON.stringify(body),
  });
}

/** Send a deck; `told(fraction)` follows the bytes. XMLHttpRequest, as fetch tells no progress. */
export function upload(file, query, told, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${BASE}/decks?${query}`);
    request.setRequestHeader("Authorization", `Bearer ${key()}`);
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && told(event.loaded / event.total);
    request.upload.onload = () => told(1);
    request.onerror = () => reject(offline());
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.onload = () => {
      if (request.status < 300) resolve(request.response);
      else reject(new Problem(request.response || { status: request.status }));
    };
    signal.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("deck", file, file.name);
    request.send(form);
  });
}

/** Save an answer under the name that the server gives it. */
export async function save(path) {
  const response = await call(path);
  const name = fileName(response.headers.get("Content-Disposition") || "");
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function fileName(disposition) {
  const coded = /filename\*=UTF-8''([^;]+)/i.exec(disposition);
  if (coded) return decodeURIComponent(coded[1]);
  return /filename="?([^";]+)/i.exec(disposition)?.[1] || "deck.pptx";
}

/** A picture as an address that <img> can show; <img> itself cannot send the key. */
export async function picture(path) {
  return URL.createObjectURL(await (await call(path)).blob());
}

const wait = (ms, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });

/**
 * Follow a job: `told(event)` for every event, in order and once, until the job ends.
 * The stream first; where it breaks (a proxy, a limit), the cursor, from where the stream was.
 */
export async function follow(job, told, signal) {
  let last = 0;
  const take = (event) => {
    if (event.seq > last) {
      last = event.seq;
      told(event);
    }
  };
  let streams = 0;
  while (!signal.aborted) {
    try {
      const ended = streams < 3 ? await readStream(job, last, take, signal) : await readCursor(job, last, take, signal);
      if (ended) return;
    } catch (error) {
      if (signal.aborted) return;
      if (error.status && error.status !== 429 && error.status < 500) throw error;
      streams += 1;
      await wait(Math.max(1000, (error.retryAfter || 0) * 1000), signal);
    }
  }
}

async function readCursor(job, after, take, signal) {
  const page = await json(`jobs/${job}/events?after=${after}&wait=20`, { signal });
  page.items.forEach(take);
  return page.ended;
}

async function readStream(job, after, take, signal) {
  const response = await call(`jobs/${job}/stream`, { signal, headers: { "Last-Event-ID": String(after) } });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return false;
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split("\n").filter((line) => !line.startsWith(":")).map((line) => line.split(/: (.*)/s).slice(0, 2)),
      );
      if (fields.event === "end") return true;
      if (fields.data) take(JSON.parse(fields.data));
    }
  }
}
