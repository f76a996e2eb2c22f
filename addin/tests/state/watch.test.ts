// When the pane looks: by events; by asking again and again only where no event ever came.
// @vitest-environment jsdom

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Watch } from "../../src/state/watch";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const glances = async (platform: string, ms: number, isNew = false, event = false) => {
  const glance = vi.fn(() => Promise.resolve(isNew));
  const watch = new Watch(glance, platform);
  watch.start();
  await vi.advanceTimersByTimeAsync(10);
  if (event) watch.onEvent();
  await vi.advanceTimersByTimeAsync(ms);
  return glance.mock.calls.length;
};

it("on the web nothing is asked without an event: every read may save the file", async () => {
  expect(await glances("OfficeOnline", 600_000)).toBe(1);
});

it("where no event comes it asks, ever more rarely while nothing changes", async () => {
  const many = await glances("Mac", 60_000);
  expect(many).toBeGreaterThan(3);
  expect(many).toBeLessThanOrEqual(8);
  expect(await glances("Mac", 60_000, true)).toBeGreaterThan(15);
});

it("the first event ends the asking", async () => {
  expect(await glances("PC", 600_000, false, true)).toBe(2);
});
