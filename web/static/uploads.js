// Sends decks in parts (tus 1.0.0), three at a time, and goes on where a connection broke off.

import { BASE, call, key, newKey, offline, Problem, wait } from "./api.js";
import { dropFile, keepDrop, keepFile, keptDrops, keptFile } from "./keep.js";

const PART_BYTES = 4 * 1024 * 1024;
const AT_ONCE = 3;
const PART = "application/offset+octet-stream";

/** @param {string} text */
const coded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** All decks on their way, each an UploadEntry. */
export class Uploads {
  /** @param {(entry: UploadEntry) => void} told is called whenever something about an upload is new */
  constructor(told) {
    this.told = told;
    /** @type {UploadEntry[]} */
    this.entries = [];
    this.running = 0;
    this.stop = new AbortController();
  }

  get open() {
    return this.entries.filter((entry) => ["waiting", "sending", "looking"].includes(entry.state));
  }

  /**
   * @param {string} batch
   * @param {FoundFile} found
   */
  add(batch, { file, folder }) {
    /** @type {UploadEntry} */
    const entry = {
      id: "",
      drop: `drop-${newKey()}`,
      batch,
      file,
      name: file.name,
      folder,
      size: file.size,
      sent: 0,
      state: "waiting",
      why: "",
      isKept: false,
    };
    this.push(entry);
    this.keep(entry);
  }

  /**
   * Keep a copy here until the server knows the file: a reload then loses nothing.
   * @param {UploadEntry} entry
   */
  async keep(entry) {
    const { drop = "", batch, name, folder, size, file } = entry;
    entry.isKept = await keepDrop({ id: drop, batch, name, folder, size, file });
    const isOver = ["done", "refused", "stopped"].includes(entry.state);
    if (entry.id || isOver) await dropFile(drop); // the server has learnt of it meanwhile
  }

  /** What would be lost if the page were left now. */
  get unkept() {
    return this.open.filter((entry) => entry.file && !entry.isKept);
  }

  /**
   * Take up what was dropped into this batch before a reload and was never begun.
   * @param {string} batch
   */
  async restore(batch) {
    for (const { id, name, folder, size, file } of await keptDrops(batch)) {
      if (this.entries.some((entry) => entry.drop === id)) continue;
      const isKept = Boolean(file);
      this.push({
        id: "",
        drop: id,
        batch,
        file,
        name,
        folder,
        size,
        sent: 0,
        state: file ? "waiting" : "lost",
        why: "",
        isKept,
      });
    }
  }

  /**
   * Go on with one that the server knows; without its file, once that is chosen again.
   * @param {string} batch
   * @param {Upload} upload
   */
  async resume(batch, upload) {
    // One that begins here right now may be heard of before its own answer has come.
    /** @param {UploadEntry} entry */
    const isBorn = (entry) =>
      !entry.id &&
      entry.state === "sending" &&
      entry.name === upload.name &&
      entry.size === upload.size_bytes;
    if (this.entries.some((entry) => entry.id === upload.id || isBorn(entry))) return;
    /** @type {UploadEntry} */
    const entry = {
      id: upload.id,
      batch,
      file: null,
      name: upload.name,
      folder: upload.folder,
      size: upload.size_bytes,
      sent: upload.offset_bytes,
      state: "lost",
      why: "",
    };
    this.entries.push(entry);
    entry.file = await keptFile(upload.id);
    // With all bytes there, only the look at the deck is missing.
    if (entry.file || entry.sent === entry.size) entry.state = "waiting";
    this.told(entry);
    this.next();
  }

  /**
   * Give an upload that has lost its file the one that was chosen again.
   * @param {FoundFile} found
   */
  adopt({ file, folder }) {
    const lost = this.entries.find(
      (entry) =>
        entry.state === "lost" &&
        entry.name === file.name &&
        entry.size === file.size &&
        entry.folder === folder,
    );
    if (!lost) return false;
    lost.file = file;
    lost.state = "waiting";
    this.told(lost);
    this.next();
    return true;
  }

  /**
   * Drop those without a file that the server does not know any more, or that are a deck by now.
   * @param {{has(id: string): boolean}} ids
   */
  keepOnly(ids) {
    this.entries = this.entries.filter(
      (entry) => entry.state !== "lost" || !entry.id || ids.has(entry.id),
    );
  }

  /** @param {UploadEntry} entry */
  push(entry) {
    this.entries.push(entry);
    this.told(entry);
    this.next();
  }

  next() {
    while (this.running < AT_ONCE) {
      const entry = this.entries.find((each) => each.state === "waiting");
      if (!entry) return;
      this.running += 1;
      entry.state = "sending";
      this.carry(entry).finally(() => {
        this.running -= 1;
        this.next();
      });
    }
  }

  cancel() {
    this.stop.abort();
    this.stop = new AbortController();
    for (const entry of this.open) this.stopped(entry);
  }

  /**
   * Stop sending one file; the others go on.
   * @param {UploadEntry} entry
   */
  stopOne(entry) {
    entry.stop?.abort();
    this.stopped(entry);
  }

  /** @param {UploadEntry} entry */
  stopped(entry) {
    entry.state = "stopped";
    if (entry.drop) dropFile(entry.drop);
    if (entry.id) this.giveUp(entry);
    this.told(entry);
  }

