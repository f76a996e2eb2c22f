"""What stands in a p:graphicFrame: tables by their cells, all else by its name."""

from collections.abc import Iterator

from lxml import etree

from crispdeck.deck.geometry import Box, emu
from crispdeck.deck.opc.markup import A

MAX_CELLS = 400  # drawn of one table; a guess: more are unreadable on a slide

_LABELS = {"chart": "chart", "diagram": "diagram", "ole": "object", "media": "film"}


def frame_label(frame: etree._Element) -> str:
    """Name what a frame holds, by the address of its vocabulary."""
    data = frame.find(f"{A}graphic/{A}graphicData")
    uri = "" if data is None else data.get("uri", "")
    return next((label for word, label in _LABELS.items() if word in uri), "object")


def table_cells(table: etree._Element, box: Box) -> Iterator[tuple[etree._Element, Box]]:
    """Yield the cells of an a:tbl with their boxes, rows stretched to fill the frame (21.1.3)."""
    widths = [emu(one.get("w")) or 0.0 for one in table.iterfind(f"{A}tblGrid/{A}gridCol")]
    rows = table.findall(A + "tr")
    heights = [emu(row.get("h")) or 0.0 for row in rows]
    if not sum(widths) or not sum(heights):
        return
    scale_x, scale_y = box.width / sum(widths), box.height / sum(heights)
    left, top = box.centre_x - box.width / 2, box.centre_y - box.height / 2
    drawn = 0
    for number, row in enumerate(rows):
        for column, cell in enumerate(row.findall(A + "tc")[: len(widths)]):
            if cell.get("hMerge") == "1" or cell.get("vMerge") == "1":
                continue
            drawn += 1
            if drawn > MAX_CELLS:
                return
            span, deep = _span(cell, "gridSpan"), _span(cell, "rowSpan")
            width = sum(widths[column : column + span]) * scale_x
            height = sum(heights[number : number + deep]) * scale_y
            x = left + sum(widths[:column]) * scale_x
            y = top + sum(heights[:number]) * scale_y
            yield cell, Box(x + width / 2, y + height / 2, width, height)


def _span(cell: etree._Element, name: str) -> int:
    text = cell.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
