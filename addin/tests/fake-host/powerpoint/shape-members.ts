/** What can be read of one shape and written to it. */

import {
  boxOf,
  type Box,
  frameOf,
  nonVisual,
  setSide,
  shapeCreationId,
  type ShapeEntry,
  shapeType,
  treeOf,
} from "../deck/shapes";
import { bytesOf } from "../base64";
import { at, children, parseXml } from "../opc/xml";
import { invalidArgument } from "./errors";
import { member, type Ref } from "./refs";
import type { Session } from "./session";

const SIXTY_THOUSANDTHS = 60000;
const PRESENTATION = "http://schemas.openxmlformats.org/presentationml/2006/main";
const DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main";
const FILLS = ["noFill", "solidFill", "gradFill", "pattFill", "blipFill", "grpFill"];

type Read = (ref: Ref, session: Session) => unknown;
type Write = (ref: Ref, session: Session, value: unknown) => void;

export function entryOf(ref: Ref, session: Session): ShapeEntry {
  const found = session.shape(ref.part, ref.shape ?? "");
  if (!found) throw invalidArgument(`no shape ${ref.shape}`);
  return found;
}

const attribute =
  (name: string): Read =>
  (ref, session) =>
    nonVisual(entryOf(ref, session).element)?.getAttribute(name) ?? "";

const writeAttribute =
  (name: string): Write =>
  (ref, session, value) => {
    edit(ref, session, (element) => nonVisual(element)?.setAttribute(name, String(value)));
  };

const side =
  (name: keyof Box): Read =>
  (ref, session) =>
    shownBox(session, ref.part, entryOf(ref, session))[name];

const writeSide =
  (name: keyof Box): Write =>
  (ref, session, value) => {
    if (typeof value !== "number") throw invalidArgument(name);
    edit(ref, session, (element) => {
      setSide(session.deck.pkg, ref.part, element, name, value);
    });
  };

export const shapeScalars: Record<string, Read> = {
  id: (ref, session) => entryOf(ref, session).id,
  name: attribute("name"),
  type: (ref, session) => shapeType(entryOf(ref, session).element),
  left: side("left"),
  top: side("top"),
  width: side("width"),
  height: side("height"),
  level: (ref, session) => entryOf(ref, session).level,
  zOrderPosition: (ref, session) =>
    session.shapes(ref.part).findIndex((shape) => shape.id === ref.shape),
  rotation: (ref, session) =>
    Number(frameOf(entryOf(ref, session).element)?.getAttribute("rot") ?? 0) / SIXTY_THOUSANDTHS,
  visible: (ref, session) =>
    nonVisual(entryOf(ref, session).element)?.getAttribute("hidden") !== "1",
  altTextDescription: attribute("descr"),
  altTextTitle: attribute("title"),
  creationId: (ref, session) => shapeCreationId(entryOf(ref, session).element),
};

export const shapeWrites: Record<string, Write> = {
  name: writeAttribute("name"),
  altTextDescription: writeAttribute("descr"),
  altTextTitle: writeAttribute("title"),
  left: writeSide("left"),
  top: writeSide("top"),
  width: writeSide("width"),
  height: writeSide("height"),
};

export function removeShape(ref: Ref, session: Session): void {
  edit(ref, session, (element) => {
    element.remove();
  });
}

export function clearFill(ref: Ref, session: Session): void {
  edit(ref, session, (element) => {
    replaceFill(element, element.ownerDocument.createElementNS(DRAWING, "a:noFill"));
  });
}

/** Fill a shape with a picture: stretched, as new; what the old fill had is gone. */
export function setImage(ref: Ref, session: Session, args: unknown[]): void {
  const { type, id } = addPicture(ref, session, args);
  edit(ref, session, (element) => {
    replaceFill(element, pictureFill(element.ownerDocument, type, id, session.fillsRotate));
  });
}

/** The picture of a slide's background, where it has one. */
export function backgroundFill(ref: Ref, session: Session): Element | undefined {
  const properties = at(session.page(ref.part).documentElement, "cSld", "bg", "bgPr");
  return properties && children(properties).find((child) => child.localName === "blipFill");
}

/** Give a background another picture; as a shape's fill, it is stretched and as new. */
export function setBackgroundImage(ref: Ref, session: Session, args: unknown[]): void {
  const { type, id } = addPicture(ref, session, args);
  session.change(ref.part, (document) => {
    backgroundFill(ref, session)?.replaceWith(pictureFill(document, type, id, session.fillsRotate));
  });
}

/** Give a slide a picture as background, whatever it had (ECMA-376 part 1, 19.3.1.1). */
export function fillBackground(ref: Ref, session: Session, args: unknown[]): void {
  const [{ imageBase64 = "" } = {}] = args as [{ imageBase64?: string } | undefined];
  const { type, id } = addPicture(ref, session, [imageBase64]);
  session.change(ref.part, (document) => {
    const page = at(document.documentElement, "cSld");
    at(page, "bg")?.remove();
    const background = document.createElementNS(PRESENTATION, "p:bg");
    const properties = document.createElementNS(PRESENTATION, "p:bgPr");
    const fill = pictureFill(document, type, id, session.fillsRotate);
    properties.append(fill, document.createElementNS(DRAWING, "a:effectLst"));
    background.append(properties);
    page?.prepend(background);
  });
}

