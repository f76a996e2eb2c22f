"""Colours as a theme means them (ECMA-376 part 1, 20.1.2.3)."""

import pytest
from lxml import etree

from crispdeck.slides.colours import Colour, Palette

A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def fill(inner: str) -> etree._Element:
    return etree.fromstring(f'<a:solidFill xmlns:a="{A}">{inner}</a:solidFill>')


@pytest.fixture
def palette() -> Palette:
    """A theme of our own, whose master swaps light and dark."""
    theme = etree.fromstring(
        f'<a:theme xmlns:a="{A}"><a:themeElements><a:clrScheme name="x">'
        '<a:dk1><a:sysClr val="windowText" lastClr="101010"/></a:dk1>'
        '<a:accent1><a:srgbClr val="C0FFEE"/></a:accent1>'
        "</a:clrScheme></a:themeElements></a:theme>"
    )
    return Palette(theme, {"bg1": "dk1", "tx1": "lt1"})


def test_names_go_through_the_master_to_the_theme(palette: Palette) -> None:
    assert palette.named("accent1").css == "#c0ffee"
    assert palette.named("bg1").css == "#101010"
    assert palette.named("tx1").css == "#ffffff"
    assert palette.named("accent2").css == "#ed7d31", "what the theme lacks is Office's own"
    assert palette.named("nonsense").css == "#808080"


@pytest.mark.parametrize(
    ("inner", "rgb"),
    [
        ('<a:srgbClr val="FF8000"/>', "ff8000"),
        ('<a:srgbClr val="nonsense"/>', "808080"),
        ('<a:prstClr val="blue"/>', "0000ff"),
        ('<a:prstClr val="papayaWhip"/>', "808080"),
        ('<a:scrgbClr r="100%" g="0" b="0"/>', "ff0000"),
        ('<a:srgbClr val="804020"><a:shade val="50000"/></a:srgbClr>', "402010"),
        ('<a:srgbClr val="000000"><a:tint val="25000"/></a:srgbClr>', "bfbfbf"),
        ('<a:srgbClr val="404040"><a:lumMod val="50000"/></a:srgbClr>', "202020"),
        ('<a:srgbClr val="404040"><a:lumOff val="25000"/></a:srgbClr>', "808080"),
        ('<a:srgbClr val="ff0000"><a:satMod val="0"/></a:srgbClr>', "808080"),
    ],
)
def test_a_colour_and_what_changes_it(palette: Palette, inner: str, rgb: str) -> None:
    found = palette.of(fill(inner))
    assert found is not None
    assert found.rgb == rgb


def test_alpha_is_kept_beside_the_colour(palette: Palette) -> None:
    found = palette.of(fill('<a:srgbClr val="ff0000"><a:alpha val="40000"/></a:srgbClr>'))
    assert found == Colour("ff0000", pytest.approx(0.4))  # type: ignore[arg-type]


def test_a_placeholder_colour_is_what_it_stands_for(palette: Palette) -> None:
    holder = fill('<a:schemeClr val="phClr"/>')
    assert palette.of(holder, Colour("123456")) == Colour("123456")
    assert palette.of(holder) is None
    assert palette.of(None) is None


def test_lightness_goes_from_black_to_white() -> None:
    assert Colour("000000").lightness == 0
    assert Colour("ffffff").lightness == pytest.approx(1)
    assert Colour("00ff00").lightness > Colour("ff0000").lightness > Colour("0000ff").lightness
