// One conversation with PowerPoint at a time; a silent one ends.

import { expect, it } from "vitest";
import { inTurn } from "../../src/host/turns";

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it("the second conversation waits for the first", async () => {
  const order: string[] = [];
  const first = inTurn(async () => {
    order.push("first begins");
    await later(20);
    order.push("first ends");
  });
  const second = inTurn(() => Promise.resolve(order.push("second")));
  await Promise.all([first, second]);
  expect(order).toEqual(["first begins", "first ends", "second"]);
});

it("a failure is nobody else's", async () => {
  const failing = inTurn(() => Promise.reject(new Error("busy")));
  const next = inTurn(() => Promise.resolve("fine"));
  await expect(failing).rejects.toThrow("busy");
  await expect(next).resolves.toBe("fine");
});

it("a host that never answers is given up, and the next one is heard", async () => {
  const silent = inTurn(() => new Promise(() => undefined), 10);
  const next = inTurn(() => Promise.resolve("fine"));
  await expect(silent).rejects.toMatchObject({ code: "no_answer" });
  await expect(next).resolves.toBe("fine");
});
