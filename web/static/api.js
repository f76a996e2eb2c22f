// Speaks to /api/v1 with the caller's key; knows nothing of the page.

export const BASE = "/api/v1";
const KEY = "crispdeck.key";
const MOST_TRIES = 6;

/** An answer that is not a success, in words: what the server's problem+json says. */
export class Problem extends Error {
  /** @param {Partial<Schemas["Problem"]>} members */
  constructor(members) {
    super(members.detail || members.title || "Something went wrong.");
    this.title = members.title || "Something went wrong.";
    this.code = members.code || "";
    this.status = members.status || 0;
    this.retryAfter = 0;
  }
}

/** @param {unknown} error of whatever kind; -1 for what no server answered */
export const statusOf = (error) => (error instanceof Problem ? error.status : -1);

export const offline = () =>
  new Problem({
    title: "Crispdeck does not answer.",
    detail: "The connection was lost or the server is not running. Try again in a moment.",
    code: "offline",
  });

/** A key that is not kept in this browser, and the part of the API that it opens. */
const lent = { key: "", base: BASE };

/**
 * Speak with the key of a link, to that part of the API alone.
 * @param {string} value
 * @param {string} base
 */
export function speakFor(value, base) {
  Object.assign(lent, { key: value, base });
}

export function key() {
  return lent.key || localStorage.getItem(KEY) || "";
}

/** @param {string} value "": forget it */
export function keepKey(value) {
  if (value) localStorage.setItem(KEY, value);
  else localStorage.removeItem(KEY);
}

/**
 * Let time go by; an abort ends it early, without an error.
 * @param {number} ms
 * @param {AbortSignal | null} [signal]
 * @returns {Promise<void>}
 */
export const wait = (ms, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    const stop = () => {
      clearTimeout(timer);
      done();
    };
    signal?.addEventListener("abort", stop, { once: true });
  });

/** @param {Response} response */
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

/**
 * @param {string} path below /api/v1, or from the root on
 * @param {RequestInit} options
 */
async function once(path, options) {
  let response;
  try {
    response = await fetch(path.startsWith("/") ? path : `${lent.base}/${path}`, {
      ...options,
      headers: { Authorization: `Bearer ${key()}`, ...options.headers },
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw offline();
  }
  if (!response.ok && response.status !== 304) throw await problemOf(response);
  return response;
}

/**
 * @param {unknown} error
 * @returns {error is Problem}
 */
const isBusy = (error) =>
  error instanceof Problem &&
  error.code === "limit_reached" &&
  error.retryAfter > 0 &&
  error.retryAfter <= 60;

/**
 * fetch with the key; anything but a success is thrown as a Problem. What only comes too often waits.
 * @param {string} path below /api/v1, or from the root on
 * @param {RequestInit} options
 */
export async function call(path, options = {}) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await once(path, options);
    } catch (error) {
      if (!isBusy(error) || tries >= MOST_TRIES || options.signal?.aborted) throw error;
      await wait(error.retryAfter * 1000, options.signal);
    }
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
export async function json(path, options) {
  return (await call(path, options)).json();
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 * @param {Record<string, string>} more headers
 */
export function send(method, path, body, more = {}) {
  return json(path, {
    method,
    headers: { "Content-Type": "application/json", ...more },
    body: JSON.stringify(body),
  });
}

/** Something that nobody else has; over plain http browsers give no UUID. */
export const newKey = () => crypto.randomUUID?.() || String(Math.random()).slice(2);

/**
 * @param {string} path
 * @param {unknown} body
 */
export const post = (path, body) => send("POST", path, body, { "Idempotency-Key": newKey() });

/**
 * A picture as an address that <img> can show; <img> itself cannot send the key.
 * @param {string} path
 * @param {RequestInit} [options]
 */
export async function picture(path, options) {
  return URL.createObjectURL(await (await call(path, options)).blob());
}
