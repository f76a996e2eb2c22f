import { afterEach, expect, it, vi } from "vitest";
import { fieldsOf, follow } from "../../../web/static/follow.js";

afterEach(() => vi.unstubAllGlobals());

/** @param {string[]} chunks as they come over the line, cut anywhere */
const stream = (...chunks) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    }),
  );

it("reads the fields of an event, and no heartbeat", () => {
  expect(fieldsOf(': still here\nevent: batch\ndata: {"a": "b: c"}')).toEqual({
    event: "batch",
    data: '{"a": "b: c"}',
  });
});

it("hands on every change of a stream, the first as the whole, and ends when the batch is gone", async () => {
  vi.stubGlobal("fetch", async () =>
    stream(
      'event: batch\ndata: {"decks": []}\n\n: beat\n\nevent: ba',
      'tch\ndata: {"decks_gone": ["a"]}\n\nevent: gone\ndata: {}\n\n',
    ),
  );
  /** @type {BatchChange[]} */
  const told = [];
  const end = await follow(
    "b1",
    (change) => told.push(change),
    () => {},
    new AbortController().signal,
  );
  expect(end).toBe("gone");
  expect(told).toEqual([
    { decks: [], whole: true },
    { decks_gone: ["a"], whole: false },
  ]);
});

it("a batch that is not there ends it, an error of the caller is thrown", async () => {
  const answer = (/** @type {number} */ status) => async () =>
    new Response(JSON.stringify({ status }), { status });
  const { signal } = new AbortController();
  vi.stubGlobal("fetch", answer(410));
  expect(
    await follow(
      "b1",
      () => {},
      () => {},
      signal,
    ),
  ).toBe("gone");
  vi.stubGlobal("fetch", answer(401));
  await expect(
    follow(
      "b1",
      () => {},
      () => {},
      signal,
    ),
  ).rejects.toMatchObject({ status: 401 });
});

it("a stream that breaks off is opened again", async () => {
  vi.useFakeTimers();
  const broken = () =>
    new Response(new ReadableStream({ pull: (to) => to.error(new TypeError("network error")) }));
  const answers = [broken(), stream("event: gone\ndata: {}\n\n")];
  vi.stubGlobal("fetch", async () => answers.shift());
  const ended = follow(
    "b1",
    () => {},
    () => {},
    new AbortController().signal,
  );
  await vi.advanceTimersByTimeAsync(1000);
  expect(await ended).toBe("gone");
  vi.useRealTimers();
});
