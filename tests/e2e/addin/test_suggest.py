"""A picture on the slide: suggested, made sharp, taken back. In Chromium, on the real system."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.addin.checks import assert_as_before, assert_only_pictures_changed
from tests.e2e.addin.decks import CHART_AT, talk
from tests.e2e.addin.powerpoint import SWAPPING, PowerPoint, Profile

pytestmark = pytest.mark.browser

Connect = Callable[[PowerPoint], None]
SHARP = "Sharp on the slide"


@pytest.fixture(scope="module")
def deck() -> bytes:
    return talk()


def card(powerpoint: PowerPoint, name: str) -> Locator:
    return powerpoint.pane.get_by_role("listitem").filter(has_text=name)


@pytest.mark.parametrize("profile", SWAPPING)
def test_a_suggested_picture_is_made_sharp_and_taken_back(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, profile: Profile
) -> None:
    powerpoint.open(deck, profile)
    connect(powerpoint)
    chart = card(powerpoint, "Bars that rise")
    expect(chart).to_contain_text("4.2 in wide")
    expect(chart.locator(".after img")).to_be_visible()
    chart.get_by_role("button", name="Enhance").click()
    expect(chart).to_contain_text(SHARP)
    assert_only_pictures_changed(deck, powerpoint.save(), {CHART_AT})
    chart.get_by_role("button", name="Undo").click()
    expect(chart.get_by_role("button", name="Enhance")).to_be_visible()
    assert_as_before(deck, powerpoint.save())
