"""Effective resolution of pictures whose right value is known by hand: 400×300 px throughout."""

import pytest

from crispdeck.deck.geometry import emu, fraction
from crispdeck.deck.model import DeckScan, Placement, PlacementKind
from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.thresholds import ScanOptions
from tests.crispdeck.deck.deck_maker import (
    Made,
    background,
    filled_shape,
    group,
    picture,
    placeholder_shape,
    xfrm,
)

FULL = "<a:stretch><a:fillRect/></a:stretch>"


def scanned(made: Made, options: ScanOptions | None = None) -> DeckScan:
    with open_deck(made.blob()) as deck:
        return scan(deck, options)


def only(made: Made) -> Placement:
    (placement,) = (one for one in scanned(made).placements if one.slide == 1)
    return placement


def shown(placement: Placement) -> tuple[float, float, float]:
    """Inches shown and ppi, to a ten-thousandth."""
    assert placement.shown_width_in is not None
    assert placement.shown_height_in is not None
    assert placement.effective_ppi is not None
    return (
        round(placement.shown_width_in, 4),
        round(placement.shown_height_in, 4),
        round(placement.effective_ppi, 4),
    )


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        pytest.param(picture(xfrm(1, 1, 4, 3)), (4, 3, 100), id="plain"),
        pytest.param(picture(xfrm(1, 1, 8, 3)), (8, 3, 50), id="the worse axis counts"),
        pytest.param(
            picture(xfrm(1, 1, 4, 3), source='<a:srcRect l="25000" r="25000"/>'),
            (4, 3, 50),
            id="half the width cropped",
        ),
        pytest.param(
            picture(xfrm(1, 1, 4, 3), source='<a:srcRect t="50000" b="16667"/>'),
            (4, 3, round(100 * 0.33333, 4)),
            id="two thirds of the height cropped",
        ),
        pytest.param(
            picture(xfrm(1, 1, 4, 3), source='<a:srcRect l="-50000" t="-50000" r="-50000"/>'),
            (4, 3, 150),
            id="negative crop shows the picture smaller",
        ),
        pytest.param(
            picture(xfrm(1, 1, 4, 3), source='<a:srcRect l="25%" r="25%"/>'),
            (4, 3, 50),
            id="crop in percent, as strict files write it",
        ),
        pytest.param(
            picture(
                xfrm(1, 1, 4, 3),
                fill='<a:stretch><a:fillRect l="25000" r="25000"/></a:stretch>',
            ),
            (2, 3, 100),
            id="fillRect leaves a margin",
        ),
        pytest.param(
            picture(
                xfrm(1, 1, 4, 3),
                fill='<a:stretch><a:fillRect l="-50000" r="-50000"/></a:stretch>',
            ),
            (8, 3, 50),
            id="negative fillRect reaches beyond",
        ),
        pytest.param(
            group(xfrm(0, 0, 8, 6, child=(0, 0, 4, 3)), picture(xfrm(0, 0, 4, 3))),
            (8, 6, 50),
            id="group at twice the size",
        ),
        pytest.param(
            group(
                xfrm(0, 0, 8, 6, child=(5, 5, 4, 3)),
                group(xfrm(5, 5, 4, 3, child=(0, 0, 8, 6)), picture(xfrm(0, 0, 8, 6))),
            ),
            (8, 6, 50),
            id="nested groups multiply",
        ),
        pytest.param(
            group(xfrm(0, 0, 8, 3, child=(0, 0, 4, 3)), picture(xfrm(0.5, -0.5, 3, 4, turned=90))),
            (3, 8, 37.5),
            id="a child turned by 90 degrees swaps the group's axes",
        ),
        pytest.param(
            group(xfrm(0, 0, 8, 3, child=(0, 0, 4, 3)), picture(xfrm(0, 0, 4, 3, turned=180))),
            (8, 3, 50),
            id="a child turned by 180 degrees does not",
        ),
        pytest.param(
            group(xfrm(0, 0, 8, 3, child=(0, 0, 4, 3)), picture(xfrm(0, 0, 4, 3, turned=44.9))),
            (8, 3, 50),
            id="nor does one turned by less than 45 degrees",
        ),
        pytest.param(
            group(xfrm(0, 0, 8, 3, child=(0, 0, 4, 3)), picture(xfrm(0, 0, 4, 3, turned=-60))),
            (4, 6, 50),
            id="one turned by 300 degrees does",
        ),
        pytest.param(
            group(
                xfrm(0, 0, 8, 3, child=(0, 0, 4, 3)),
                group(xfrm(0, 0, 4, 3, child=(0, 0, 4, 3), turned=90), picture(xfrm(0, 0, 4, 3))),
            ),
            (4, 6, 50),
            id="the rotation of an inner group counts for the outer one",
        ),
        pytest.param(
            group(xfrm(0, 0, 4, 3, child=(0, 0, 4, 3), turned=90), picture(xfrm(0, 0, 4, 3))),
            (4, 3, 100),
            id="a turned group scales along its own axes",
        ),
        pytest.param(group("", picture(xfrm(0, 0, 4, 3))), (4, 3, 100), id="group without size"),
        pytest.param(filled_shape(xfrm(0, 0, 4, 3)), (4, 3, 100), id="picture fill"),
        pytest.param(
            picture('<a:xfrm><a:off x="0" y="0"/><a:ext cx="10.16cm" cy="216pt"/></a:xfrm>'),
            (4, 3, 100),
            id="lengths with units",
        ),
    ],
)
def test_the_resolution_is_the_one_worked_out_by_hand(
    shapes: str, expected: tuple[float, float, float]
) -> None:
    assert shown(only(Made(slides=[shapes]))) == expected


