// @vitest-environment jsdom
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { base64, bytesOf } from "../base64";
import { Deck } from "../deck/deck";
import { packageProblems } from "../opc/check";
import { openPane } from "./pane";

const BESIDE = resolve(import.meta.dirname, "../../../../../shared/data");
const SHARED = process.env["SHARED_DATA"] ?? BESIDE;
const TALKS = `${SHARED}/decks/talks`;
const SMALLEST = ["presentations-a9928ae6.pptx", "presentations-9ca1909a.pptx"];
const present = existsSync(TALKS) ? readdirSync(TALKS).filter((name) => SMALLEST.includes(name)) : [];

describe.skipIf(present.length === 0)("a real talk (from ../shared/data)", () => {
  it.each(present)("%s stays sound when each slide is exported, inserted and deleted", async (name) => {
    const before = readFileSync(`${TALKS}/${name}`);
    const own = packageProblems(before);
    const { app, run } = await openPane("windows-1.8", base64(before));
    const count = app.report().slides.length;
    for (let at = 0; at < Math.min(count, 4); at++) {
      await run(async (context) => {
        const { slides } = context.presentation;
        const old = slides.getItemAt(at);
        old.load("id");
        const file = old.exportAsBase64();
        await context.sync();
        expect(packageProblems(bytesOf(file.value))).toEqual([]);
        context.presentation.insertSlidesFromBase64(file.value, {
          targetSlideId: old.id,
          formatting: "UseDestinationTheme",
        });
        await context.sync();
        old.delete();
        await context.sync();
      });
    }
    const saved = bytesOf(app.save());
    expect(packageProblems(saved).filter((problem) => !own.includes(problem))).toEqual([]);
    const after = Deck.read(saved);
    expect(after.slides()).toHaveLength(count);
    expect(after.masters()).toHaveLength(Deck.read(before).masters().length);
  }, 120_000);
});
