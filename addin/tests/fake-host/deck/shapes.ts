/** The shapes of a slide as the API shows them: read from, and written to, the slide's XML. */

import type { Package } from "../opc/package";
import { at, below, children } from "../opc/xml";

const EMU_PER_POINT = 12700;
const SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}";

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** One shape; `element` lives in the document that it was read from. */
export interface ShapeEntry {
  id: string;
  element: Element;
  parent: ShapeEntry | undefined;
  /** 0 for a shape of the slide itself, one more per group around it. */
  level: number;
}

const SHAPES = new Set(["sp", "pic", "grpSp", "cxnSp", "graphicFrame", "contentPart"]);

/** The shapes of a tree, from back to front; those within groups are not among them. */
export function shapesIn(tree: Element, parent?: ShapeEntry): ShapeEntry[] {
  return children(tree).flatMap((child) => {
    const element = shapeOf(child);
    if (!element) return [];
    const id = nonVisual(element)?.getAttribute("id") ?? "";
    return [{ id, element, parent, level: parent ? parent.level + 1 : 0 }];
  });
}

/** All shapes of a tree, groups' members too. */
export function allShapes(tree: Element, parent?: ShapeEntry): ShapeEntry[] {
  return shapesIn(tree, parent).flatMap((shape) =>
    shape.element.localName === "grpSp"
      ? [shape, ...allShapes(shape.element, shape)]
      : [shape],
  );
}

export function treeOf(document: Document): Element {
  const tree = at(document.documentElement, "cSld", "spTree");
  if (!tree) throw new Error("the slide has no shape tree");
  return tree;
}

/** What PowerPoint draws of an alternative is its choice. */
function shapeOf(element: Element): Element | undefined {
  if (element.localName !== "AlternateContent") {
    return SHAPES.has(element.localName) ? element : undefined;
  }
  const choice = at(element, "Choice") ?? at(element, "Fallback");
  const inner = choice && children(choice)[0];
  return inner && shapeOf(inner);
}

export function nonVisual(element: Element): Element | undefined {
  const holder = children(element).find((child) => /^nv\w*Pr$/.test(child.localName));
  return at(holder, "cNvPr");
}

function nvPr(element: Element): Element | undefined {
  const holder = children(element).find((child) => /^nv\w*Pr$/.test(child.localName));
  return at(holder, "nvPr");
}

export function placeholderOf(element: Element): Element | undefined {
  return at(nvPr(element), "ph");
}

/** PowerPoint.ShapeType of a shape. */
export function shapeType(element: Element): string {
  if (placeholderOf(element)) return "Placeholder";
  switch (element.localName) {
    case "pic":
      return pictureType(element);
    case "grpSp":
      return "Group";
    case "cxnSp":
      return "Line";
    case "graphicFrame":
      return frameType(element);
    case "contentPart":
      return "Ink";
    default:
      return drawnType(element);
  }
}

function pictureType(element: Element): string {
  const properties = nvPr(element);
  const media = ["videoFile", "audioFile", "audioCd", "quickTimeFile", "wavAudioFile"];
  if (media.some((name) => at(properties, name))) return "Media";
  const vector = below(element, "ext").some((x) => x.getAttribute("uri") === SVG_EXTENSION);
  return vector ? "Graphic" : "Image";
}

function frameType(element: Element): string {
  const uri = at(element, "graphic", "graphicData")?.getAttribute("uri") ?? "";
  if (uri.endsWith("/table")) return "Table";
  if (uri.endsWith("/chart") || uri.includes("chartex")) return "Chart";
  if (uri.endsWith("/diagram")) return "SmartArt";
  if (uri.endsWith("/ole")) return "Ole";
  return uri.includes("model3d") ? "Model3D" : "Unsupported";
}

function drawnType(element: Element): string {
  if (at(element, "nvSpPr", "cNvSpPr")?.getAttribute("txBox") === "1") return "TextBox";
  return at(element, "spPr", "custGeom") ? "Freeform" : "GeometricShape";
}

/** PowerPoint.ShapeType of what fills a placeholder; null for an empty one. */
export function containedType(element: Element): string | null {
  if (element.localName === "pic") return pictureType(element);
  if (element.localName === "graphicFrame") return frameType(element);
  return below(element, "t").some((text) => text.textContent !== "") ? "TextBox" : null;
}

