// Files that people drop or choose: found in folders, and looked at before anything is sent.

import { DECK_SUFFIXES } from "./facts.js";
import { size } from "./words.js";

const DECK = new RegExp(`(${DECK_SUFFIXES.join("|").replaceAll(".", "\\.")})$`, "i");
const OLD = /\.(ppt|pot|pps)$/i;
const OTHER_DECK = /\.(key|odp|fodp|pdf)$/i;
const MOST_FILES = 2_000;

/** @param {string} path */
const folderOf = (path) => path.split("/").slice(0, -1).join("/");

/**
 * Files of an <input>, with the folder that each lies in.
 * @param {HTMLInputElement} input
 * @returns {FoundFile[]}
 */
export function chosen(input) {
  return [...(input.files ?? [])].map((file) => ({
    file,
    folder: folderOf(file.webkitRelativePath || ""),
  }));
}

/**
 * Files of a drop, those in folders too. Its entries must be taken before anything is awaited.
 * @param {DataTransfer} transfer
 */
export async function dropped(transfer) {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (!entries.length) return [...transfer.files].map((file) => ({ file, folder: "" }));
  /** @type {FoundFile[]} */
  const found = [];
  for (const entry of entries) await walk(entry, "", found);
  return found;
}

/** @param {FileSystemEntry} entry @returns {entry is FileSystemFileEntry} */
const isFile = (entry) => entry.isFile;

/**
 * @param {FileSystemEntry} entry
 * @param {string} folder
 * @param {FoundFile[]} found taken on with what is found
 */
async function walk(entry, folder, found) {
  if (found.length >= MOST_FILES) return;
  if (isFile(entry)) {
    /** @type {File} */
    const file = await new Promise((done, failed) => entry.file(done, failed));
    found.push({ file, folder });
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    // A reader gives a hundred at a time, and none at the end.
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return;
    for (const child of some)
      await walk(child, folder ? `${folder}/${entry.name}` : entry.name, found);
  }
}

/**
 * Say why a file is not taken; "" if it is.
 * @param {File} file
 * @param {Pick<Limits, "max_deck_bytes">} limits
 * @param {number} room what may still be kept, in bytes
 */
export function whyNot(file, limits, room) {
  const name = file.name;
  if (name.startsWith("~$")) return "PowerPoint's mark that a deck is open, not a deck";
  if (OLD.test(name)) return "a PowerPoint file of before 2007; save it as .pptx first";
  if (OTHER_DECK.test(name)) return "not a PowerPoint file; export it as .pptx first";
  if (!DECK.test(name)) return "not a PowerPoint deck";
  if (file.size === 0) return "empty";
  if (file.size > limits.max_deck_bytes)
    return `${size(file.size)}; at most ${size(limits.max_deck_bytes)} are taken`;
  if (file.size > room) return `no room for it: ${size(Math.max(0, room))} of your space is free`;
  return "";
}

/**
 * A file that lies beside decks in a folder and that nobody meant to hand in.
 * @param {FoundFile} found
 */
export const isBystander = ({ file, folder }) =>
  folder !== "" && (file.name.startsWith(".") || (!DECK.test(file.name) && !OLD.test(file.name)));

/**
 * Take drops anywhere on the page, and show at `place` that they are taken.
 * @param {HTMLElement} place
 * @param {(event: DragEvent) => unknown} handed
 */
export function watchDrops(place, handed) {
  let depth = 0;
  /** @param {number} by one further in or out: elements within elements each say so */
  const over = (by) => {
    depth = Math.max(0, depth + by);
    place.classList.toggle("over", depth > 0);
  };
  for (const kind of ["dragover", "drop"])
    addEventListener(kind, (event) => event.preventDefault());
  addEventListener("dragenter", () => over(1));
  addEventListener("dragleave", () => over(-1));
  addEventListener("drop", (event) => {
    depth = 0;
    over(0);
    handed(event);
  });
}
