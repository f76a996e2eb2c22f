// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { codeOf, openPane } from "./pane";
import { smallDeck } from "./small-deck";

describe("a batch", () => {
  it("gives a property only after load and sync", async () => {
    const { run } = await openPane();
    await run(async (context) => {
      const { slides } = context.presentation;
      expect(() => slides.items).toThrow(/load method/);
      slides.load("items/id");
      expect(() => slides.items).toThrow(/load method/);
      await context.sync();
      expect(slides.items.map((slide) => slide.id)).toEqual(["256#3396654126", "257#0", "300#0"]);
      expect(() => slides.items[0]?.index).toThrow(/'index' is not available/);
    });
  });

  it("names the code PropertyNotLoaded or ValueNotLoaded", async () => {
    const { run } = await openPane();
    const early = run((context) => Promise.resolve(context.presentation.slides.items));
    expect(await codeOf(early)).toBe("PropertyNotLoaded");
    const value = run((context) => {
      const count = context.presentation.slides.getCount();
      return Promise.resolve(count.value);
    });
    expect(await codeOf(value)).toBe("ValueNotLoaded");
  });

  it("keeps what came before a failing action and drops what came after", async () => {
    const { app, run } = await openPane();
    const failed = run(async (context) => {
      const { slides } = context.presentation;
      slides.getItem("257#").delete();
      context.presentation.setSelectedSlides(["999#"]);
      slides.getItem("300#").delete();
      await context.sync();
    });
    expect(await codeOf(failed)).toBe("InvalidArgument");
    expect(app.report().slides).toEqual(["256#3396654126", "300#0"]);
  });

  it("tells where it failed", async () => {
    const { run } = await openPane();
    await run(async (context) => {
      context.presentation.setSelectedSlides(["999#"]);
      await context.sync();
    }).catch((error: unknown) => {
      expect(error).toMatchObject({
        name: "RichApi.Error",
        debugInfo: { errorLocation: "Presentation.setSelectedSlides" },
      });
    });
    expect.assertions(1);
  });

  it("is sent at the end of run", async () => {
    const { app, run } = await openPane();
    await run((context) => {
      context.presentation.slides.getItemAt(0).delete();
      return Promise.resolve();
    });
    expect(app.report().slides).toHaveLength(2);
  });

  it("does not mix the objects of two contexts", async () => {
    const { run } = await openPane();
    const mixed = run(async (context) => {
      const slide = context.presentation.slides.getItemAt(0);
      await run(async (other) => {
        other.presentation.slides.exportAsBase64Presentation([slide]);
        await other.sync();
      });
    });
    expect(await codeOf(mixed)).toBe("InvalidRequestContext");
  });

  it("finds nothing without an error where a null object was asked for", async () => {
    const { run } = await openPane();
    await run(async (context) => {
      const slide = context.presentation.slides.getItemOrNullObject("999#1");
      expect(() => slide.isNullObject).toThrow(/not available/);
      slide.load("id");
      await context.sync();
      expect(slide.isNullObject).toBe(true);
    });
    const missing = run((context) => {
      context.presentation.slides.getItem("999#1");
      return Promise.resolve();
    });
    expect(await codeOf(missing)).toBe("SlideNotFound");
  });

  it("loads through navigations and lists", async () => {
    const { run } = await openPane();
    await run(async (context) => {
      const { slides } = context.presentation;
      slides.load("items/layout/name, items/layout/id, items/shapes/items/name");
      await context.sync();
      const [first] = slides.items;
      expect(first?.layout.name).toBe("Title Only");
      expect(first?.layout.id).toBe("2147483649#0");
      expect(first?.shapes.items.map((shape) => shape.name)).toEqual(["Title", "Picture 3"]);
    });
  });

  it("refuses a name that is no property", async () => {
    const { run } = await openPane();
    const wrong = run(async (context) => {
      context.presentation.slides.load("items/colour");
      await context.sync();
    });
    expect(await codeOf(wrong)).toBe("InvalidArgument");
  });

  it("does nothing for the deletion of a slide that is gone", async () => {
    const { app, run } = await openPane();
    await run(async (context) => {
      const slide = context.presentation.slides.getItem("257#0");
      slide.load("id");
      await context.sync();
      slide.delete();
      await context.sync();
      slide.delete();
      await context.sync();
    });
    expect(app.report().slides).toHaveLength(2);
  });
});

describe("a profile", () => {
  it("answers for its requirement set and no higher one", async () => {
    const supports = async (profile: Parameters<typeof openPane>[0], version: string) => {
      const { office } = await openPane(profile);
      return office.context.requirements.isSetSupported("PowerPointApi", version);
    };
    expect(await supports("web-1.10", "1.10")).toBe(true);
    expect(await supports("windows-1.8", "1.8")).toBe(true);
    expect(await supports("windows-1.8", "1.10")).toBe(false);
    expect(await supports("ltsc2024-1.5", "1.8")).toBe(false);
    expect(await supports("ipad-1.1", "1.1")).toBe(true);
    expect(await supports("ipad-1.1", "1.2")).toBe(false);
  });

  it("raises ApiNotFound at a member above it, before anything is sent", async () => {
    const { app, run } = await openPane("ltsc2024-1.5");
    const call = run((context) => {
      context.presentation.slides.getItemAt(0).exportAsBase64();
      return Promise.resolve();
    });
    expect(await codeOf(call)).toBe("ApiNotFound");
    expect(app.report().calls.map((one) => one.member)).not.toContain("Slide.exportAsBase64");
  });

  it("raises ApiNotFound where load names a member above it", async () => {
    const { run } = await openPane("windows-1.8");
    const load = run(async (context) => {
      context.presentation.slides.getItemAt(0).shapes.load("items/altTextDescription");
      await context.sync();
    });
    expect(await codeOf(load)).toBe("ApiNotFound");
  });

  it("knows nothing of slides on an iPad", async () => {
    const { run } = await openPane("ipad-1.1");
    const slides = run((context) => Promise.resolve(context.presentation.slides));
    expect(await codeOf(slides)).toBe("ApiNotFound");
  });

  it("sends selection events, except where they are broken", async () => {
    const heard = async (profile: Parameters<typeof openPane>[0]): Promise<number> => {
      const { app, office } = await openPane(profile, smallDeck());
      let count = 0;
      office.context.document.addHandlerAsync(
        office.EventType.DocumentSelectionChanged,
        () => count++,
      );
      app.do({ kind: "select", slide: 1, shapes: ["5"] });
      return count;
    };
    expect(await heard("windows-1.8")).toBe(1);
    expect(await heard("mac-1.10")).toBe(0);
  });
});
