// What the pane looks at, and when: slides that are left and come back to at any moment.

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { SlideLook } from "../src/powerpoint/deck";

const host = vi.hoisted(() => ({ slide: 1, shapes: [] as string[] }));

vi.mock("../src/powerpoint/deck", () => ({
  look: (): Promise<SlideLook> => {
    const { slide, shapes } = host;
    return Promise.resolve({
      slideId: `${255 + slide}#1`,
      number: slide,
      selectedShapeIds: shapes,
      signature: "a picture",
    });
  },
  exportSlide: (slideId: string) => Promise.resolve(slideId),
}));
vi.mock("../src/bytes/bytes", () => ({
  inspectExport: (slideId: string) => Promise.resolve({ fingerprint: slideId, media: [], file: new Blob() }),
}));
vi.mock("../src/powerpoint/document", () => ({ documentName: () => "talk" }));
vi.mock("../src/api", () => ({ known: () => Promise.resolve(new Map()) }));
vi.mock("../src/enhance", () => ({ sameSlide: (one: string, other: string) => one === other }));
vi.mock("../src/losses", () => ({}));
vi.mock("../src/upscales", () => ({}));
vi.mock("../src/settings", () => ({
  settings: () => ({ suggest: true, key: "k", preset: "normal", targetPpi: 220 }),
}));

const { Suggestions } = await import("../src/suggestions");

const SETTLED_MS = 500;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(host, { slide: 1, shapes: [] });
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
