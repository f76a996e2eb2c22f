// What the server does. The only module that fetches; its types are made from the API's document.

import type { components, paths } from "./api-types";
import { settings } from "../state/settings";

type Schemas = components["schemas"];
export type Deck = Schemas["DeckOut"];
export type Picture = Schemas["PictureOut"];
export type Placement = Schemas["PlacementOut"];
export type Job = Schemas["JobDetail"];
export type JobPicture = Schemas["JobPicture"];

const WAIT_S = 20;

/** A picture that the server made sharp. */
export interface Sharp {
  jobId: string;
  blob: Blob;
  picture: JobPicture | undefined;
}

/** What the server answered instead; `code` is stable. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterS = 0,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

type Path = keyof paths;
type Values = Record<string, string | number | boolean | string[]>;

interface Call {
  method?: "GET" | "POST" | "DELETE";
  /** Fills `{name}` in the path. */
  at?: Record<string, string>;
  query?: Values;
  body?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

async function call(path: Path, options: Call = {}): Promise<Response> {
  const { method = "GET", headers = {}, body = null, signal = null } = options;
  const { key } = settings();
  const response = await sent(addressOf(path, options), {
    method,
    headers: key ? { ...headers, Authorization: `Bearer ${key}` } : headers,
    body,
    signal,
    credentials: "omit",
    cache: "no-store",
  });
  if (!response.ok) throw await problem(response);
  return response;
}

function addressOf(path: Path, { at = {}, query = {} }: Call): string {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(at[name] ?? ""));
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [String(value)]).map((each) => [name, each]),
  );
  return pairs.length ? `${address}?${new URLSearchParams(pairs).toString()}` : address;
}

async function sent(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new ApiError(0, "offline", `The server at ${location.host} does not answer.`);
  }
}

async function problem(response: Response): Promise<ApiError> {
  const found = (await response.json().catch(() => ({}))) as Partial<Schemas["Problem"]>;
  const words = found.detail || found.title || `The server answered ${response.status}.`;
  const later = Number(response.headers.get("Retry-After")) || 0;
  return new ApiError(response.status, found.code ?? "unknown", words, later);
}

function json(value: unknown): Pick<Call, "body" | "headers"> {
  return { body: JSON.stringify(value), headers: { "Content-Type": "application/json" } };
}

function deckForm(file: Blob, name: string): FormData {
  const form = new FormData();
  form.append("deck", file, name);
  return form;
}

/** Left out where the server shall decide. */
function crispness(): { crispness?: number } {
  const wish = settings().crispness;
  return wish === null ? {} : { crispness: wish };
}

function low(): Values {
  return { preset: settings().preset, target_ppi: settings().targetPpi };
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

/** Hand in a deck; the answer is its scan. */
export async function handIn(file: Blob, name: string, signal?: AbortSignal): Promise<Deck> {
  const response = await call("/api/v1/decks", {
    method: "POST",
    query: low(),
    body: deckForm(file, name),
    signal,
  });
  return (await response.json()) as Deck;
}

/** Scan a slide. The server keeps nothing of it. */
export async function scan(file: Blob, name: string, signal?: AbortSignal): Promise<Deck> {
  const deck = await handIn(file, name, signal);
  await call("/api/v1/decks/{deck_id}", { method: "DELETE", at: { deck_id: deck.id } }).catch(
    () => undefined, // its time runs out by itself
  );
  return deck;
}

/** Make one picture sharp and wait for it. */
export async function sharpen(blob: Blob, scale: number, signal?: AbortSignal): Promise<Sharp> {
  let response = await call("/api/v1/pictures", {
    method: "POST",
    query: { scale, ...crispness() },
    body: blob,
    headers: { "Content-Type": blob.type, Prefer: `wait=${WAIT_S}` },
    signal,
  });
  const jobId = response.headers.get("Crispdeck-Job") ?? "";
  while (response.status === 202) {
    response = await call("/api/v1/pictures/{job_id}/result", {
      at: { job_id: jobId },
      headers: { Prefer: `wait=${WAIT_S}` },
      signal,
    });
  }
  const made = await response.blob();
  if (!made.type.startsWith("image/")) {
    throw new ApiError(200, "left_alone", "The server left this picture as it is.");
  }
  const details = await job(jobId, signal);
  return { jobId, blob: made, picture: details.pictures[0] };
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
export async function swap(file: Blob, jobIds: string[]): Promise<Blob> {
  const response = await call("/api/v1/swaps", {
    method: "POST",
    query: { ...low(), job: jobIds },
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
export async function startJob(deckId: string, parts: string[]): Promise<Job> {
  const response = await call("/api/v1/decks/{deck_id}/jobs", {
    method: "POST",
    at: { deck_id: deckId },
    ...json({
      pictures: parts,
      target_ppi: settings().targetPpi,
      low_ppi: LOW[settings().preset],
      ...crispness(),
    }),
  });
  return (await response.json()) as Job;
}

const LOW = { strict: 72, normal: 110, wide: 150 };

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
export async function enhanced(deckId: string, jobId: string): Promise<Blob> {
  const response = await call("/api/v1/decks/{deck_id}/enhanced", {
    at: { deck_id: deckId },
    query: { job: jobId },
  });
  return response.blob();
}

/** Let the server forget a deck. */
export async function forget(deckId: string): Promise<void> {
  await call("/api/v1/decks/{deck_id}", { method: "DELETE", at: { deck_id: deckId } });
}

/** Where people get a code: a page for browsers, on this server. */
export function connectAddress(): string {
  return `${location.origin}/addin/`;
}

