// How the pane asks the server. The only module that fetches: with a time limit, the key, and an ear
// for Retry-After.

import type { components, paths } from "./api-types";

// What a server that is at work needs; after that the user hears that it does not answer.
const LIMIT_MS = 60_000;
// Some megabytes over a slow line (1 Mbit/s: 20 MB in 160 s).
export const TRANSFER_LIMIT_MS = 180_000;

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

let key = "";
let pausedUntilMs = 0;
let refused: () => void = () => undefined;

/** Use this key from now on. */
export function useKey(given: string): void {
  key = given;
}

/** Call `listener` when the server does not take the key any more. */
export function onRefused(listener: () => void): void {
  refused = listener;
}

/** How long the server wants to be left in peace, in milliseconds. */
export function pauseMs(): number {
  return Math.max(0, pausedUntilMs - Date.now());
}

type Path = keyof paths;
export type Values = Record<string, string | number | boolean | string[]>;

export interface Call {
  method?: "GET" | "POST" | "DELETE";
  /** Fills `{name}` in the path. */
  at?: Record<string, string>;
  query?: Values;
  body?: BodyInit;
  headers?: Record<string, string>;
  /** Another key than the pane's own. */
  key?: string;
  signal?: AbortSignal | undefined;
  limitMs?: number;
}

/** Ask the server. Raises ApiError, or what `signal` was aborted with. */
export async function call(path: Path, options: Call = {}): Promise<Response> {
  if (pauseMs() > 0) throw new ApiError(429, "limit_reached", "", Math.ceil(pauseMs() / 1000));
  const { method = "GET", headers = {}, body = null } = options;
  const mine = options.key ?? key;
  const response = await sent(addressOf(path, options), options, {
    method,
    headers: mine ? { ...headers, Authorization: `Bearer ${mine}` } : headers,
    body,
    credentials: "omit",
    cache: "no-store",
  });
  if (response.ok) return response;
  const error = await problem(response);
  heed(error, options.key === undefined && key !== "");
  throw error;
}

function heed({ status, retryAfterS }: ApiError, isOwnKey: boolean): void {
  if (retryAfterS > 0 && (status === 429 || status === 503)) pausedUntilMs = Date.now() + retryAfterS * 1000;
  if (status === 401 && isOwnKey) refused();
}

function addressOf(path: Path, { at = {}, query = {} }: Call): string {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(at[name] ?? ""));
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [String(value)]).map((each) => [name, each]),
  );
  return pairs.length ? `${address}?${new URLSearchParams(pairs).toString()}` : address;
}

const NO_BODY = [204, 205, 304]; // a Response with one of these may not have a body

async function sent(address: string, options: Call, request: RequestInit): Promise<Response> {
  const usual = options.body instanceof FormData ? TRANSFER_LIMIT_MS : LIMIT_MS;
  const stop = stopping(options.signal, options.limitMs ?? usual);
  try {
    const response = await fetch(address, { ...request, signal: stop.signal });
    // The body counts too: a server may answer and then stall.
    const body = NO_BODY.includes(response.status) ? null : await response.blob();
    return new Response(body, response);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, stop.isLate() ? "timeout" : "offline", "");
  } finally {
    stop.end();
  }
}

/** A signal that stops with another one, and after a time. */
function stopping(outer: AbortSignal | undefined, limitMs: number) {
  const stop = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop.abort();
  }, limitMs);
  const cancel = () => stop.abort();
  outer?.addEventListener("abort", cancel);
  if (outer?.aborted) stop.abort();
  return {
    signal: stop.signal,
    isLate: () => late,
    end: () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", cancel);
    },
  };
}

async function problem(response: Response): Promise<ApiError> {
  const found = (await response.json().catch(() => ({}))) as Partial<components["schemas"]["Problem"]>;
  const words = found.detail || found.title || "";
  const later = Number(response.headers.get("Retry-After")) || 0;
  return new ApiError(response.status, found.code ?? "unknown", words, later);
}

