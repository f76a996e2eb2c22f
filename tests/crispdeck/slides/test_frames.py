"""Tables by their cells, stretched to their frame; all else by its name."""

import pytest
from lxml import etree

from crispdeck.deck.geometry import Box
from crispdeck.deck.tables import table_cells
from crispdeck.slides.frames import frame_label

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
BOX = Box(50, 20, 100, 40)


def table(widths: list[int], *rows: str, height: int = 10) -> etree._Element:
    columns = "".join(f'<a:gridCol w="{width}"/>' for width in widths)
    lines = "".join(f'<a:tr h="{height}">{row}</a:tr>' for row in rows)
    return etree.fromstring(f'<a:tbl xmlns:a="{A}"><a:tblGrid>{columns}</a:tblGrid>{lines}</a:tbl>')


def corners(found: etree._Element) -> list[tuple[float, float, float, float]]:
    """Left, top, width and height of each cell."""
    boxes = [box for _, box in table_cells(found, BOX)]
    return [
        (box.centre_x - box.width / 2, box.centre_y - box.height / 2, box.width, box.height)
        for box in boxes
    ]


def test_cells_fill_the_frame_in_their_proportions() -> None:
    found = corners(table([1, 3], "<a:tc/><a:tc/>", "<a:tc/><a:tc/>"))
    assert found == [(0, 0, 25, 20), (25, 0, 75, 20), (0, 20, 25, 20), (25, 20, 75, 20)]


def test_a_merged_cell_takes_the_room_of_those_it_swallowed() -> None:
    found = corners(table([1, 1], '<a:tc gridSpan="2"/><a:tc hMerge="1"/>', "<a:tc/><a:tc/>"))
    assert (len(found), found[0]) == (3, (0, 0, 100, 20))


@pytest.mark.parametrize("span", ["0", "-1", "x", "999999999"])
def test_a_span_that_cannot_be_is_one(span: str) -> None:
    assert corners(table([1, 1], f'<a:tc gridSpan="{span}"/>'))[0][2] == 50


def test_a_table_without_a_size_has_no_cells() -> None:
    assert corners(table([], "<a:tc/>")) == []
    assert corners(table([1], "<a:tc/>", height=0)) == []


@pytest.mark.parametrize(
    ("uri", "label"), [("…/2006/chart", "chart"), ("…/2006/diagram", "diagram"), ("", "object")]
)
def test_a_frame_is_called_what_it_holds(uri: str, label: str) -> None:
    inner = f'<a:graphic xmlns:a="{A}"><a:graphicData uri="{uri}"/></a:graphic>'
    assert frame_label(etree.fromstring(f"<frame>{inner}</frame>")) == label
