// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { codeOf, openPane, type Pane } from "./pane";

const deleteFirst = (pane: Pane): Promise<unknown> =>
  pane.run(async (context) => {
    context.presentation.slides.getItemAt(0).delete();
    await context.sync();
  });

describe("a fault", () => {
  it("comes before the effect or after it", async () => {
    const pane = await openPane();
    const fail = { kind: "fail", code: "GeneralException" } as const;
    pane.app.addRule({ on: "Slide.delete", effect: { ...fail, when: "before" } });
    expect(await codeOf(deleteFirst(pane))).toBe("GeneralException");
    expect(pane.app.report().slides).toHaveLength(3);
    pane.app.addRule({ on: "Slide.delete", effect: { ...fail, when: "after" } });
    expect(await codeOf(deleteFirst(pane))).toBe("GeneralException");
    expect(pane.app.report().slides).toHaveLength(2);
    expect(await codeOf(deleteFirst(pane))).toBe("no error");
  });

  it("waits for the call that it is meant for, and says if that never came", async () => {
    const pane = await openPane();
    const effect = { kind: "fail", code: "Timeout", when: "before" } as const;
    pane.app.addRule({ on: "Slide.delete", nth: 2, effect });
    expect(pane.app.report().unmet).toHaveLength(1);
    expect(await codeOf(deleteFirst(pane))).toBe("no error");
    expect(await codeOf(deleteFirst(pane))).toBe("Timeout");
    expect(pane.app.report().unmet).toEqual([]);
  });

  it("can wait for another call first", async () => {
    const pane = await openPane();
    const effect = { kind: "fail", code: "Timeout", when: "before" } as const;
    pane.app.addRule({ on: "SlideCollection.load", after: "Slide.delete", effect });
    const look = (): Promise<unknown> =>
      pane.run(async (context) => {
        context.presentation.slides.load("items/id");
        await context.sync();
      });
    expect(await codeOf(look())).toBe("no error");
    await deleteFirst(pane);
    expect(await codeOf(look())).toBe("Timeout");
  });

  it("can be a success that did nothing, or did it two times", async () => {
    const pane = await openPane();
    pane.app.addRule({ on: "Slide.delete", effect: { kind: "ignore" } });
    await deleteFirst(pane);
    expect(pane.app.report().slides).toHaveLength(3);
    const slide = await pane.run(async (context) => {
      const result = context.presentation.slides.getItemAt(0).exportAsBase64();
      await context.sync();
      return result.value;
    });
    pane.app.addRule({ on: "Presentation.insertSlidesFromBase64", effect: { kind: "repeat" } });
    await pane.run(async (context) => {
      context.presentation.insertSlidesFromBase64(slide);
      await context.sync();
    });
    expect(pane.app.report().slides).toHaveLength(5);
  });

  it("can be a person who edits between two calls", async () => {
    const pane = await openPane();
    const edit = { kind: "write", slide: 0, shape: "2", text: "Later" } as const;
    pane.app.addRule({ on: "Slide.exportAsBase64", effect: { kind: "edit", when: "after", edit } });
    await pane.run(async (context) => {
      context.presentation.slides.getItemAt(0).exportAsBase64();
      const text = context.presentation.slides.getItemAt(0).shapes.getItemAt(0).textFrame.textRange;
      text.load("text");
      await context.sync();
      expect(text.text).toBe("Later");
    });
  });

  it("can be an empty selection just after an insert", async () => {
    const pane = await openPane();
    pane.app.do({ kind: "select", slide: 0, shapes: ["3"] });
    pane.app.addRule({ on: "ShapeScopedCollection.load", effect: { kind: "empty" } });
    const count = (): Promise<number> =>
      pane.run(async (context) => {
        const shapes = context.presentation.getSelectedShapes();
        shapes.load("items/id");
        await context.sync();
        return shapes.items.length;
      });
    expect([await count(), await count()]).toEqual([0, 1]);
  });

  it("lets a call take its time", async () => {
    const pane = await openPane();
    pane.app.addRule({ on: "Slide.delete", effect: { kind: "delay", ms: 60 } });
    const start = performance.now();
    await deleteFirst(pane);
    expect(performance.now() - start).toBeGreaterThanOrEqual(55);
  });
});
