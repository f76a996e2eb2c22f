// Follows a batch: the stream first; where it does not get through, by asking again with the ETag.

import { call, wait } from "./api.js";

const STREAM_TRIES = 3;

/**
 * Call `told(change)` with the members that changed, until `signal` ends it or the batch is gone.
 * Every stream begins with all of it, so nothing can be missed; `online(bool)` tells if it is there.
 */
export async function follow(batch, told, online, signal) {
  let failed = 0;
  let tag = "";
  while (!signal.aborted) {
    try {
      if (failed < STREAM_TRIES) {
        const ended = await readStream(batch, (change) => ((failed = 0), online(true), told(change)), signal);
        if (ended) return "gone";
      } else {
        tag = await readOnce(batch, tag, told, signal);
        online(true);
        await wait(1000, signal);
      }
    } catch (error) {
      if (signal.aborted) return "left";
      if ([404, 410].includes(error.status)) return "gone";
      if (error.status && error.status !== 429 && error.status < 500) throw error;
      if (error.code === "offline") online(await answers(signal));
      failed += 1;
      await wait(Math.max(1000, error.retryAfter * 1000 || 0), signal);
    }
  }
  return "left";
}

/** Tell a server that is away from a stream that does not get through. */
async function answers(signal) {
  try {
    return (await fetch("/healthz", { signal, cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

async function readOnce(batch, tag, told, signal) {
  const headers = tag ? { "If-None-Match": tag } : {};
  const response = await call(`batches/${batch}?wait=20`, { signal, headers, cache: "no-store" });
  if (response.status === 304) return tag;
  const all = await response.json();
  told({ ...all, whole: true });
  return response.headers.get("ETag");
}

async function readStream(batch, told, signal) {
  const response = await call(`batches/${batch}/stream`, { signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let isFirst = true;
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
      if (fields.event === "gone") return true;
      if (fields.event !== "batch") continue;
      told({ ...JSON.parse(fields.data), whole: isFirst });
      isFirst = false;
    }
  }
}
