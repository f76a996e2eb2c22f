"""Verdicts go by what the audience sees: area and length, and pixels for each of the screen's."""

import pytest

from crispdeck.deck.model import Reason
from crispdeck.deck.scan import FULL_HD_PX
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.deck.verdicts import low_ppi_on, size_reason

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
    wide, narrow = low_ppi_on(40 / 3, options), low_ppi_on(10.0, options)
    assert wide == options.low_ppi
    assert narrow * 10 / FULL_HD_PX == pytest.approx(wide * (40 / 3) / FULL_HD_PX)


def test_a_poster_is_judged_by_the_inch() -> None:
    assert low_ppi_on(40.0, OPTIONS) == OPTIONS.low_ppi
