"""What the pane sends, and when: as often as needed, and as its settings say."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import FrameLocator, Request, expect

from tests.e2e.addin.cards import Connect, card, wait_until_ready
from tests.e2e.addin.decks import talk
from tests.e2e.addin.powerpoint import PowerPoint

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def deck() -> bytes:
    return talk()


@pytest.fixture
def scans(powerpoint: PowerPoint) -> list[dict[str, list[str]]]:
    """The queries of all slides that were sent to be looked at, as they come."""
    seen: list[dict[str, list[str]]] = []

    def note(request: Request) -> None:
        address = urlsplit(request.url)
        if request.method == "POST" and address.path == "/api/v1/decks":
            seen.append(parse_qs(address.query))

    powerpoint.page.on("request", note)
    return seen


@contextmanager
def settings_open(powerpoint: PowerPoint) -> Iterator[FrameLocator]:
    """Go to Settings, and back to the slide."""
    pane = powerpoint.pane
    pane.get_by_role("tab", name="Settings").click()
    yield pane
    pane.get_by_role("tab", name="Slide", exact=True).click()


def test_a_slide_is_sent_once_for_as_long_as_it_stays_the_same(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, scans: list[dict[str, list[str]]]
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    title = powerpoint.pane.locator("#slide-title")
    for slide in (1, 0, 1, 0):
        powerpoint.do("select", slide)
        expect(title).to_have_text(f"1 blurred picture on slide {slide + 1}")
        wait_until_ready(powerpoint.pane.locator("#cards > li"))
    assert len(scans) == 2


def test_without_suggestions_nothing_is_sent_until_somebody_asks(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, scans: list[dict[str, list[str]]]
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    wait_until_ready(card(powerpoint))
    with settings_open(powerpoint) as pane:
        pane.get_by_role("switch", name="Look at every slide by itself").uncheck()
    powerpoint.do("select", 1)
    powerpoint.page.wait_for_timeout(2500)  # a poll and the pause after it
    assert len(scans) == 1
    pane.get_by_role("button", name="Check this slide").click()
    expect(pane.locator("#slide-title")).to_have_text("1 blurred picture on slide 2")
    assert len(scans) == 2


def test_how_sharp_and_what_is_blurred_are_sent_as_they_are_set(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, scans: list[dict[str, list[str]]]
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    wait_until_ready(card(powerpoint))
    with settings_open(powerpoint) as pane:
        pane.get_by_label("Make pictures sharp for").select_option("150")
        pane.get_by_label("What counts as blurred").select_option("strict")
    wait_until_ready(card(powerpoint))
    assert (scans[0]["target_ppi"], scans[0]["preset"]) == (["220"], ["normal"])
    assert (scans[-1]["target_ppi"], scans[-1]["preset"]) == (["150"], ["strict"])
