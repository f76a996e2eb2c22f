/** One open presentation and the person before it: deck, selection, what was ever refused. */

import { type Deck, type SlideEntry } from "../deck/deck";
import { allShapes, type ShapeEntry, treeOf } from "../deck/shapes";
import { removeSlide } from "../deck/remove";
import { at, writeXml } from "../opc/xml";
import { general } from "./errors";
import { History } from "./history";

export interface Selection {
  /** p:sldId/@id of the selected slides; the first is the one in view. */
  slides: number[];
  /** Shapes on the slide in view. */
  shapes: string[];
}

/** Draws a slide as base64 PNG, so many pixels wide; only a browser can. */
export type Painter = (session: Session, slide: SlideEntry, width: number) => Promise<string>;

export class Session {
  selection: Selection;
  /** What strict reading found wrong in packages that the pane handed in. */
  readonly refusals: string[][] = [];
  /** Decks that the pane opened in windows of their own. */
  readonly opened: string[] = [];
  /** PowerPoint stores pictures of slides that come in with other bytes than it was given. */
  storesOtherBytes = false;
  /** Nothing may be changed: reading view, or a file marked as final. */
  isReadOnly = false;
  /** Setting a fill's picture changes more than the picture: it turns with its shape from then on. */
  fillsRotate = false;
  /** Addresses that the pane opened in the browser. */
  readonly windows: string[] = [];
  /** What travels with the file: Office.context.document.settings. */
  readonly settings: Record<string, unknown> = {};
  readonly history: History;
  private readonly documents = new WeakMap<Uint8Array, Document>();
  private readonly watchers: (() => void)[] = [];

  constructor(
    readonly deck: Deck,
    readonly title: string,
    private readonly painter: Painter | undefined = undefined,
  ) {
    this.history = new History(deck.pkg);
    this.selection = { slides: deck.slides().slice(0, 1).map((x) => x.number), shapes: [] };
  }

  onSelection(watcher: () => void): void {
    this.watchers.push(watcher);
  }

  select(slides: number[], shapes: string[] = []): void {
    this.selection = { slides, shapes };
    for (const watcher of this.watchers) watcher();
  }

  /** Ctrl+Z; the view stays where it is, or goes to the first slide that has come back. */
  undo(): void {
    const known = new Set(this.deck.slides().map((slide) => slide.number));
    this.history.undo();
    const slides = this.deck.slides();
    const back = slides.find((slide) => !known.has(slide.number)) ?? this.active() ?? slides[0];
    this.select(back ? [back.number] : []);
  }

  /** The slide in view. */
  active(): SlideEntry | undefined {
    return this.deck.slides().find((slide) => slide.number === this.selection.slides[0]);
  }

  /** The page of a slide, layout or master; change it only through `change`. */
  page(part: string): Document {
    const blob = this.deck.pkg.part(part);
    const known = this.documents.get(blob) ?? this.deck.pkg.xml(part);
    this.documents.set(blob, known);
    return known;
  }

  shapes(part: string): ShapeEntry[] {
    return allShapes(treeOf(this.page(part)));
  }

  shape(part: string, id: string): ShapeEntry | undefined {
    return this.shapes(part).find((shape) => shape.id === id);
  }

  /** Change a page; what is stored is the page as it is afterwards. */
  change(part: string, change: (document: Document) => void): void {
    const document = this.page(part);
    const before = this.deck.pkg.part(part);
    change(document);
    this.documents.delete(before);
    this.deck.pkg.parts.set(part, writeXml(document));
  }

  /** The size of every slide, in points. */
  slideSize(): { width: number; height: number } {
    const size = at(this.page(this.deck.main).documentElement, "sldSz");
    const points = (name: string): number => Number(size?.getAttribute(name) ?? 0) / 12700;
    return { width: points("cx"), height: points("cy") };
  }

  /** A render of a slide as base64 PNG. */
  async picture(slide: SlideEntry, options: { width?: number }): Promise<string> {
    if (!this.painter) throw general("nothing here can draw");
    return this.painter(this, slide, options.width ?? Math.round(this.slideSize().width));
  }

  /** Delete a slide; the view goes to the one that takes its place. */
  remove(slide: SlideEntry): void {
    const place = this.deck.slides().findIndex((x) => x.number === slide.number);
    removeSlide(this.deck, slide);
    const left = this.deck.slides();
    const next = left[Math.min(place, left.length - 1)];
    if (this.selection.slides.includes(slide.number)) this.select(next ? [next.number] : []);
  }
}