  /** Forget all of it here; the server keeps what it has. */
  leave() {
    this.stop.abort();
    this.stop = new AbortController();
    for (const entry of this.entries) entry.state = "left";
    this.entries = [];
  }

  /** @param {UploadEntry} entry */
  async giveUp(entry) {
    dropFile(entry.id);
    try {
      await call(`uploads/${entry.id}`, { method: "DELETE" });
    } catch {
      // The server gives it up by itself after a day.
    }
  }

  /** @param {UploadEntry} entry */
  async carry(entry) {
    entry.stop = new AbortController();
    const signal = AbortSignal.any([this.stop.signal, entry.stop.signal]);
    let failed = 0;
    while (!signal.aborted && ["sending", "looking"].includes(entry.state)) {
      try {
        await this.step(entry, signal);
        failed = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof Problem)) throw error;
        if (!mayPass(error)) return this.end(entry, "refused", error.message);
        failed += 1;
        await wait(Math.max(error.retryAfter * 1000, Math.min(10_000, 500 * 2 ** failed)), signal);
        entry.unsure = true;
      }
    }
  }

  /**
   * Begin, ask where to go on, or send one part: whatever comes next.
   * @param {UploadEntry} entry
   * @param {AbortSignal} signal
   */
  async step(entry, signal) {
    if (!entry.id) {
      await this.begin(entry, signal);
    } else if (entry.unsure) {
      const { headers } = await call(`uploads/${entry.id}`, { method: "HEAD", signal });
      entry.sent = Number(headers.get("Upload-Offset"));
      entry.unsure = false;
      this.settle(entry, headers.get("Crispdeck-Upload-State"));
    } else {
      const end = Math.min(entry.size, entry.sent + PART_BYTES);
      // All is there already: only the look at the deck is missing.
      if (entry.sent === entry.size) entry.state = "looking";
      const part = entry.file ? entry.file.slice(entry.sent, end) : new Blob([]);
      /** @param {number} sent */
      const progressed = (sent) => {
        entry.sent = sent;
        if (sent >= entry.size) entry.state = "looking";
        this.told(entry);
      };
      const reached = await patch(entry, part, progressed, signal);
      entry.sent = reached.offset;
      if (entry.sent < entry.size) entry.state = "sending";
      this.settle(entry, reached.state);
    }
  }

  /**
   * @param {UploadEntry} entry
   * @param {AbortSignal} signal
   */
  async begin(entry, signal) {
    const told = { filename: entry.name, folder: entry.folder, batch: entry.batch };
    const pairs = Object.entries(told).map(([name, text]) => `${name} ${coded(text)}`);
    const headers = {
      "Tus-Resumable": "1.0.0",
      "Upload-Length": String(entry.size),
      "Upload-Metadata": pairs.join(","),
    };
    const made = await (await call("uploads", { method: "POST", headers, signal })).json();
    entry.id = made.id;
    await keepFile(entry.id, entry.file);
    if (entry.drop) await dropFile(entry.drop);
    this.told(entry);
  }

  /**
   * @param {UploadEntry} entry
   * @param {string | null} state as the server names it
   */
  settle(entry, state) {
    if (state === "done") this.end(entry, "done", "");
    else if (state === "refused") this.end(entry, "refused", "");
    else this.told(entry);
  }

  /**
   * @param {UploadEntry} entry
   * @param {"done" | "refused"} state
   * @param {string} why
   */
  end(entry, state, why) {
    entry.state = state;
    entry.why = why;
    entry.file = null;
    for (const id of [entry.id, entry.drop]) if (id) dropFile(id);
    this.told(entry);
  }
}

const PASSING = ["offline", "upload_offset_mismatch", "conflict"];

/**
 * Tell whether the same request may succeed a little later.
 * @param {Problem} error
 */
export const mayPass = (error) =>
  PASSING.includes(error.code) ||
  error.status >= 500 ||
  (error.code === "limit_reached" && error.retryAfter <= 60);

/**
 * Send one part; XMLHttpRequest, as fetch tells no progress.
 * @param {UploadEntry} entry
 * @param {Blob} part
 * @param {(sent: number) => void} told
 * @param {AbortSignal} signal
 * @returns {Promise<{offset: number, state: string | null}>}
 */
function patch(entry, part, told, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const start = entry.sent;
    request.open("PATCH", `${BASE}/uploads/${entry.id}`);
    request.setRequestHeader("Authorization", `Bearer ${key()}`);
    request.setRequestHeader("Tus-Resumable", "1.0.0");
    request.setRequestHeader("Upload-Offset", String(start));
    request.setRequestHeader("Content-Type", PART);
    request.upload.onprogress = (event) => told(start + event.loaded);
    request.onerror = () => reject(offline());
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.onload = () => {
      if (request.status < 300) {
        const offset = Number(request.getResponseHeader("Upload-Offset"));
        resolve({ offset, state: request.getResponseHeader("Crispdeck-Upload-State") });
        return;
      }
      const problem = new Problem(parsed(request.responseText) || { status: request.status });
      problem.retryAfter = Number(request.getResponseHeader("Retry-After")) || 0;
      reject(problem);
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(part);
  });
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
