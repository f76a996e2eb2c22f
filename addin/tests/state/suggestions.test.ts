// What the pane looks at, and when: slides that are left and come back to at any moment.

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError, type Sharp } from "../../src/server/api";
import { words } from "../../src/strings/strings";
import { fresh } from "../../src/state/card";
import type { Found } from "../../src/state/pictures";
import type { SlideInView } from "../../src/host/slides";

const host = vi.hoisted(() => ({ slide: 1, shapes: [] as string[] }));
const server = vi.hoisted(() => ({ error: undefined as Error | undefined }));
const exportSlide = vi.hoisted(() => vi.fn((slideId: string) => Promise.resolve(slideId)));

vi.mock("../../src/host/slides", () => ({
  slideInView: (): Promise<SlideInView> => {
    const { slide, shapes } = host;
    return Promise.resolve({
      slideId: `${255 + slide}#1`,
      number: slide,
      ids: [],
      selectedShapeIds: shapes,
      signature: "a picture",
    });
  },
  exportSlide,
}));
vi.mock("../../src/opc/in-worker", () => ({
  inspectExport: (slideId: string) => {
    const media = server.error ? [{ part: "", sha256: "", blob: new Blob() }] : [];
    return Promise.resolve({ fingerprint: `${slideId}${server.error ? "!" : ""}`, structure: "", shown: [], media });
  },
  slimExport: () => Promise.resolve(new Blob()),
}));
vi.mock("../../src/host/document", () => ({ documentName: () => "talk", documentAddress: () => "" }));
vi.mock("../../src/server/api", async (original) => ({
  ...(await original<object>()),
  known: () => Promise.resolve(new Map()),
  scan: () => Promise.reject(server.error ?? new Error("no error was set")),
}));
vi.mock("../../src/state/replacement", () => ({
  twinsAmong: () => undefined,
  isSameSlide: (one: string, other: string) => one === other,
  presentId: (slideId: string) => Promise.resolve(slideId),
  enhanceSlide: () => Promise.resolve({ slideId: "900#1", newSha256s: ["sharp"], notes: [] }),
}));
vi.mock("../../src/state/upscales", () => ({}));
vi.mock("../../src/state/settings", () => ({
  isNever: () => false,
  settings: () => ({ suggest: true, key: "k", preset: "normal", targetPpi: 220 }),
}));

const { Suggestions } = await import("../../src/state/suggestions");

const SETTLED_MS = 500;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(host, { slide: 1, shapes: [] });
  server.error = undefined;
});

afterEach(() => {
  vi.useRealTimers();
});

it("comes back to a slide that was left before it had been looked at", async () => {
  const pane = new Suggestions(vi.fn(), vi.fn());
  await pane.glance(); // slide 1 is noticed …
  host.slide = 2;
  await vi.advanceTimersByTimeAsync(SETTLED_MS); // … and slide 2 is what the check finds
  expect(pane.slide?.number).toBe(2);
  host.slide = 1;
  await pane.glance();
  await vi.advanceTimersByTimeAsync(SETTLED_MS);
  expect(pane.slide?.number).toBe(1);
});

it("names a slide only together with its pictures", async () => {
  const pane = new Suggestions(vi.fn(), vi.fn());
  await pane.check();
  Object.assign(host, { slide: 2, shapes: ["7"] });
  await pane.glance();
  expect(pane.slide?.number).toBe(1);
  await vi.advanceTimersByTimeAsync(SETTLED_MS);
  expect(pane.slide?.number).toBe(2);
});

it("follows the selection on a slide at once", async () => {
  const pane = new Suggestions(vi.fn(), vi.fn());
  await pane.check();
  host.shapes = ["7"];
  await pane.glance();
  expect(pane.slide?.selectedShapeIds).toEqual(["7"]);
});

it("looks again where Ctrl+Z takes a swap back before the new slide was seen", async () => {
  const pane = new Suggestions(vi.fn(), vi.fn());
  await pane.glance();
  await vi.advanceTimersByTimeAsync(SETTLED_MS);
  const looks = exportSlide.mock.calls.length;
  const card = fresh("small", "256#1", {} as Found);
  card.sharp = { jobId: "1", blob: new Blob([]) } as Sharp;
  await pane.work.apply(card);
  await pane.glance(); // the slide of before the swap is back already
  await vi.advanceTimersByTimeAsync(SETTLED_MS);
  expect(exportSlide.mock.calls.length).toBe(looks + 1);
});

it("asks a busy server once, and a slide is not exported for it again before its time", async () => {
  const pane = new Suggestions(vi.fn(), vi.fn());
  server.error = new ApiError(429, "limit_reached", "", 30);
  const looks = exportSlide.mock.calls.length;
  await pane.check();
  expect([pane.phase, words(pane.problem!)]).toEqual(["failed", expect.stringContaining("30 seconds")]);
  for (let second = 0; second < 29; second++) {
    await pane.glance(true);
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(exportSlide.mock.calls.length - looks).toBeLessThanOrEqual(2);
  server.error = undefined;
  await vi.advanceTimersByTimeAsync(2000);
  expect(pane.phase).toBe("shown");
});

it("leaves no card of another slide while the server is away", async () => {
  const pane = new Suggestions(vi.fn(), vi.fn());
  await pane.check();
  pane.cards = [fresh("small", "256#1", {} as Found)];
  host.slide = 2;
  server.error = new ApiError(0, "offline", "");
  await pane.check();
  expect([pane.phase, pane.cards.length]).toEqual(["failed", 0]);
});

it("does not look again and again at a slide on which nothing changes", async () => {
  const pane = new Suggestions(vi.fn(), vi.fn());
  await pane.check();
  const looks = exportSlide.mock.calls.length;
  for (let second = 0; second < 60; second++) {
    await pane.glance(true);
    await vi.advanceTimersByTimeAsync(1000);
  }
  const some = exportSlide.mock.calls.length - looks;
  expect(some).toBeGreaterThan(0); // Change Picture leaves no trace but in an export
  expect(some).toBeLessThanOrEqual(4);
});
