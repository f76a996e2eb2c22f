import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { call, json, keepKey, Problem } from "../../../web/static/api.js";

/** @type {Response[]} */
let answers = [];
/** @type {[string, RequestInit][]} */
let asked = [];

beforeEach(() => {
  answers = [];
  asked = [];
  keepKey("the-key");
  vi.stubGlobal("fetch", async (/** @type {string} */ path, /** @type {RequestInit} */ options) => {
    asked.push([path, options]);
    const answer = answers.shift();
    if (!answer) throw new TypeError("Failed to fetch");
    return answer;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** @type {(status: number, members: object, headers?: Record<string, string>) => Response} */
const problem = (status, members, headers = {}) =>
  new Response(JSON.stringify({ status, ...members }), { status, headers });

/** @param {Promise<unknown>} work */
const errorOf = (work) =>
  work.then(
    () => null,
    (error) => error,
  );

describe("a request", () => {
  it("carries the key and goes below /api/v1 unless it names a path from the root", async () => {
    answers = [new Response("{}"), new Response("{}")];
    await json("limits");
    await json("/api/v1/decks/1");
    expect(asked.map(([path]) => path)).toEqual(["/api/v1/limits", "/api/v1/decks/1"]);
    expect(asked[0][1].headers).toMatchObject({ Authorization: "Bearer the-key" });
  });

  it("takes 304 as an answer", async () => {
    answers = [new Response(null, { status: 304 })];
    expect((await call("batches/1")).status).toBe(304);
  });
});

describe("what is no success", () => {
  it("becomes a Problem with the server's own words", async () => {
    answers = [
      problem(404, { title: "Not found.", detail: "There is no such deck.", code: "not_found" }),
    ];
    const error = await errorOf(call("decks/1"));
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({
      status: 404,
      code: "not_found",
      message: "There is no such deck.",
    });
  });

  it("is said in words where a proxy answered without JSON", async () => {
    answers = [new Response("<html>", { status: 502 })];
    expect(await errorOf(call("limits"))).toMatchObject({
      status: 502,
      message: "The server answered 502.",
    });
  });

  it("is `offline` where nobody answers", async () => {
    expect(await errorOf(call("limits"))).toMatchObject({ code: "offline", status: 0 });
  });

  it("that comes too often waits as long as it is told, and goes on", async () => {
    vi.useFakeTimers();
    answers = [problem(429, { code: "limit_reached" }, { "Retry-After": "3" }), new Response("{}")];
    const done = json("limits");
    await vi.advanceTimersByTimeAsync(2999);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await done;
    expect(asked).toHaveLength(2);
  });

  it("does not wait for a minute and more, nor without end", async () => {
    answers = [problem(429, { code: "limit_reached" }, { "Retry-After": "61" })];
    expect(await errorOf(call("limits"))).toMatchObject({ status: 429, retryAfter: 61 });
    vi.useFakeTimers();
    answers = Array.from({ length: 9 }, () =>
      problem(429, { code: "limit_reached" }, { "Retry-After": "1" }),
    );
    asked = [];
    const given = errorOf(call("limits"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await given).toMatchObject({ status: 429 });
    expect(asked).toHaveLength(6);
  });
});
