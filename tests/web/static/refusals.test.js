import { readFileSync } from "node:fs";
import { beforeEach, expect, it, vi } from "vitest";
import {
  clearRefusals,
  forgetRefused,
  readRefusals,
  refuse,
} from "../../../web/static/refusals.js";

beforeEach(() => {
  const template = readFileSync("web/templates/page/hand_in.html", "utf8");
  const page = new DOMParser().parseFromString(template, "text/html");
  document.body.replaceChildren(page.querySelector("#refused-panel") ?? "");
});

const list = () => [...document.querySelectorAll("#refused li")].map((item) => item.textContent);
const panel = () => /** @type {HTMLElement} */ (document.querySelector("#refused-panel"));

it("each refused file is listed once, with its folder and its reason", () => {
  refuse({ name: "a.pdf", folder: "talks" }, "not a deck", "");
  refuse({ name: "a.pdf", folder: "talks" }, "not a deck", "");
  refuse({ name: "a.pdf", folder: "" }, "not a deck", "");
  expect(list()).toEqual(["talks/a.pdf: not a deck", "a.pdf: not a deck"]);
  expect(document.querySelector("#refused-title")?.textContent).toBe("2 files were not taken");
  expect(panel().hidden).toBe(false);
});

it("a refusal without a reason does not say null", () => {
  refuse({ name: "a.pptx", folder: "" }, null, "u1");
  expect(list()).toEqual(["a.pptx: the server gave no reason"]);
});

it("names are text, never markup", () => {
  refuse({ name: "<img src=x>.pdf", folder: "" }, "<b>no</b>", "");
  expect(document.querySelector("#refused img, #refused li b b")).toBeNull();
});

it("the panel is focused only where there is something to read", () => {
  readRefusals();
  expect(document.activeElement).toBe(document.body);
  refuse({ name: "a.pdf", folder: "" }, "no", "");
  readRefusals();
  expect(document.activeElement).toBe(panel());
});

it("closing the list deletes the refused uploads on the server, and only those", async () => {
  const asked = vi.fn(
    async (/** @type {string} */ _path, /** @type {any} */ _options) => new Response(),
  );
  vi.stubGlobal("fetch", asked);
  refuse({ name: "a.pdf", folder: "" }, "no", "");
  refuse({ name: "b.pptx", folder: "" }, "damaged", "u7");
  await forgetRefused();
  expect(asked.mock.calls.map(([path, options]) => [options.method, path])).toEqual([
    ["DELETE", "/api/v1/uploads/u7"],
  ]);
  expect(list()).toEqual([]);
  clearRefusals();
  expect(panel().hidden).toBe(true);
  vi.unstubAllGlobals();
});
