/** What a person does in PowerPoint while the pane is open. Slides are counted from 0. */

import { Deck, type SlideEntry } from "../deck/deck";
import { exportSlides } from "../deck/export";
import { insertSlides } from "../deck/insert";
import { setSide, treeOf } from "../deck/shapes";
import { bytesOf } from "../base64";
import { below } from "../opc/xml";
import { parseXml } from "../opc/xml";
import { invalidArgument } from "./errors";
import type { Session } from "./session";

export type Edit =
  | { kind: "select"; slide: number; shapes?: string[] }
  | { kind: "move"; slide: number; shape: string; left: number; top: number }
  | { kind: "write"; slide: number; shape: string; text: string }
  | { kind: "link"; slide: number; shape: string; to: number }
  | { kind: "delete-shape"; slide: number; shape: string }
  | { kind: "delete-slide"; slide: number }
  /** As Ctrl+D in the list of slides does. */
  | { kind: "duplicate-slide"; slide: number }
  | { kind: "move-slide"; slide: number; to: number }
  | {
      kind: "insert-picture";
      slide: number;
      /** Base64 of a PNG or JPEG. */
      picture: string;
      /** In points. */
      left: number;
      top: number;
      width: number;
      height: number;
      description?: string;
    };

const PRESENTATION = "http://schemas.openxmlformats.org/presentationml/2006/main";
const DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main";
const RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const EMU_PER_POINT = 12700;

/** Do it; for an inserted picture, return its shape id. */
export function perform(session: Session, edit: Edit): string | undefined {
  return session.history.record("person", () => performed(session, edit));
}

function performed(session: Session, edit: Edit): string | undefined {
  const slide = session.deck.slides()[edit.slide];
  if (!slide) throw invalidArgument(`no slide ${edit.slide}`);
  switch (edit.kind) {
    case "select":
      session.select([slide.number], edit.shapes);
      return undefined;
    case "move":
      change(session, slide, edit.shape, (element) => {
        const { pkg } = session.deck;
        setSide(pkg, slide.part, element, "left", edit.left);
        setSide(pkg, slide.part, element, "top", edit.top);
      });
      return undefined;
    case "write":
      change(session, slide, edit.shape, (element) => {
        const [text] = below(element, "t");
        if (!text) throw invalidArgument("the shape has no text");
        text.textContent = edit.text;
      });
      return undefined;
    case "link":
      link(session, slide, edit);
      return undefined;
    case "delete-shape":
      change(session, slide, edit.shape, (element) => {
        element.remove();
      });
      return undefined;
    case "delete-slide":
      session.remove(slide);
      return undefined;
    case "duplicate-slide": {
      const copy = Deck.read(exportSlides(session.deck, [slide]));
      insertSlides(session.deck, copy, { formatting: "UseDestinationTheme", after: slide });
      return undefined;
    }
    case "move-slide":
      session.deck.move(slide, edit.to);
      return undefined;
    case "insert-picture":
      return insertPicture(session, slide, edit);
  }
}

function change(
  session: Session,
  slide: SlideEntry,
  shape: string,
  act: (element: Element) => void,
): void {
  if (!session.shape(slide.part, shape)) throw invalidArgument(`no shape ${shape}`);
  session.change(slide.part, () => {
    act(session.shape(slide.part, shape)?.element as Element);
  });
}

/** As Insert > Link > Place in this document does, for a whole shape. */
function link(session: Session, slide: SlideEntry, edit: Extract<Edit, { kind: "link" }>): void {
  const aim = session.deck.slides()[edit.to];
  if (!aim) throw invalidArgument(`no slide ${edit.to}`);
  const relationship = session.deck.pkg.relate(slide.part, aim.part, `${RELATIONSHIPS}/slide`);
  change(session, slide, edit.shape, (element) => {
    const [properties] = below(element, "cNvPr");
    const jump = element.ownerDocument.createElementNS(DRAWING, "a:hlinkClick");
    jump.setAttributeNS(RELATIONSHIPS, "r:id", relationship);
    jump.setAttribute("action", "ppaction://hlinksldjump");
    properties?.prepend(jump);
  });
}

/** As Insert > Pictures does: on top of all, selected. */
function insertPicture(
  session: Session,
  slide: SlideEntry,
  edit: Extract<Edit, { kind: "insert-picture" }>,
): string {
  const { pkg } = session.deck;
  const blob = bytesOf(edit.picture);
  const kind = blob[0] === 0x89 ? "png" : "jpeg";
  const media = pkg.freeName(`ppt/media/image1.${kind}`);
  pkg.add(media, blob, `image/${kind}`);
  const relationship = pkg.relate(slide.part, media, `${RELATIONSHIPS}/image`);
  const id = String(1 + Math.max(1, ...session.shapes(slide.part).map((x) => Number(x.id))));
  const emu = (points: number): number => Math.round(points * EMU_PER_POINT);
  const guid = crypto.randomUUID().toUpperCase();
  const markup =
    `<p:pic xmlns:p="${PRESENTATION}" xmlns:a="${DRAWING}" xmlns:r="${RELATIONSHIPS}"><p:nvPicPr>` +
    `<p:cNvPr id="${id}" name="Picture ${id}" descr="${edit.description ?? ""}"><a:extLst>` +
    `<a:ext uri="{FF2B5EF4-FFF2-40B4-BE49-F238E27FC236}"><a16:creationId ` +
    `xmlns:a16="http://schemas.microsoft.com/office/drawing/2014/main" id="{${guid}}"/></a:ext>` +
    `</a:extLst></p:cNvPr><p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/>` +
    `</p:nvPicPr><p:blipFill><a:blip r:embed="${relationship}"/><a:stretch><a:fillRect/>` +
    `</a:stretch></p:blipFill><p:spPr><a:xfrm><a:off x="${emu(edit.left)}" y="${emu(edit.top)}"/>` +
    `<a:ext cx="${emu(edit.width)}" cy="${emu(edit.height)}"/></a:xfrm><a:prstGeom prst="rect">` +
    `<a:avLst/></a:prstGeom></p:spPr></p:pic>`;
  session.change(slide.part, (document) => {
    const picture = parseXml(new TextEncoder().encode(markup)).documentElement;
    const tree = treeOf(document);
    const extensions = [...tree.children].find((child) => child.localName === "extLst");
    tree.insertBefore(document.importNode(picture, true), extensions ?? null);
  });
  session.select([slide.number], [id]);
  return id;
}
