"""Verdicts go by what the audience sees: area and length, and pixels for each of the screen's."""

import pytest

from crispdeck.deck.model import Reason, Verdict
from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import FULL_HD_PX, scan
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.deck.verdicts import low_ppi_on, screen_width_in, size_reason
from tests.decks import pictures
from tests.decks.building import DeckBuilder

OPTIONS = ScanOptions()


@pytest.mark.parametrize(
    ("width_in", "height_in", "is_small"),
    [
        (0.9, 0.9, True),
        (2.9, 0.3, True),
        (1.2, 0.7, True),
        (3.0, 0.25, False),
        (11.0, 0.6, False),
        (0.4, 6.0, False),
        (2.0, 0.6, False),
        (1.0, 1.0, False),
    ],
)
def test_small_is_what_has_neither_area_nor_length(
    width_in: float, height_in: float, *, is_small: bool
) -> None:
    reason = size_reason(400, 400, (width_in, height_in), OPTIONS)
    assert reason == (Reason.SHOWN_SMALL if is_small else None)


@pytest.mark.parametrize("preset", ["strict", "normal", "wide"])
def test_a_narrower_slide_needs_more_pixels_for_each_inch(preset: str) -> None:
    options = ScanOptions.asked_for(preset=preset)
    wide, narrow = low_ppi_on((40 / 3, 7.5), options), low_ppi_on((10.0, 5.625), options)
    assert wide == options.low_ppi
    assert narrow * 10 / FULL_HD_PX == pytest.approx(wide * (40 / 3) / FULL_HD_PX)


def test_a_slide_of_4_to_3_fills_the_height_of_a_screen_and_is_judged_by_it() -> None:
    assert low_ppi_on((10.0, 7.5), OPTIONS) == OPTIONS.low_ppi
    assert screen_width_in((10.0, 7.5)) == pytest.approx(40 / 3)
    with open_deck(deck_of_slides(10.0, 7.5)) as deck:
        (placement,) = scan(deck).placements
    assert placement.effective_ppi is not None
    # 1080 pixels for 7.5 in are 144 for each.
    assert placement.sharpness_hd == pytest.approx(placement.effective_ppi / 144)
    assert placement.sharpness_4k == pytest.approx(placement.effective_ppi / 288)


@pytest.mark.parametrize(
    ("size_in", "is_low"), [((40 / 3, 7.5), False), ((10, 7.5), False), ((10, 5.625), True)]
)
def test_a_screenshot_of_120_ppi_is_low_where_a_screen_shows_it_blurred(
    size_in: tuple[float, float], *, is_low: bool
) -> None:
    with open_deck(deck_of_slides(*size_in)) as deck:
        (placement,) = scan(deck).placements
    assert placement.effective_ppi == pytest.approx(120)
    assert (placement.verdict is Verdict.LOW) == is_low


def deck_of_slides(width_in: float, height_in: float) -> bytes:
    """A deck of one picture of 480 × 360 pixels, shown 4 × 3 in."""
    made = DeckBuilder(width_in, height_in)
    made.picture(made.slide(), pictures.png(480, 360))
    return made.build()


def test_a_poster_is_judged_by_the_inch() -> None:
    assert low_ppi_on((40.0, 30.0), OPTIONS) == OPTIONS.low_ppi
