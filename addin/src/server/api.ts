// What the server does; the types are made from the API's document.

import { PRESETS } from "./facts";
import type { components } from "./api-types";
import { call, type Call, ApiError, TRANSFER_LIMIT_MS, type Values } from "./http";

export { ApiError, onRefused, pauseMs, useKey } from "./http";

type Schemas = components["schemas"];
export type Deck = Schemas["DeckOut"];
export type Picture = Schemas["PictureOut"];
export type Placement = Schemas["PlacementOut"];
export type Job = Schemas["JobDetail"];
export type JobPicture = Schemas["JobPicture"];

const WAIT_S = 20;
/** How pictures are asked for; what is left out the server decides. */
export interface Wishes {
  preset: "strict" | "normal" | "wide";
  targetPpi: number;
  crispness: number | null;
}

/** A picture that the server upscaled. */
export interface Sharp {
  jobId: string;
  blob: Blob;
  picture: JobPicture | undefined;
}

function json(value: unknown): Pick<Call, "body" | "headers"> {
  return { body: JSON.stringify(value), headers: { "Content-Type": "application/json" } };
}

function deckForm(file: Blob, name: string): FormData {
  const form = new FormData();
  form.append("deck", file, name);
  return form;
}

function crispness(wishes: Wishes): { crispness?: number } {
  return wishes.crispness === null ? {} : { crispness: wishes.crispness };
}

function low(wishes: Wishes): Values {
  return { preset: wishes.preset, target_ppi: wishes.targetPpi };
}

/** Check the key and read the limits. */
export async function limits(): Promise<Schemas["Limits"]> {
  return (await call("/api/v1/limits")).json() as Promise<Schemas["Limits"]>;
}

/** Exchange the code that the web page shows for a key. */
export async function pair(code: string, name: string): Promise<string> {
  const response = await call("/api/v1/pairings/exchange", {
    method: "POST",
    ...json({ code, name }),
  });
  return ((await response.json()) as Schemas["NewKey"]).key;
}

/** Whether people may sign in here instead of typing a code. */
export async function canSignIn(): Promise<boolean> {
  const ways = (await (await call("/api/v1/pairings/ways")).json()) as Schemas["PairingWays"];
  return ways.sign_in;
}

/** Get a code by a key that may connect panes. */
export async function startPairing(key: string): Promise<string> {
  const response = await call("/api/v1/pairings", { method: "POST", key, ...json({}) });
  return ((await response.json()) as Schemas["PairingOut"]).code;
}

/** Where the dialog begins in which people sign in. */
export function signInAddress(domainHint: string | null): string {
  const query = domainHint === null ? "" : `?${new URLSearchParams({ domain_hint: domainHint }).toString()}`;
  return `${location.origin}/addin/sign-in${query}`;
}

/** Hand in a deck; the answer is its scan. */
export async function handIn(
  file: Blob,
  name: string,
  wishes: Wishes,
  signal?: AbortSignal,
): Promise<Deck> {
  const response = await call("/api/v1/decks", {
    method: "POST",
    query: low(wishes),
    body: deckForm(file, name),
    signal,
  });
  return (await response.json()) as Deck;
}

/** Scan a slide. The server keeps nothing of it. */
export async function scan(
  file: Blob,
  name: string,
  wishes: Wishes,
  signal?: AbortSignal,
): Promise<Deck> {
  const deck = await handIn(file, name, wishes, signal);
  await call("/api/v1/decks/{deck_id}", { method: "DELETE", at: { deck_id: deck.id } }).catch(
    () => undefined, // its time runs out by itself
  );
  return deck;
}

/** Upscale one picture and wait for it; cancelled here, it is cancelled on the server too. */
export async function upscale(
  blob: Blob,
  scale: number,
  wishes: Wishes,
  signal?: AbortSignal,
): Promise<Sharp> {
  let response = await call("/api/v1/pictures", {
    method: "POST",
    query: { scale, ...crispness(wishes) },
    body: blob,
    headers: { "Content-Type": blob.type, Prefer: `wait=${WAIT_S}` },
    signal,
    limitMs: TRANSFER_LIMIT_MS,
  });
  const jobId = response.headers.get("Crispdeck-Job") ?? "";
  const cancelThere = () => void cancel(jobId).catch(() => undefined);
  signal?.addEventListener("abort", cancelThere);
  try {
    while (response.status === 202) response = await result(jobId, signal);
  } finally {
    signal?.removeEventListener("abort", cancelThere);
  }
  const upscaled = await response.blob();
  if (!upscaled.type.startsWith("image/")) throw new ApiError(200, "left_alone", "");
  const details = await job(jobId, signal);
  return { jobId, blob: upscaled, picture: details.pictures[0] };
}

