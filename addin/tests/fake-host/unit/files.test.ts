// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { packageProblems } from "../opc/check";
import { openPane, type Pane } from "./pane";
import { smallDeck } from "./small-deck";

function open(pane: Pane, sliceSize: number): Promise<Office.AsyncResult<Office.File>> {
  return new Promise((resolve) => {
    pane.office.context.document.getFileAsync(pane.office.FileType.Compressed, { sliceSize }, resolve);
  });
}

const slice = (file: Office.File, at: number): Promise<Office.AsyncResult<Office.Slice>> =>
  new Promise((resolve) => {
    file.getSliceAsync(at, resolve);
  });

const close = (file: Office.File): Promise<unknown> =>
  new Promise((resolve) => {
    file.closeAsync(resolve);
  });

describe("getFileAsync", () => {
  it("gives the whole deck in slices, on an iPad in small ones", async () => {
    const pane = await openPane("ipad-1.1");
    const { value: file } = await open(pane, 1000);
    const bytes: number[] = [];
    for (let at = 0; at < file.sliceCount; at++) {
      bytes.push(...((await slice(file, at)).value.data as number[]));
    }
    expect(bytes).toHaveLength(file.size);
    expect(packageProblems(Uint8Array.from(bytes))).toEqual([]);
    expect((await slice(file, file.sliceCount)).status).toBe("failed");
    expect((await open(pane, 65_537)).error.code).toBe(5001);
  });

  it("keeps two files in memory and no third until one is closed", async () => {
    const pane = await openPane("windows-1.8");
    const files = [await open(pane, 4_194_304), await open(pane, 4_194_304)];
    expect((await open(pane, 4_194_304)).status).toBe("failed");
    await close(files[0]?.value as Office.File);
    expect((await open(pane, 4_194_304)).status).toBe("succeeded");
    expect(pane.app.report().openFiles).toBe(2);
  });
});

describe("the rest of the Common API", () => {
  it("opens a deck in a window of its own, if it is sound", async () => {
    const pane = await openPane("ipad-1.1");
    await pane.powerpoint.createPresentation(smallDeck());
    expect(pane.app.report().opened).toEqual([smallDeck()]);
    await expect(pane.powerpoint.createPresentation(btoa("no zip"))).rejects.toThrow(/damaged/);
  });

  it("keeps settings with the file once they are saved", async () => {
    const pane = await openPane();
    const { settings } = pane.office.context.document;
    settings.set("crispdeck", { on: true });
    expect(pane.app.report().settings).toEqual({});
    await new Promise((resolve) => {
      settings.saveAsync(resolve);
    });
    expect(pane.app.report().settings).toEqual({ crispdeck: { on: true } });
  });

  it("says which slide is in view where slides have no objects", async () => {
    const pane = await openPane("ipad-1.1");
    pane.app.do({ kind: "select", slide: 2 });
    const result = await new Promise<Office.AsyncResult<unknown>>((resolve) => {
      pane.office.context.document.getSelectedDataAsync(
        pane.office.CoercionType.SlideRange,
        resolve,
      );
    });
    expect(result.value).toEqual({ slides: [{ id: 300, title: "Slide 3", index: 3 }] });
  });

  it("changes the theme without telling", async () => {
    const pane = await openPane();
    expect(pane.office.context.officeTheme.isDarkTheme).toBe(false);
    const dark = { ...pane.office.context.officeTheme, isDarkTheme: true };
    pane.app.setTheme(dark as Parameters<typeof pane.app.setTheme>[0]);
    expect(pane.office.context.officeTheme.isDarkTheme).toBe(true);
  });
});
