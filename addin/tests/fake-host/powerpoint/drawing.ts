/** A plain picture of the slides: enough to see which picture lies where, and how sharp it is. */

import { below, relationshipId } from "../opc/xml";
import { at } from "../opc/xml";
import type { SlideEntry } from "../deck/deck";
import type { ShapeEntry } from "../deck/shapes";
import type { Session } from "./session";
import { shownBox } from "./shape-members";

const THUMBNAIL_PX = 96;
const STAGE_PX = 640;

/** Draw the slide in view and the strip of all slides. */
export async function draw(session: Session): Promise<void> {
  const strip = document.getElementById("slides");
  const stage = document.getElementById("stage");
  if (!strip || !stage) return;
  const active = session.active();
  const thumbnails = session.deck.slides().map(async (slide) => {
    const canvas = await canvasOf(session, slide, THUMBNAIL_PX);
    canvas.classList.toggle("active", slide.number === active?.number);
    return canvas;
  });
  const large = active ? [canvasOf(session, active, STAGE_PX)] : [];
  strip.replaceChildren(...(await Promise.all(thumbnails)));
  stage.replaceChildren(...(await Promise.all(large)));
}

/** What is drawn of a shape. */
interface Drawn {
  box: ReturnType<typeof shownBox>;
  text: string | undefined;
  blob: Uint8Array | undefined;
}

/** A slide as base64 PNG. */
export async function paint(session: Session, slide: SlideEntry, width: number): Promise<string> {
  const canvas = await canvasOf(session, slide, width);
  return canvas.toDataURL("image/png").split(",")[1] ?? "";
}

async function canvasOf(
  session: Session,
  slide: SlideEntry,
  width: number,
): Promise<HTMLCanvasElement> {
  const size = session.slideSize();
  // All that is drawn is taken before the first wait: meanwhile Ctrl+Z may take the slide away.
  const shapes = session.shapes(slide.part).map((shape) => drawn(session, slide.part, shape));
  const scale = width / size.width;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = Math.round(size.height * scale);
  const brush = canvas.getContext("2d");
  if (!brush) return canvas;
  brush.fillStyle = "white";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.scale(scale, scale);
  for (const { box, text, blob } of shapes) {
    const picture = blob && (await decoded(blob));
    if (picture) brush.drawImage(picture, box.left, box.top, box.width, box.height);
    brush.fillStyle = "black";
    brush.font = "18px sans-serif";
    if (text) brush.fillText(text, box.left + 7, box.top + 24, box.width);
  }
  return canvas;
}

function drawn(session: Session, part: string, shape: ShapeEntry): Drawn {
  const text = at(shape.element, "txBody")?.textContent.trim().slice(0, 60);
  return { box: shownBox(session, part, shape), text, blob: pictureOf(session, part, shape.element) };
}

function pictureOf(session: Session, part: string, element: Element): Uint8Array | undefined {
  const [blip] = element.localName === "grpSp" ? [] : below(element, "blip");
  const id = blip && relationshipId(blip, "embed");
  const item = session.deck.pkg.relationships(part).find((one) => one.id === id);
  if (!item || item.external) return undefined;
  return session.deck.pkg.parts.get(session.deck.pkg.target(part, item));
}

async function decoded(blob: Uint8Array): Promise<ImageBitmap | undefined> {
  try {
    return await createImageBitmap(new Blob([blob.slice()]));
  } catch {
    return undefined; // a format that a browser does not show
  }
}