/** Put a rectangle on top of all, as `addGeometricShape` does. */
export function addRectangle(ref: Ref, session: Session, args: unknown[]): Ref {
  const [kind, box] = args as [string, Record<"left" | "top" | "width" | "height", number>];
  if (kind !== "Rectangle") throw invalidArgument("the tests need rectangles only");
  const id = String(1 + Math.max(1, ...session.shapes(ref.part).map((shape) => Number(shape.id))));
  const emu = (points: number): number => Math.round(points * 12700);
  const markup =
    `<p:sp xmlns:p="${PRESENTATION}" xmlns:a="${DRAWING}"><p:nvSpPr><p:cNvPr id="${id}" name="Rectangle ${id}"/>` +
    `<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="${emu(box.left)}" y="${emu(box.top)}"/>` +
    `<a:ext cx="${emu(box.width)}" cy="${emu(box.height)}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>` +
    "</a:prstGeom></p:spPr></p:sp>";
  session.change(ref.part, (document) => {
    const shape = parseXml(new TextEncoder().encode(markup)).documentElement;
    const tree = treeOf(document);
    const extensions = [...tree.children].find((child) => child.localName === "extLst");
    tree.insertBefore(document.importNode(shape, true), extensions ?? null);
  });
  return member(ref, "Shape", id, { shape: id });
}

function addPicture(ref: Ref, session: Session, args: unknown[]): { type: string; id: string } {
  const blob = decoded(args[0]);
  const isPng = blob[0] === 0x89;
  if (!isPng && blob[0] !== 0xff) throw invalidArgument("base64EncodedImage");
  const { pkg } = session.deck;
  const name = pkg.freeName(`ppt/media/image1.${isPng ? "png" : "jpeg"}`);
  pkg.add(name, blob, isPng ? "image/png" : "image/jpeg");
  const layout = pkg.relationships(ref.part).find((item) => item.type.endsWith("/slideLayout"));
  const type = (layout?.type ?? "").replace(/slideLayout$/, "image");
  return { type, id: pkg.relate(ref.part, name, type) };
}

function pictureFill(document: Document, type: string, id: string, rotates: boolean): Element {
  const fill = document.createElementNS(DRAWING, "a:blipFill");
  if (rotates) fill.setAttribute("rotWithShape", "1");
  const blip = document.createElementNS(DRAWING, "a:blip");
  blip.setAttributeNS(type.replace(/\/image$/, ""), "r:embed", id);
  const stretch = document.createElementNS(DRAWING, "a:stretch");
  stretch.append(document.createElementNS(DRAWING, "a:fillRect"));
  fill.append(blip, stretch);
  return fill;
}

/** Where a shape is seen on its slide: a group's member is scaled by all groups around it. */
export function shownBox(session: Session, part: string, shape: ShapeEntry): Box {
  let box = boxOf(session.deck.pkg, part, shape.element);
  for (let group = shape.parent; group; group = group.parent) {
    const frame = frameOf(group.element);
    const outer = boxOf(session.deck.pkg, part, group.element);
    const inner = { off: at(frame, "chOff"), ext: at(frame, "chExt") };
    const points = (from: Element | undefined, name: string, otherwise: number): number =>
      from ? Number(from.getAttribute(name)) / 12700 : otherwise;
    const scaleX = outer.width / (points(inner.ext, "cx", outer.width) || 1);
    const scaleY = outer.height / (points(inner.ext, "cy", outer.height) || 1);
    box = {
      left: outer.left + (box.left - points(inner.off, "x", outer.left)) * scaleX,
      top: outer.top + (box.top - points(inner.off, "y", outer.top)) * scaleY,
      width: box.width * scaleX,
      height: box.height * scaleY,
    };
  }
  return box;
}

function edit(ref: Ref, session: Session, change: (element: Element) => void): void {
  entryOf(ref, session);
  session.change(ref.part, () => {
    change(entryOf(ref, session).element);
  });
}

function replaceFill(element: Element, fill: Element): void {
  const properties = at(element, "spPr");
  if (!properties) throw invalidArgument("the shape has no fill");
  const old = children(properties).find((child) => FILLS.includes(child.localName));
  const geometry = children(properties).find((child) => child.localName.endsWith("Geom"));
  if (old) old.replaceWith(fill);
  else properties.insertBefore(fill, geometry?.nextSibling ?? null);
}

export function decoded(value: unknown, what = "base64EncodedImage"): Uint8Array {
  try {
    return bytesOf(String(value));
  } catch {
    throw invalidArgument(what);
  }
}
