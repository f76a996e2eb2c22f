// How the server is asked: every wait has an end, and a server that wants peace has it.
// @vitest-environment jsdom

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

type Api = typeof import("../../src/server/api");

const WISHES = { preset: "normal", targetPpi: 220, crispness: null } as const;
let api: Api;
let answers: ((request: RequestInit) => Promise<Response>)[];
let asked: string[];

const json = (value: unknown, status = 200, headers: Record<string, string> = {}) =>
  Promise.resolve(new Response(JSON.stringify(value), { status, headers: { "Content-Type": "application/json", ...headers } }));
const never = (request: RequestInit) =>
  new Promise<Response>((_, reject) => {
    request.signal?.addEventListener("abort", () => reject(new DOMException("Stopped.", "AbortError")));
  });

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  api = await import("../../src/server/api");
  answers = [];
  asked = [];
  globalThis.fetch = ((address: string, request: RequestInit) => {
    asked.push(`${request.method} ${address.split("?")[0]}`);
    return answers.shift()?.(request) ?? Promise.reject(new TypeError("offline"));
  }) as typeof fetch;
});

afterEach(() => vi.useRealTimers());

describe("a server", () => {
  it("that never answers is given up after a minute", async () => {
    answers = [never];
    const limits = api.limits();
    const failed = expect(limits).rejects.toMatchObject({ code: "timeout" });
    await vi.advanceTimersByTimeAsync(60_000);
    await failed;
  });

  it("that is away says so at once", async () => {
    await expect(api.limits()).rejects.toMatchObject({ code: "offline", status: 0 });
  });

  it("that is busy is not asked again before its time", async () => {
    answers = [() => json({ code: "limit_reached" }, 429, { "Retry-After": "30" }), () => json({})];
    await expect(api.limits()).rejects.toMatchObject({ retryAfterS: 30 });
    await vi.advanceTimersByTimeAsync(29_000);
    await expect(api.limits()).rejects.toMatchObject({ code: "limit_reached", retryAfterS: 1 });
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(api.limits()).resolves.toEqual({});
  });

  it("that refuses the key is heard wherever that is", async () => {
    const refused = vi.fn();
    api.useKey("cd_1");
    api.onRefused(refused);
    answers = [() => json({ code: "unauthenticated" }, 401)];
    await expect(api.known(["a"])).rejects.toMatchObject({ status: 401 });
    expect(refused).toHaveBeenCalledOnce();
  });
});

it("a wait that is cancelled here is cancelled there, at once", async () => {
  answers = [() => json({}, 202, { "Crispdeck-Job": "j1" }), never, () => json({})];
  const stop = new AbortController();
  const upscale = api.upscale(new Blob(["x"], { type: "image/png" }), 4, WISHES, stop.signal);
  const failed = expect(upscale).rejects.toMatchObject({ name: "AbortError" });
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  stop.abort();
  await failed;
  expect(asked.at(-1)).toBe("POST /api/v1/jobs/j1/cancel");
});
