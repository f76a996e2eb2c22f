// What the pane remembers: checked when it is read, and kept on this computer alone.
// @vitest-environment jsdom
// @vitest-environment-options { "url": "https://crisp.test/addin/taskpane.html" }

import { beforeEach, describe, expect, it, vi } from "vitest";

type Module = typeof import("../../src/state/settings");

let change: Module["change"];
let settings: Module["settings"];
let never: Module;

/** Close the pane and open it again. */
async function reopen(): Promise<void> {
  vi.resetModules();
  never = await import("../../src/state/settings");
  ({ change, settings } = never);
}

beforeEach(async () => {
  localStorage.clear();
  await reopen();
});

describe("settings", () => {
  it("come back after the pane was closed", async () => {
    const wishes = { key: "cd_1", targetPpi: 330, crispness: 0.5, suggest: false, preset: "wide" } as const;
    change(wishes);
    await reopen();
    expect(settings()).toEqual(wishes);
  });

  it.each(["not json", "[]", '"text"', '{"key": 5, "preset": "odd", "targetPpi": 9, "suggest": "yes", "crispness": 7}'])(
    "that make no sense are left out: %s",
    (stored) => {
      localStorage.setItem("crispdeck.addin.settings", stored);
      expect(settings()).toEqual({
        key: "",
        targetPpi: 220,
        crispness: null,
        suggest: true,
        preset: "normal",
      });
    },
  );

  it("keep to names of their own, since add-ins of one origin share the storage", () => {
    change({ key: "cd_1" });
    never.setNever("a".repeat(64));
    expect(Object.keys(localStorage).filter((name) => !name.startsWith("crispdeck.addin."))).toEqual([]);
  });
});

describe("pictures that are never asked about", () => {
  it("are remembered by their content", () => {
    never.setNever("a".repeat(64));
    expect([never.isNever("a".repeat(64)), never.isNever("b".repeat(64))]).toEqual([true, false]);
    never.forgetNever();
    expect(never.neverCount()).toBe(0);
  });

  it("do not grow without end", () => {
    for (let index = 0; index < 1010; index++) never.setNever(String(index));
    expect(never.neverCount()).toBe(1000);
    expect([never.isNever("0"), never.isNever("1009")]).toEqual([false, true]);
  });
});