@pytest.mark.parametrize(
    ("size", "ppi", "hd"),
    [((10, 7.5), 40, 300 / 1080), ((40 / 3, 7.5), 30, 400 / 1920), ((10, 5.625), 40, 400 / 1920)],
)
def test_a_background_is_as_large_as_the_slide(
    size: tuple[float, float], ppi: float, hd: float
) -> None:
    placement = only(Made(slides=[""], backgrounds={1: background()}, slide_size_in=size))
    assert placement.kind is PlacementKind.BACKGROUND
    assert placement.effective_ppi == pytest.approx(ppi, rel=1e-6)
    assert placement.sharpness_hd == pytest.approx(hd, rel=1e-6)
    assert placement.sharpness_4k == pytest.approx(hd / 2, rel=1e-6)


@pytest.mark.parametrize(
    ("placeholder", "layout", "master", "expected"),
    [
        pytest.param(
            '<p:ph type="pic" idx="13"/>',
            placeholder_shape(xfrm(0, 0, 2, 2), '<p:ph type="pic" idx="12"/>')
            + placeholder_shape(xfrm(0, 0, 4, 3), '<p:ph type="pic" idx="13"/>'),
            "",
            (4, 3, 100),
            id="the layout's placeholder of the same index",
        ),
        pytest.param(
            '<p:ph type="pic" idx="13"/>',
            placeholder_shape("", '<p:ph type="pic" idx="13"/>'),
            placeholder_shape(xfrm(0, 0, 9, 1), '<p:ph type="title"/>')
            + placeholder_shape(xfrm(0, 0, 8, 6), '<p:ph type="body" idx="1"/>'),
            (8, 6, 50),
            id="the master's body, where the layout has no size",
        ),
        pytest.param(
            '<p:ph type="ctrTitle"/>',
            placeholder_shape("", '<p:ph type="ctrTitle"/>'),
            placeholder_shape(xfrm(0, 0, 4, 3), '<p:ph type="title"/>'),
            (4, 3, 100),
            id="a centred title follows the master's title",
        ),
    ],
)
def test_a_placeholder_without_a_size_inherits_it(
    placeholder: str, layout: str, master: str, expected: tuple[float, float, float]
) -> None:
    for shape in (picture("", media=placeholder), filled_shape("", placeholder=placeholder)):
        assert shown(only(Made(slides=[shape], layout=layout, master=master))) == expected


