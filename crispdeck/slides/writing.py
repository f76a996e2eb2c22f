"""A shape's words, set into its box."""

from collections.abc import Sequence

from lxml import etree

from crispdeck.deck.geometry import Box, emu
from crispdeck.deck.opc.markup import A, P
from crispdeck.deck.placeholders import placeholder_of
from crispdeck.slides.lettering import Line, Paragraph, lines
from crispdeck.slides.outlines import EMU_PER_PT, SVG, left_top_pt, number
from crispdeck.slides.paint import ink_of, style_of
from crispdeck.slides.sources import SlideSources
from crispdeck.slides.texts import TextReader, body_attribute, fit

_INSET_EMU = {"lIns": 91_440, "rIns": 91_440, "tIns": 45_720, "bIns": 45_720}
"""ECMA-376 part 1, 21.1.2.1.1: defaults of a:bodyPr."""
_LEADING = 1.2  # height of a line by size of type: what the common typefaces ask for
_MAX_LINES = 200  # of one shape; a guess: a slide shows fewer
_ANCHORS = {"ctr": "middle", "r": "end"}


def write_text(
    group: etree._Element, shape: etree._Element, box: Box, sources: SlideSources
) -> None:
    """Write the text of a shape or a table's cell; nothing where there is none."""
    body = shape.find(P + "txBody")
    body = shape.find(A + "txBody") if body is None else body
    if body is None or not any(one.text for one in body.iter(A + "t")):
        return
    bodies = [body, *(one.find(P + "txBody") for one in sources.followed(shape))]
    properties = [
        found for one in bodies if one is not None and (found := one.find(A + "bodyPr")) is not None
    ]
    room = _Room.of(box, properties)
    reader = TextReader(
        sources.text_styles(shape),
        sources.palette,
        ink_of(style_of(shape), sources.palette),
        is_ink_own=style_of(shape) is not None and placeholder_of(shape) is None,
        scale=fit(properties),
    )
    paragraphs = list(reader.paragraphs(body))
    set_lines = [
        (paragraph, line)
        for paragraph in paragraphs
        for line in lines(paragraph, max(1.0, room.width - paragraph.left_pt))
    ][:_MAX_LINES]
    _set(group, set_lines, room, body_attribute(properties, "anchor") or _default_anchor(shape))


def _default_anchor(shape: etree._Element) -> str:
    properties = shape.find(A + "tcPr")
    return properties.get("anchor", "t") if properties is not None else "t"


class _Room:
    """The box without its insets, in points."""

    def __init__(self, left: float, top: float, width: float, height: float) -> None:
        self.left = left
        self.top = top
        self.width = width
        self.height = height

    @classmethod
    def of(cls, box: Box, properties: Sequence[etree._Element]) -> "_Room":
        inset = {}
        for name, default in _INSET_EMU.items():
            stated = emu(body_attribute(properties, name))
            inset[name] = (default if stated is None else stated) / EMU_PER_PT
        left, top = left_top_pt(box)
        return cls(
            left + inset["lIns"],
            top + inset["tIns"],
            max(1.0, box.width / EMU_PER_PT - inset["lIns"] - inset["rIns"]),
            max(1.0, box.height / EMU_PER_PT - inset["tIns"] - inset["bIns"]),
        )


def _set(
    group: etree._Element,
    rows: Sequence[tuple[Paragraph, Line]],
    room: _Room,
    anchor: str,
) -> None:
    height = sum(line.size_pt * _LEADING for _, line in rows)
    gaps = {id(paragraph): paragraph.gap_pt for paragraph, _ in rows[1:]}
    height += sum(gaps.values())
    slack = room.height - height
    y = room.top + {"ctr": slack / 2, "b": slack}.get(anchor, 0.0)
    last: Paragraph | None = None
    for paragraph, line in rows:
        if paragraph is not last and last is not None:
            y += paragraph.gap_pt
        y += line.size_pt * _LEADING
        is_first, last = paragraph is not last, paragraph
        _write(group, paragraph, line, room, y - 0.25 * line.size_pt, has_bullet=is_first)


def _write(
    group: etree._Element,
    paragraph: Paragraph,
    line: Line,
    room: _Room,
    y: float,
    *,
    has_bullet: bool,
) -> None:
    if not line.runs or not any(run.text.strip() for run in line.runs):
        return
    left = room.left + paragraph.left_pt
    width = room.width - paragraph.left_pt
    x = {"ctr": left + width / 2, "r": left + width}.get(paragraph.align, left)
    if has_bullet and paragraph.bullet and paragraph.align not in _ANCHORS:
        gap_pt = min(paragraph.left_pt, 0.9 * line.size_pt)
        dot = _text(group, left - gap_pt, y, line.size_pt)
        dot.text = paragraph.bullet
        dot.set("fill", line.runs[0].colour)
    text = _text(group, x, y, line.size_pt)
    if paragraph.align in _ANCHORS:
        text.set("text-anchor", _ANCHORS[paragraph.align])
    # Whatever font the reader has, the line is as long as it was reckoned to be.
    text.set("textLength", number(line.width_pt))
    text.set("lengthAdjust", "spacingAndGlyphs")
    for run in line.runs:
        span = etree.SubElement(text, SVG + "tspan", fill=run.colour)
        span.text = run.text
        if run.is_bold:
            span.set("font-weight", "bold")
        if run.size_pt != line.size_pt:
            span.set("font-size", number(run.size_pt))


def _text(group: etree._Element, x: float, y: float, size_pt: float) -> etree._Element:
    place = {"x": number(x), "y": number(y), "font-size": number(size_pt)}
    return etree.SubElement(group, SVG + "text", place)
