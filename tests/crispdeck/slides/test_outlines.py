"""Outlines of shapes: presets, paths of a deck's own, and the box where nothing is known."""

import pytest
from lxml import etree

from crispdeck.deck.geometry import Box
from crispdeck.slides.outlines import EMU_PER_PT, SVG, number, outline, rectangle

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
BOX = Box(60 * EMU_PER_PT, 30 * EMU_PER_PT, 100 * EMU_PER_PT, 40 * EMU_PER_PT)
"""100 by 40 points, its corner at 10, 10."""


def properties(inner: str) -> etree._Element:
    return etree.fromstring(f'<p xmlns:a="{A}">{inner}</p>')


def custom(*steps: str) -> etree._Element:
    path = f'<a:path w="1000" h="1000">{"".join(steps)}</a:path>'
    return properties(f"<a:custGeom><a:pathLst>{path}</a:pathLst></a:custGeom>")


def step(name: str, *points: tuple[int, int]) -> str:
    inner = "".join(f'<a:pt x="{x}" y="{y}"/>' for x, y in points)
    return f"<a:{name}>{inner}</a:{name}>"


def test_a_shape_that_says_nothing_is_its_box() -> None:
    found = outline(None, BOX, is_line=False)
    assert found.tag == SVG + "rect"
    assert dict(found.items()) == {"x": "10", "y": "10", "width": "100", "height": "40"}
    assert rectangle(BOX, 4).get("rx") == "4"


@pytest.mark.parametrize(
    ("preset", "tag"),
    [("ellipse", "ellipse"), ("triangle", "polygon"), ("line", "line"), ("unknown", "rect")],
)
def test_presets_have_their_shapes(preset: str, tag: str) -> None:
    found = outline(properties(f'<a:prstGeom prst="{preset}"/>'), BOX, is_line=False)
    assert found.tag == SVG + tag


def test_a_triangle_has_its_tip_in_the_middle_above() -> None:
    found = outline(properties('<a:prstGeom prst="triangle"/>'), BOX, is_line=False)
    assert found.get("points") == "60,10 110,50 10,50"


def test_a_connector_of_an_unknown_kind_is_a_straight_line() -> None:
    found = outline(properties('<a:prstGeom prst="bentConnector3"/>'), BOX, is_line=True)
    ends = [found.get(name) for name in ("x1", "y1", "x2", "y2")]
    assert (found.tag, ends) == (SVG + "line", ["10", "10", "110", "50"])


def test_a_path_of_its_own_is_stretched_into_the_box() -> None:
    found = outline(
        custom(step("moveTo", (0, 0)), step("lnTo", (1000, 500)), "<a:close/>"), BOX, is_line=False
    )
    assert (found.tag, found.get("d")) == (SVG + "path", "M10 10L110 30Z")


@pytest.mark.parametrize(
    "steps", [('<a:arcTo wR="1" hR="1"/>',), (step("lnTo", (0, 0)),) * 3000], ids=["arc", "endless"]
)
def test_a_path_that_cannot_be_drawn_is_its_box(steps: tuple[str, ...]) -> None:
    assert outline(custom(*steps), BOX, is_line=False).tag == SVG + "rect"


def test_lengths_are_written_short() -> None:
    assert [number(value) for value in (0.0, 1.0, 1.256, -0.5)] == ["0", "1", "1.26", "-0.5"]
