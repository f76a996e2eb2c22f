"""Where the cells of a table lie (ECMA-376 Part 1, 21.1.3); knows no pictures."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from crispdeck.deck.geometry import Box, emu, on_page, xfrm_box
from crispdeck.deck.opc.markup import A, P

_CELL = (A + "tc", A + "tr", A + "tbl", A + "graphicData", A + "graphic", P + "graphicFrame")
"""A cell and all that stands around it, from the inside outwards."""


@dataclass(frozen=True)
class _Grid:
    """A table's columns and rows in EMU, stretched to fill their frame."""

    box: Box
    widths: tuple[float, ...]
    heights: tuple[float, ...]

    def cell(self, row: int, column: int, cell: etree._Element) -> Box:
        """Return a cell's box, with the columns and rows that it spans."""
        width = sum(self.widths[column : column + _span(cell, "gridSpan")])
        height = sum(self.heights[row : row + _span(cell, "rowSpan")])
        left = self.box.centre_x - self.box.width / 2 + sum(self.widths[:column])
        top = self.box.centre_y - self.box.height / 2 + sum(self.heights[:row])
        return Box(left + width / 2, top + height / 2, width, height)


def table_cells(table: etree._Element, box: Box) -> Iterator[tuple[etree._Element, Box]]:
    """Yield the cells of an a:tbl that are seen, with their boxes; none where it has no size."""
    grid = _grid(table, box)
    for number, row in enumerate(table.iterfind(A + "tr") if grid else ()):
        for column, cell in enumerate(row.findall(A + "tc")):
            if grid and column < len(grid.widths) and not _is_merged_away(cell):
                yield cell, grid.cell(number, column, cell)


def is_cell(element: etree._Element | None) -> bool:
    """Tell whether an element is a cell of a table in a frame of its own."""
    for tag in _CELL:
        if element is None or element.tag != tag:
            return False
        element = element.getparent()
    return True


def cell_box(cell: etree._Element) -> Box | None:
    """Return a cell's box on the page.

    None where it is merged into another, or where table or frame have no size.
    """
    row = cell.getparent()
    table = None if row is None else row.getparent()
    frame = next(cell.iterancestors(P + "graphicFrame"), None)
    box = None if frame is None else xfrm_box(frame.find(P + "xfrm"))
    if row is None or table is None or frame is None or box is None or _is_merged_away(cell):
        return None
    grid, column = _grid(table, box), len(list(cell.itersiblings(A + "tc", preceding=True)))
    if grid is None or column >= len(grid.widths):
        return None
    number = len(list(row.itersiblings(A + "tr", preceding=True)))
    return on_page(grid.cell(number, column, cell), frame)


def _grid(table: etree._Element, box: Box) -> _Grid | None:
    widths = [emu(one.get("w")) or 0.0 for one in table.iterfind(f"{A}tblGrid/{A}gridCol")]
    heights = [emu(row.get("h")) or 0.0 for row in table.iterfind(A + "tr")]
    width, height = sum(widths), sum(heights)
    if min([*widths, *heights, width, height]) < 0 or not width or not height:
        return None
    return _Grid(
        box,
        tuple(one * box.width / width for one in widths),
        tuple(one * box.height / height for one in heights),
    )


def _is_merged_away(cell: etree._Element) -> bool:
    return any(cell.get(name) in {"1", "true", "on"} for name in ("hMerge", "vMerge"))


def _span(cell: etree._Element, name: str) -> int:
    text = cell.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
