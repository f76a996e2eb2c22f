/** What each member of the API does, type by type. */

import { exportSlides } from "../deck/export";
import { insertSlides, type InsertOptions } from "../deck/insert";
import { storeOtherwise } from "../deck/rewrite";
import { Deck, type SlideEntry } from "../deck/deck";
import {
  containedType,
  fillType,
  placeholderOf,
  placeholderType,
  type ShapeEntry,
  shapesIn,
  shapeType,
  treeOf,
} from "../deck/shapes";
import { base64 } from "../base64";
import { packageProblems } from "../opc/check";
import { at, below } from "../opc/xml";
import type { TypeName } from "../surface";
import { general, invalidArgument, slideNotFound } from "./errors";
import { member, next, PRESENTATION, type Ref } from "./refs";
import type { Session } from "./session";
import { addRectangle, backgroundFill, clearFill, decoded, entryOf, fillBackground, removeShape, setBackgroundImage, setImage, shapeScalars, shapeWrites } from "./shape-members";
import { addTag, deleteTag, tagsOf } from "./tags";

export interface Members {
  scalars?: Record<string, (ref: Ref, session: Session) => unknown>;
  writes?: Record<string, (ref: Ref, session: Session, value: unknown) => void>;
  navigations?: Record<string, (ref: Ref, session: Session) => Ref | null>;
  methods?: Record<string, (ref: Ref, session: Session, args: unknown[]) => unknown>;
  items?: (ref: Ref, session: Session) => Ref[];
  /** The id by which `getItem` finds a member. */
  idOf?: (ref: Ref, session: Session) => string;
}

export function slideRef(session: Session, slide: SlideEntry): Ref {
  const slides = next(PRESENTATION, "SlideCollection", "slides");
  const found = { part: slide.part, slide: slide.number };
  return member(slides, "Slide", session.deck.idOf(slide), found);
}

/** A shape is reached through its page, and through every group around it. */
function shapeRef(page: Ref, shape: ShapeEntry): Ref {
  const home = shape.parent
    ? next(
        next(shapeRef(page, shape.parent), "ShapeGroup", "group"),
        "ShapeScopedCollection",
        "shapes",
      )
    : next(page, "ShapeCollection", "shapes");
  return member(home, "Shape", shape.id, { shape: shape.id });
}

/** The slide, layout or master that something lies on. */
function pageOf(ref: Ref, session: Session): Ref {
  const slide = session.deck.slides().find((one) => one.number === ref.slide);
  if (slide) return slideRef(session, slide);
  return ref.part.includes("Layout") ? layoutRef(session, ref.part) : masterRef(session, ref.part);
}

export function slideOf(ref: Ref, session: Session): SlideEntry {
  const found = session.deck.slides().find((slide) => slide.number === ref.slide);
  if (!found) throw slideNotFound(String(ref.slide));
  return found;
}

function elementOf(ref: Ref, session: Session): Element {
  return entryOf(ref, session).element;
}

function slideById(session: Session, id: unknown): SlideEntry | undefined {
  if (typeof id !== "string") throw invalidArgument("a slide id is a string");
  return session.deck.find(id);
}

function insert(_: Ref, session: Session, args: unknown[]): undefined {
  const options = (args[1] ?? {}) as Record<string, unknown>;
  const bytes = decoded(args[0], "not base64");
  const target = options["targetSlideId"];
  const after = target === undefined ? undefined : slideById(session, target);
  if (target !== undefined && !after) throw slideNotFound(String(target));
  const problems = packageProblems(bytes);
  if (problems.length > 0) {
    session.refusals.push(problems);
    throw invalidArgument("the file is damaged");
  }
  const source = Deck.read(bytes);
  if (session.storesOtherBytes) storeOtherwise(session.deck, source);
  insertSlides(session.deck, source, {
    formatting: (options["formatting"] ?? "KeepSourceFormatting") as InsertOptions["formatting"],
    ...(after && { after }),
    ...(options["sourceSlideIds"]
      ? { sourceSlideIds: options["sourceSlideIds"] as string[] }
      : {}),
  });
  return undefined;
}

function setSelectedSlides(_: Ref, session: Session, args: unknown[]): undefined {
  const ids = args[0];
  if (!Array.isArray(ids)) throw invalidArgument("slideIds");
  const slides = ids.map((id) => {
    const found = slideById(session, id);
    if (!found) throw invalidArgument(`no slide ${String(id)}`);
    return found.number;
  });
  session.select(slides);
  return undefined;
}

function setSelectedShapes(ref: Ref, session: Session, args: unknown[]): undefined {
  const ids = args[0];
  if (!Array.isArray(ids)) throw invalidArgument("shapeIds");
  for (const id of ids) {
    if (!session.shape(ref.part, String(id))) throw invalidArgument(`no shape ${String(id)}`);
  }
  session.select([ref.slide ?? 0], ids.map(String));
  return undefined;
}

