"""One slide as SVG: backgrounds, shapes, pictures and words at their true places.

It is drawn without an office program, so it is a likeness: letters are of average width, effects
and three dimensions are left out, charts and diagrams are marked by their name.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from crispdeck.deck.geometry import Box, on_page, xfrm_box
from crispdeck.deck.geometry import rectangle as crop_of
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.opc.markup import MC, A, P, R
from crispdeck.deck.placeholders import box_of, own_box, placeholder_of
from crispdeck.deck.tables import table_cells
from crispdeck.slides.colours import Colour
from crispdeck.slides.frames import frame_label
from crispdeck.slides.outlines import EMU_PER_PT, SVG, left_top_pt, number, outline, rectangle
from crispdeck.slides.paint import Paint
from crispdeck.slides.sources import SlideSources, Source
from crispdeck.slides.writing import write_text

MAX_SHAPES = 600
"""Of one slide with all that it stands on; whatever comes later is left out."""
MAX_PICTURES = 60  # of one slide; a guess: each is shrunk and embedded, so they cost most
MAX_CELLS = 400  # drawn of one table; a guess: more are unreadable on a slide

_SHAPES = {P + name for name in ("sp", "pic", "cxnSp", "graphicFrame", "grpSp")}
_MISSING = Colour("94a3b8")


@dataclass(frozen=True)
class Likeness:
    """A small picture of a media part."""

    blob: bytes
    content_type: str


def draw_slide(
    deck: DeckArchive, slide: int, likeness_of: Callable[[str], Likeness | None]
) -> bytes:
    """Draw a slide.

    Args:
        slide: its number in the show, from 1.
        likeness_of: gives a small picture of a media part; None where there is none to be had.

    Returns:
        SVG that needs nothing else: pictures are in it as data.

    Raises:
        NotFoundError: the deck has no such slide.
        MalformedDeckError, UnsafeDeckError: the slide cannot be read.
    """
    return _Drawing(SlideSources(deck, slide), likeness_of).svg()


class _Drawing:
    def __init__(
        self, sources: SlideSources, likeness_of: Callable[[str], Likeness | None]
    ) -> None:
        self._sources = sources
        self._likeness = likeness_of
        self._left = MAX_SHAPES
        self._pictures_left = MAX_PICTURES
        self._svg = etree.Element(SVG + "svg", nsmap={None: SVG[1:-1]})
        self._paint = Paint(sources.palette, self._svg)

    def svg(self) -> bytes:
        width, height = (
            side / EMU_PER_PT for side in (self._sources.box.width, self._sources.box.height)
        )
        self._svg.set("viewBox", f"0 0 {number(width)} {number(height)}")
        self._svg.set("width", number(width))
        self._svg.set("height", number(height))
        self._svg.set("font-family", "Arial, Helvetica, 'Liberation Sans', sans-serif")
        self._background()
        for source in self._sources.under():
            self._tree(source, is_under=True)
        self._tree(self._sources.slide, is_under=False)
        return etree.tostring(self._svg, xml_declaration=True, encoding="UTF-8")

    def _background(self) -> None:
        paper = rectangle(self._sources.box)
        paper.set("fill", self._sources.palette.named("bg1").css)
        self._svg.append(paper)
        for source in self._sources.chain():
            ground = source.root.find(f"{P}cSld/{P}bg")
            if ground is None:
                continue
            properties = ground.find(P + "bgPr")
            if properties is not None and properties.find(A + "blipFill") is not None:
                self._picture(source, properties.find(A + "blipFill"), self._sources.box, self._svg)
            elif properties is not None:
                self._paint.fill(paper, properties)
            else:
                colour = self._sources.palette.of(ground.find(P + "bgRef"))
                paper.set("fill", (colour or self._sources.palette.named("bg1")).css)
            return

    def _tree(self, source: Source, *, is_under: bool) -> None:
        tree = source.root.find(f"{P}cSld/{P}spTree")
        for shape in () if tree is None else _shapes(tree):
            self._left -= 1
            if self._left < 0:
                return
            if not (is_under and placeholder_of(shape) is not None) and not _is_hidden(shape):
                self._shape(source, shape)

    def _shape(self, source: Source, shape: etree._Element) -> None:
        box = self._box(source, shape)
        if box is None:
            return
        group = etree.SubElement(self._svg, SVG + "g")
        if transform := _turned(shape, box):
            group.set("transform", transform)
        if shape.tag == P + "graphicFrame":
            self._frame(source, shape, box, group)
        elif shape.tag == P + "pic":
            self._picture(source, shape.find(P + "blipFill"), box, group)
            self._outline(shape, box, group, fills=False)
        else:
            self._outline(shape, box, group, fills=True)
            fill = shape.find(f"{P}spPr/{A}blipFill")
            if fill is not None:
                self._picture(source, fill, box, group)
            write_text(group, shape, box, self._sources)

    def _box(self, source: Source, shape: etree._Element) -> Box | None:
        if shape.tag == P + "graphicFrame":
            box = xfrm_box(shape.find(P + "xfrm"))
            return None if box is None else on_page(box, shape)
        if shape.tag == P + "cxnSp":
            return own_box(shape)
        return box_of(shape, lambda: self._sources.inherited(source.part))

    def _outline(
        self, shape: etree._Element, box: Box, group: etree._Element, *, fills: bool
    ) -> None:
        properties = shape.find(P + "spPr")
        drawn = outline(properties, box, is_line=shape.tag == P + "cxnSp")
        style = shape.find(P + "style")
        drawn.set("fill", "none")
        if fills and shape.tag != P + "cxnSp":
            self._paint.fill(drawn, properties, style)
        self._paint.line(drawn, properties, style)
        if drawn.get("fill") != "none" or drawn.get("stroke"):
            group.append(drawn)

    def _picture(
        self, source: Source, fill: etree._Element | None, box: Box, group: etree._Element
    ) -> None:
        blip = None if fill is None else fill.find(A + "blip")
        rel = None if blip is None else source.relationships.get(blip.get(R + "embed", ""))
        part = None if rel is None else rel.part
        likeness = None
        if part is not None and self._pictures_left > 0 and min(box.width, box.height) > 0:
            self._pictures_left -= 1
            likeness = self._likeness(part)
        if likeness is None or fill is None:
            self._marked(group, box, "picture")
            return
        self._placed(group, fill, box, likeness)

    def _placed(
        self, group: etree._Element, fill: etree._Element, box: Box, likeness: Likeness
    ) -> None:
        """Show what srcRect leaves of a picture, over the whole box."""
        left, top = left_top_pt(box)
        width, height = box.width / EMU_PER_PT, box.height / EMU_PER_PT
        crop = crop_of(fill.find(A + "srcRect"))
        share_x = max(0.01, 1 - crop.left - crop.right)
        share_y = max(0.01, 1 - crop.top - crop.bottom)
        window = etree.SubElement(group, SVG + "svg", overflow="hidden")
        place = {"x": left, "y": top, "width": width, "height": height}
        window.attrib.update({key: number(value) for key, value in place.items()})
        data = base64.b64encode(likeness.blob).decode()
        image = etree.SubElement(window, SVG + "image", preserveAspectRatio="none")
        whole = {
            "x": -crop.left / share_x * width,
            "y": -crop.top / share_y * height,
            "width": width / share_x,
            "height": height / share_y,
        }
        image.attrib.update({key: number(value) for key, value in whole.items()})
        image.set("href", f"data:{likeness.content_type};base64,{data}")

    def _frame(
        self, source: Source, shape: etree._Element, box: Box, group: etree._Element
    ) -> None:
        """Draw a table's cells, an object's preview, or the name of what it is."""
        table = shape.find(f"{A}graphic/{A}graphicData/{A}tbl")
        preview = next(shape.iter(P + "pic"), None)
        if table is not None:
            for cell, cell_box in islice(table_cells(table, box), MAX_CELLS):
                drawn = rectangle(cell_box)
                drawn.set("fill", "none")
                self._paint.fill(drawn, cell.find(A + "tcPr"))
                fill = cell.find(f"{A}tcPr/{A}blipFill")
                if fill is not None:
                    self._picture(source, fill, cell_box, group)
                drawn.set("stroke", _MISSING.css)
                drawn.set("stroke-width", "0.5")
                group.append(drawn)
                write_text(group, cell, cell_box, self._sources)
        elif preview is not None:
            self._picture(source, preview.find(P + "blipFill"), box, group)
        else:
            self._marked(group, box, frame_label(shape))

    def _marked(self, group: etree._Element, box: Box, label: str) -> None:
        """Say what would be here."""
        drawn = rectangle(box, 4.0)
        drawn.attrib.update(
            {"fill": _MISSING.css, "fill-opacity": "0.15", "stroke": _MISSING.css}
            | {"stroke-dasharray": "6 4"}
        )
        group.append(drawn)
        size_pt = min(20.0, box.height / EMU_PER_PT / 3)
        if size_pt > 4:
            place = {"x": box.centre_x / EMU_PER_PT, "y": box.centre_y / EMU_PER_PT + size_pt / 3}
            text = etree.SubElement(group, SVG + "text", fill="#64748b")
            text.attrib.update({key: number(value) for key, value in place.items()})
            text.set("text-anchor", "middle")
            text.set("font-size", number(size_pt))
            text.text = label


def _shapes(tree: etree._Element) -> Iterator[etree._Element]:
    """Yield the shapes in the order they are painted, out of groups, one of each alternative."""
    for item in tree:
        if item.tag == P + "grpSp":
            yield from _shapes(item)
        elif item.tag == MC + "AlternateContent":
            chosen = item.find(MC + "Choice")
            if chosen is not None:
                yield from _shapes(chosen)
        elif item.tag in _SHAPES:
            yield item


def _is_hidden(shape: etree._Element) -> bool:
    about = shape[0].find(P + "cNvPr") if len(shape) else None
    return about is not None and about.get("hidden") in {"1", "true", "on"}


def _turned(shape: etree._Element, box: Box) -> str:
    x, y = number(box.centre_x / EMU_PER_PT), number(box.centre_y / EMU_PER_PT)
    steps = []
    if box.rotation_deg:
        steps.append(f"rotate({number(box.rotation_deg)} {x} {y})")
    # Words are never mirrored; PowerPoint turns them back as well.
    if shape.tag in {P + "pic", P + "cxnSp"}:
        xfrm = shape.find(f"{P}spPr/{A}xfrm")
        flips = [
            -1 if xfrm is not None and xfrm.get(name) in {"1", "true", "on"} else 1
            for name in ("flipH", "flipV")
        ]
        if flips != [1, 1]:
            steps.append(f"translate({x} {y}) scale({flips[0]} {flips[1]}) translate(-{x} -{y})")
    return " ".join(steps).replace("--", "")