const PLACEHOLDERS: Record<string, string> = {
  title: "Title",
  ctrTitle: "CenterTitle",
  subTitle: "Subtitle",
  body: "Body",
  pic: "Picture",
  chart: "Chart",
  tbl: "Table",
  media: "Media",
  dt: "Date",
  ftr: "Footer",
  sldNum: "SlideNumber",
  obj: "Content",
};

export function placeholderType(element: Element): string {
  return PLACEHOLDERS[placeholderOf(element)?.getAttribute("type") ?? "obj"] ?? "Unsupported";
}

export function fillType(element: Element): string {
  const properties = element.localName === "grpSp" ? "grpSpPr" : "spPr";
  const kinds: Record<string, string> = {
    noFill: "NoFill",
    solidFill: "Solid",
    gradFill: "Gradient",
    pattFill: "Pattern",
    blipFill: "PictureAndTexture",
    grpFill: "NoFill",
  };
  const holder = at(element, properties);
  const fill = holder && children(holder).find((child) => child.localName in kinds);
  return (fill && kinds[fill.localName]) ?? "NoFill";
}

/** Where a shape lies, in points; a placeholder without its own frame has its layout's. */
export function boxOf(pkg: Package, part: string, element: Element): Box {
  const frame = frameOf(element) ?? inheritedFrame(pkg, part, element);
  const offset = at(frame, "off");
  const extent = at(frame, "ext");
  const points = (from: Element | undefined, name: string): number =>
    Number(from?.getAttribute(name) ?? 0) / EMU_PER_POINT;
  return {
    left: points(offset, "x"),
    top: points(offset, "y"),
    width: points(extent, "cx"),
    height: points(extent, "cy"),
  };
}

export function frameOf(element: Element): Element | undefined {
  if (element.localName === "graphicFrame" || element.localName === "contentPart") {
    return at(element, "xfrm");
  }
  return at(element, element.localName === "grpSp" ? "grpSpPr" : "spPr", "xfrm");
}

function inheritedFrame(pkg: Package, part: string, element: Element): Element | undefined {
  const own = placeholderOf(element);
  let page: string | undefined = part;
  for (const ending of ["/slideLayout", "/slideMaster"]) {
    page = page && pkg.related(page, ending)[0];
    if (!own || !page) return undefined;
    const match = shapesIn(treeOf(pkg.xml(page))).find((shape) => matches(shape.element, own));
    const frame = match && frameOf(match.element);
    if (frame) return frame;
  }
  return undefined;
}

function matches(element: Element, own: Element): boolean {
  const other = placeholderOf(element);
  if (!other) return false;
  const index = own.getAttribute("idx");
  if (index !== null && other.getAttribute("idx") === index) return true;
  const type = own.getAttribute("type") ?? "obj";
  return index === null && (other.getAttribute("type") ?? "obj") === type;
}

/** Write one side of a shape's frame, in points; a frame is made where there is none. */
export function setSide(pkg: Package, part: string, element: Element, side: keyof Box, points: number): void {
  const box = { ...boxOf(pkg, part, element), [side]: points };
  const frame = frameOf(element) ?? newFrame(element);
  const emu = (value: number): string => String(Math.round(value * EMU_PER_POINT));
  at(frame, "off")?.setAttribute("x", emu(box.left));
  at(frame, "off")?.setAttribute("y", emu(box.top));
  at(frame, "ext")?.setAttribute("cx", emu(box.width));
  at(frame, "ext")?.setAttribute("cy", emu(box.height));
}

function newFrame(element: Element): Element {
  const properties = at(element, "spPr");
  if (!properties) throw new Error("a shape without properties has no frame");
  const drawing = "http://schemas.openxmlformats.org/drawingml/2006/main";
  const document = element.ownerDocument;
  const frame = document.createElementNS(drawing, "a:xfrm");
  frame.append(
    document.createElementNS(drawing, "a:off"),
    document.createElementNS(drawing, "a:ext"),
  );
  properties.prepend(frame);
  return frame;
}

/** The GUID of a16:creationId; null where the shape has none. */
export function shapeCreationId(element: Element): string | null {
  const own = nonVisual(element);
  return (own && below(own, "creationId")[0]?.getAttribute("id")) ?? null;
}
