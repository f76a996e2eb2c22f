// Follows a batch: the stream first; where it does not get through, by asking again with the ETag.

import { call, Problem, wait } from "./api.js";

const STREAM_TRIES = 3;

/** @typedef {(change: BatchChange) => void} Told */

/**
 * Call `told(change)` with the members that changed, until `signal` ends it or the batch is gone.
 * Every stream begins with all of it, so nothing can be missed.
 * @param {string} batch
 * @param {Told} told
 * @param {(isThere: boolean) => void} online hears whether the server is there
 * @param {AbortSignal} signal
 * @returns {Promise<"gone" | "left">}
 */
export async function follow(batch, told, online, signal) {
  let failed = 0;
  let tag = "";
  /** @type {Told} */
  const heard = (change) => {
    failed = 0;
    online(true);
    told(change);
  };
  while (!signal.aborted) {
    try {
      if (failed < STREAM_TRIES) {
        if (await readStream(batch, heard, signal)) return "gone";
      } else {
        tag = await readOnce(batch, tag, told, signal);
        online(true);
        await wait(1000, signal);
      }
    } catch (error) {
      if (signal.aborted) return "left";
      // What is no Problem is a stream that broke off.
      const { status, code, retryAfter } =
        error instanceof Problem ? error : { status: 0, code: "", retryAfter: 0 };
      if ([404, 410].includes(status)) return "gone";
      if (status && status !== 429 && status < 500) throw error;
      if (code === "offline") online(await answers(signal));
      failed += 1;
      await wait(Math.max(1000, retryAfter * 1000), signal);
    }
  }
  return "left";
}

/**
 * Tell a server that is away from a stream that does not get through.
 * @param {AbortSignal} signal
 */
async function answers(signal) {
  try {
    return (await fetch("/healthz", { signal, cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/**
 * Ask once, waiting for a change; returns the new ETag.
 * @param {string} batch
 * @param {string} tag
 * @param {Told} told
 * @param {AbortSignal} signal
 */
async function readOnce(batch, tag, told, signal) {
  /** @type {Record<string, string>} */
  const headers = tag ? { "If-None-Match": tag } : {};
  const response = await call(`batches/${batch}?wait=20`, { signal, headers, cache: "no-store" });
  if (response.status === 304) return tag;
  const all = await response.json();
  told({ ...all, whole: true });
  return response.headers.get("ETag") ?? "";
}

/**
 * Read one stream to its end; true: the batch is gone.
 * @param {string} batch
 * @param {Told} told
 * @param {AbortSignal} signal
 */
async function readStream(batch, told, signal) {
  const response = await call(`batches/${batch}/stream`, { signal });
  if (!response.body) return false;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let isFirst = true;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return false;
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = fieldsOf(block);
      if (fields.event === "gone") return true;
      if (fields.event !== "batch") continue;
      told({ ...JSON.parse(fields.data), whole: isFirst });
      isFirst = false;
    }
  }
}

/**
 * Read one event of a stream: `name: value` a line; a line that begins with a colon is a heartbeat.
 * @param {string} block
 * @returns {Record<string, string>}
 */
export function fieldsOf(block) {
  const lines = block.split("\n").filter((line) => !line.startsWith(":"));
  return Object.fromEntries(lines.map((line) => line.split(/: (.*)/s).slice(0, 2)));
}