function exportMany(_: Ref, session: Session, args: unknown[]): string {
  const values = args[0];
  if (!Array.isArray(values)) throw invalidArgument("values");
  const slides = values.map((value: unknown) => {
    const found = slideById(session, idIn(value));
    if (!found) throw invalidArgument(`no slide ${String(value)}`);
    return found;
  });
  return base64(exportSlides(session.deck, slides));
}

/** An id, or a slide proxy as it travels. */
function idIn(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const path = (value as { path: Ref["path"] }).path;
  return path[path.length - 1]?.args?.[0];
}

const slides: Members = {
  items: (ref, session) =>
    ref.members ?? session.deck.slides().map((slide) => slideRef(session, slide)),
  idOf: (ref, session) => session.deck.idOf(slideOf(ref, session)),
  methods: { exportAsBase64Presentation: exportMany },
};

const shapes: Members = {
  items: (ref, session) => {
    if (ref.members) return ref.members;
    const page = pageOf(ref, session);
    return shapesIn(treeOf(session.page(ref.part))).map((shape) => shapeRef(page, shape));
  },
  idOf: (ref) => ref.shape ?? "",
  methods: { addGeometricShape: addRectangle },
};

function layoutRef(session: Session, layout: string): Ref {
  const master = masterRef(session, session.deck.one(layout, "/slideMaster"));
  const id = session.deck.designId(master.part, "sldLayoutIdLst", layout);
  const all = next(master, "SlideLayoutCollection", "layouts");
  return member(all, "SlideLayout", id, { part: layout, slide: undefined, shape: undefined });
}

function masterRef(session: Session, master: string): Ref {
  const all = next(PRESENTATION, "SlideMasterCollection", "slideMasters");
  const id = session.deck.designId(session.deck.main, "sldMasterIdLst", master);
  return member(all, "SlideMaster", id, { part: master });
}

function nameOf(ref: Ref, session: Session): string {
  return at(session.page(ref.part).documentElement, "cSld")?.getAttribute("name") ?? "";
}

function themeName(ref: Ref, session: Session): string {
  const theme = session.deck.one(ref.part, "/theme");
  return session.deck.pkg.xml(theme).documentElement.getAttribute("name") ?? "";
}