function result(jobId: string, signal?: AbortSignal): Promise<Response> {
  return call("/api/v1/pictures/{job_id}/result", {
    at: { job_id: jobId },
    headers: { Prefer: `wait=${WAIT_S}` },
    signal,
  });
}

/** Get once more what a job made of a picture. */
export async function upscaledPicture(jobId: string): Promise<Blob> {
  return (await result(jobId)).blob();
}

/** Get a small PNG of a picture of a deck that was handed in. */
export async function thumbnail(deckId: string, number: number): Promise<Blob> {
  const response = await call("/api/v1/decks/{deck_id}/thumbnails/{number}", {
    at: { deck_id: deckId, number: String(number) },
  });
  return response.blob();
}

export async function job(jobId: string, signal?: AbortSignal): Promise<Job> {
  const response = await call("/api/v1/jobs/{job_id}", { at: { job_id: jobId }, signal });
  return (await response.json()) as Job;
}

/** Put the finished pictures of jobs into a slide as it is now. */
export async function swap(file: Blob, jobIds: string[], wishes: Wishes): Promise<Blob> {
  const response = await call("/api/v1/swaps", {
    method: "POST",
    query: { ...low(wishes), job: jobIds },
    body: deckForm(file, "slide.pptx"),
  });
  return response.blob();
}

/** Put the original bytes of these pictures back into a slide as it is now. */
export async function revert(file: Blob, sha256s: string[]): Promise<Blob> {
  const response = await call("/api/v1/reverts", {
    method: "POST",
    query: { sha256: sha256s },
    body: deckForm(file, "slide.pptx"),
  });
  return response.blob();
}

/** Which of these pictures can be turned back, and until when. */
export async function known(sha256s: string[]): Promise<Map<string, Date>> {
  if (sha256s.length === 0) return new Map();
  const response = await call("/api/v1/originals/known", {
    method: "POST",
    ...json({ sha256: sha256s }),
  });
  const found = (await response.json()) as Schemas["KeptOriginals"];
  return new Map(found.items.map((item) => [item.sha256, new Date(item.expires_at)]));
}

/** Ask for pictures of a deck that was handed in. */
export async function startJob(
  deckId: string,
  parts: string[],
  wishes: Wishes,
  signal?: AbortSignal,
): Promise<Job> {
  const response = await call("/api/v1/decks/{deck_id}/jobs", {
    method: "POST",
    at: { deck_id: deckId },
    ...json({
      pictures: parts,
      target_ppi: wishes.targetPpi,
      low_ppi: PRESETS[wishes.preset],
      ...crispness(wishes),
    }),
    signal,
  });
  return (await response.json()) as Job;
}

/** Follow a job to its end; `progress` hears of every change. */
export async function follow(
  jobId: string,
  progress: (job: Job) => void,
  signal: AbortSignal,
): Promise<Job> {
  let after = 0;
  for (;;) {
    const response = await call("/api/v1/jobs/{job_id}/events", {
      at: { job_id: jobId },
      query: { after, wait: WAIT_S },
      signal,
    });
    const page = (await response.json()) as Schemas["EventPage"];
    after = page.next_after;
    const now = await job(jobId, signal);
    progress(now);
    if (page.ended) return now;
  }
}

export async function cancel(jobId: string): Promise<void> {
  await call("/api/v1/jobs/{job_id}/cancel", { method: "POST", at: { job_id: jobId } });
}

/** Get the deck with the sharp pictures of a job. */
export async function enhanced(deckId: string, jobId: string, signal?: AbortSignal): Promise<Blob> {
  const response = await call("/api/v1/decks/{deck_id}/enhanced", {
    at: { deck_id: deckId },
    query: { job: jobId },
    signal,
    limitMs: TRANSFER_LIMIT_MS,
  });
  return response.blob();
}

export type Link = Schemas["DownloadLink"];

/** Get a link to the same deck, which a browser opens without a key for some minutes. */
export async function linkTo(deckId: string, jobId: string): Promise<Link> {
  const response = await call("/api/v1/downloads", {
    method: "POST",
    ...json({ kind: "deck", id: deckId, job: jobId }),
  });
  const link = (await response.json()) as Link;
  return { ...link, url: new URL(link.url, location.origin).href };
}

/** Let the server forget a deck. */
export async function forget(deckId: string): Promise<void> {
  await call("/api/v1/decks/{deck_id}", { method: "DELETE", at: { deck_id: deckId } });
}

/** Where people get a code: a page for browsers, on this server. */
export function connectAddress(): string {
  return `${location.origin}/addin/`;
}

/** The page for whole files, on this server. */
export function pageAddress(): string {
  return `${location.origin}/`;
}

/** What is sent and how long it is kept, in words for people. */
export function privacyAddress(): string {
  return `${location.origin}/privacy`;
}