def test_a_placeholder_with_its_own_size_inherits_nothing() -> None:
    ph = '<p:ph type="pic" idx="13"/>'
    made = Made(
        slides=[picture(xfrm(0, 0, 4, 3), media=ph)],
        layout=placeholder_shape(xfrm(0, 0, 8, 6), ph),
    )
    assert shown(only(made)) == (4, 3, 100)


@pytest.mark.parametrize(
    "shapes",
    [
        pytest.param(picture(""), id="no size at all"),
        pytest.param(picture("", media='<p:ph type="pic" idx="99"/>'), id="nothing to inherit"),
        pytest.param(picture(xfrm(0, 0, 0, 3)), id="no width"),
        pytest.param(picture(xfrm(0, 0, -4, 3)), id="negative width"),
        pytest.param(
            picture(xfrm(0, 0, 4, 3), source='<a:srcRect l="50000" r="50000"/>'), id="all cropped"
        ),
        pytest.param(
            picture(xfrm(0, 0, 4, 3), fill='<a:stretch><a:fillRect l="100000"/></a:stretch>'),
            id="nothing filled",
        ),
        pytest.param(
            group(xfrm(0, 0, 4, 3, child=(0, 0, 0, 3)), picture(xfrm(0, 0, 4, 3))),
            id="a group without a scale",
        ),
        pytest.param(
            picture('<a:xfrm><a:ext cx="nan" cy="1e999"/></a:xfrm>'), id="sizes that are no numbers"
        ),
    ],
)
def test_a_size_that_cannot_be_told_is_said_to_be_unknown(shapes: str) -> None:
    placement = only(Made(slides=[shapes]))
    assert placement.reason == "unknown_size"
    assert placement.effective_ppi is None


@pytest.mark.parametrize(
    ("shapes", "left", "top", "turned"),
    [
        (picture(xfrm(1, 2, 4, 3, turned=30)), 1, 2, 30),
        (group(xfrm(2, 2, 8, 6, child=(1, 1, 4, 3)), picture(xfrm(2, 2, 1, 1))), 4, 4, 0),
        (
            group(xfrm(0, 0, 4, 2, child=(0, 0, 4, 2), turned=90), picture(xfrm(0, 0, 1, 1))),
            2,
            -1,
            90,
        ),
        (
            group(
                xfrm(0, 0, 4, 2, child=(0, 0, 4, 2), flips='flipH="1"'),
                picture(xfrm(0, 0, 1, 1, turned=10)),
            ),
            3,
            0,
            350,
        ),
        (
            picture(xfrm(1, 1, 4, 3), fill='<a:stretch><a:fillRect l="50000"/></a:stretch>'),
            3,
            1,
            0,
        ),
    ],
)
def test_the_place_on_the_slide_follows_groups_flips_and_fills(
    shapes: str, left: float, top: float, turned: float
) -> None:
    placement = only(Made(slides=[shapes]))
    assert placement.left_in == pytest.approx(left)
    assert placement.top_in == pytest.approx(top)
    assert placement.rotation_deg == pytest.approx(turned)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("914400", 914_400),
        ("1in", 914_400),
        ("2.54cm", 914_400),
        ("25.4mm", 914_400),
        ("72pt", 914_400),
        ("6pc", 914_400),
        ("6pi", 914_400),
        ("-1in", -914_400),
        ("", None),
        ("1e400", None),
        ("9" * 30, None),
        ("1.2.3in", None),
        (None, None),
    ],
)
def test_lengths_are_read_with_and_without_units(text: str | None, expected: float | None) -> None:
    assert emu(text) == (None if expected is None else pytest.approx(expected))


def test_fractions_are_thousandths_of_a_percent_or_percent() -> None:
    assert [fraction(text) for text in ("12500", "12.5%", "-5000", "", None, "x%")] == [
        0.125,
        0.125,
        -0.05,
        0.0,
        0.0,
        0.0,
    ]
