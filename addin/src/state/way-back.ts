// The way back to an original where PowerPoint stores a picture with other bytes than it was given:
// the server knows what it sent, the slide holds what PowerPoint made of it.

import * as api from "../server/api";
import { store, stored } from "./storage";

const NAME = "stored-as";
const MOST = 500; // pictures; the oldest are past the server's retention by then
const ASKED_AT_ONCE = 500; // hashes; the server takes no more

interface Sent {
  sha256: string;
  jobIds: string[];
}

type Table = [storedSha256: string, sent: Sent][];

/** Note the pictures that PowerPoint stored with other bytes; both lists are in the slide's order. */
export function rememberStored(sent: string[], asStored: string[], jobIds: string[]): void {
  const news = sent.flatMap((sha256, at): Table => {
    const now = asStored[at];
    return now === undefined || now === sha256 ? [] : [[now, { sha256, jobIds }]];
  });
  if (news.length > 0) store(NAME, [...table(), ...news].slice(-MOST));
}

/** Which of these pictures were made by Crispdeck and can be turned back, and until when. */
export async function known(sha256s: string[]): Promise<Map<string, Date>> {
  const found = new Map<string, Date>();
  const sent = new Map(table());
  const asked = [...new Set(sha256s)].map((own) => [own, sent.get(own)?.sha256 ?? own] as const);
  for (let start = 0; start < asked.length; start += ASKED_AT_ONCE) {
    const some = asked.slice(start, start + ASKED_AT_ONCE);
    const kept = await api.known(some.map(([, there]) => there));
    for (const [own, there] of some) {
      const until = kept.get(there);
      if (until !== undefined) found.set(own, until);
    }
  }
  return found;
}

export interface Sendable {
  /** The same pictures by the hashes that the server knows. */
  sha256s: string[];
  /** What must go out in the place of what the slide holds. */
  pictures: Map<string, Blob>;
}

/** Make pictures known to the server again: what it sent goes out in the place of what is stored. */
export async function sendable(sha256s: string[]): Promise<Sendable> {
  const sent = new Map(table());
  const pictures = new Map<string, Blob>();
  for (const own of sha256s) {
    for (const jobId of sent.get(own)?.jobIds ?? []) pictures.set(own, await api.upscaledPicture(jobId));
  }
  return { sha256s: sha256s.map((own) => sent.get(own)?.sha256 ?? own), pictures };
}

function table(): Table {
  const kept = stored(NAME);
  return Array.isArray(kept) ? (kept as Table) : [];
}