export const MEMBERS: Record<TypeName, Members> = {
  Presentation: {
    scalars: { id: () => "fake-presentation", title: (_, session) => session.title },
    navigations: {
      slides: (ref) => next(ref, "SlideCollection", "slides"),
      slideMasters: (ref) => next(ref, "SlideMasterCollection", "slideMasters"),
      tags: (ref) => next(ref, "TagCollection", "tags"),
      pageSetup: (ref) => next(ref, "PageSetup", "pageSetup"),
    },
    methods: {
      insertSlidesFromBase64: insert,
      setSelectedSlides,
      getSelectedSlides: (ref, session) => {
        const all = session.deck.slides();
        const chosen = session.selection.slides.flatMap((n) => all.filter((x) => x.number === n));
        const members = chosen.map((slide) => slideRef(session, slide));
        return next(ref, "SlideScopedCollection", "getSelectedSlides", { members });
      },
      getSelectedShapes: (ref, session) => {
        const slide = session.active();
        const chosen = session.selection.shapes;
        const all = slide ? session.shapes(slide.part).filter((x) => chosen.includes(x.id)) : [];
        const members = slide ? all.map((x) => shapeRef(slideRef(session, slide), x)) : [];
        return next(ref, "ShapeScopedCollection", "getSelectedShapes", { members });
      },
    },
  },
  SlideCollection: slides,
  SlideScopedCollection: slides,
  Slide: {
    scalars: {
      id: (ref, session) => session.deck.idOf(slideOf(ref, session)),
      index: (ref, session) => session.deck.slides().findIndex((x) => x.number === ref.slide),
    },
    navigations: {
      background: (ref) => next(ref, "SlideBackground", "background"),
      layout: (ref, session) => layoutRef(session, session.deck.layoutOf(slideOf(ref, session))),
      slideMaster: (ref, session) =>
        masterRef(session, session.deck.masterOf(slideOf(ref, session))),
      shapes: (ref) => next(ref, "ShapeCollection", "shapes"),
      tags: (ref) => next(ref, "TagCollection", "tags"),
    },
    methods: {
      delete: (ref, session) => {
        session.remove(slideOf(ref, session));
      },
      exportAsBase64: (ref, session) =>
        base64(exportSlides(session.deck, [slideOf(ref, session)])),
      getImageAsBase64: (ref, session, args) => {
        if (typeof (args[0] ?? {}) !== "object") throw invalidArgument("options");
        return session.picture(slideOf(ref, session), (args[0] ?? {}) as { width?: number });
      },
      moveTo: (ref, session, args) => {
        session.deck.move(slideOf(ref, session), Number(args[0]));
      },
      setSelectedShapes,
    },
  },
  SlideBackground: { navigations: { fill: (ref) => next(ref, "SlideBackgroundFill", "fill") } },
  SlideBackgroundFill: {
    scalars: { type: (ref, session) => (backgroundFill(ref, session) ? "PictureOrTexture" : "Unsupported") },
    methods: {
      getPictureOrTextureFillOrNullObject: (ref, session) =>
        backgroundFill(ref, session) ? next(ref, "SlideBackgroundPictureOrTextureFill", "getPictureOrTextureFillOrNullObject") : null,
      setPictureOrTextureFill: fillBackground,
    },
  },
  SlideBackgroundPictureOrTextureFill: { methods: { setImage: setBackgroundImage } },
  SlideLayout: {
    scalars: {
      id: (ref) => String(ref.path.at(-1)?.args?.[0]),
      name: nameOf,
      type: (ref, session) => session.page(ref.part).documentElement.getAttribute("type") ?? "",
    },
    navigations: { shapes: (ref) => next(ref, "ShapeCollection", "shapes") },
  },
  SlideLayoutCollection: {
    items: (ref, session) => session.deck.layouts(ref.part).map((x) => layoutRef(session, x)),
    idOf: (ref) => String(ref.path.at(-1)?.args?.[0]),
  },
  SlideMaster: {
    scalars: { id: (ref) => String(ref.path.at(-1)?.args?.[0]), name: themeName },
    navigations: {
      layouts: (ref) => next(ref, "SlideLayoutCollection", "layouts"),
      shapes: (ref) => next(ref, "ShapeCollection", "shapes"),
    },
  },
  SlideMasterCollection: {
    items: (_, session) => session.deck.masters().map((x) => masterRef(session, x)),
    idOf: (ref) => String(ref.path.at(-1)?.args?.[0]),
  },
  ShapeCollection: shapes,
  ShapeScopedCollection: shapes,
  Shape: {
    scalars: shapeScalars,
    writes: shapeWrites,
    navigations: {
      fill: (ref) => next(ref, "ShapeFill", "fill"),
      tags: (ref) => next(ref, "TagCollection", "tags"),
      textFrame: (ref) => next(ref, "TextFrame", "textFrame"),
      group: (ref, session) => {
        if (shapeType(elementOf(ref, session)) !== "Group") throw general("the shape is no group");
        return next(ref, "ShapeGroup", "group");
      },
      parentGroup: (ref, session) => {
        const parent = entryOf(ref, session).parent;
        if (!parent) throw general("the shape is in no group");
        return shapeRef(pageOf(ref, session), parent);
      },
      placeholderFormat: (ref, session) => {
        if (!placeholderOf(elementOf(ref, session))) throw general("the shape is no placeholder");
        return next(ref, "PlaceholderFormat", "placeholderFormat");
      },
    },
    methods: {
      delete: removeShape,
      getParentSlide: parentSlide,
      getParentSlideOrNullObject: parentSlide,
    },
  },
  ShapeGroup: {
    scalars: { id: (ref) => ref.shape },
    navigations: {
      shape: (ref) => ({ ...ref, type: "Shape", path: ref.path.slice(0, -1) }),
      shapes: (ref, session) => {
        const own = entryOf(ref, session);
        const page = pageOf(ref, session);
        const members = shapesIn(own.element, own).map((shape) => shapeRef(page, shape));
        return next(ref, "ShapeScopedCollection", "shapes", { members });
      },
    },
  },
  ShapeFill: {
    scalars: { type: (ref, session) => fillType(elementOf(ref, session)) },
    methods: { setImage, clear: clearFill },
  },
  PlaceholderFormat: {
    scalars: {
      type: (ref, session) => placeholderType(elementOf(ref, session)),
      containedType: (ref, session) => containedType(elementOf(ref, session)),
    },
  },
  TextFrame: {
    scalars: { hasText: (ref, session) => textOf(ref, session) !== "" },
    navigations: { textRange: (ref) => next(ref, "TextRange", "textRange") },
  },
  TextRange: { scalars: { text: textOf } },
  TagCollection: {
    items: (ref, session) =>
      [...tagsOf(ref, session).keys()].map((key) => member(ref, "Tag", key, { key })),
    idOf: (ref) => ref.key ?? "",
    methods: { add: addTag, delete: deleteTag },
  },
  Tag: {
    scalars: {
      key: (ref) => ref.key,
      value: (ref, session) => tagsOf(ref, session).get(ref.key ?? ""),
    },
  },
  PageSetup: {
    scalars: {
      slideWidth: (_, session) => session.slideSize().width,
      slideHeight: (_, session) => session.slideSize().height,
    },
  },
};

function parentSlide(ref: Ref, session: Session): Ref | null {
  const slide = session.deck.slides().find((x) => x.number === ref.slide);
  return slide ? slideRef(session, slide) : null;
}

function textOf(ref: Ref, session: Session): string {
  const body = at(elementOf(ref, session), "txBody");
  if (!body) return "";
  const paragraphs = below(body, "p").map((paragraph) =>
    below(paragraph, "t")
      .map((text) => text.textContent)
      .join(""),
  );
  return paragraphs.join("\r");
}
