"""What the pane sends, and when: as often as needed, and as its settings say."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Request, expect

from tests.e2e.addin.cards import Connect, card, wait_until_ready
from tests.e2e.addin.decks import talk
from tests.e2e.addin.powerpoint import PowerPoint

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def deck() -> bytes:
    return talk()


def _is_scan(request: Request) -> bool:
    return request.method == "POST" and urlsplit(request.url).path == "/api/v1/decks"


@pytest.fixture
def scans(powerpoint: PowerPoint) -> list[dict[str, list[str]]]:
    """The queries of all slides that were sent to be looked at, as they come."""
    seen: list[dict[str, list[str]]] = []

    def note(request: Request) -> None:
        if _is_scan(request):
            seen.append(parse_qs(urlsplit(request.url).query))

    powerpoint.page.on("request", note)
    return seen


def test_a_slide_is_sent_once_for_as_long_as_it_stays_the_same(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, scans: list[dict[str, list[str]]]
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    wait_until_ready(card(powerpoint))
    with powerpoint.page.expect_request(_is_scan):  # the title changes before the slide is sent
        powerpoint.do("select", 1)
    title = powerpoint.pane.locator("#slide-title")
    for slide in (0, 1, 0):
        powerpoint.do("select", slide)
        expect(title).to_have_text(f"1 blurred picture on slide {slide + 1}")
        powerpoint.page.wait_for_timeout(2500)  # a poll and the pause after it
        wait_until_ready(powerpoint.pane.locator("#cards > li"))
    assert len(scans) == 2


def test_without_suggestions_nothing_is_sent_until_somebody_asks(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, scans: list[dict[str, list[str]]]
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    wait_until_ready(card(powerpoint))
    pane = powerpoint.pane
    pane.get_by_role("tab", name="Settings").click()
    pane.get_by_role("switch", name="Look at every slide by itself").uncheck()
    pane.get_by_role("tab", name="This slide").click()
    powerpoint.do("select", 1)
    powerpoint.page.wait_for_timeout(2500)  # a poll and the pause after it
    assert len(scans) == 1
    pane.get_by_role("button", name="Check this slide").click()
    wait_until_ready(pane.locator("#cards > li"))
    assert len(scans) == 2


def test_how_sharp_and_what_is_blurred_are_sent_as_they_are_set(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, scans: list[dict[str, list[str]]]
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    wait_until_ready(card(powerpoint))
    pane = powerpoint.pane
    pane.get_by_role("tab", name="Settings").click()
    pane.get_by_label("Make pictures sharp for").select_option("150")
    pane.get_by_label("What counts as blurred").select_option("strict")
    pane.get_by_role("tab", name="This slide").click()
    wait_until_ready(card(powerpoint))
    assert (scans[0]["target_ppi"], scans[0]["preset"]) == (["220"], ["normal"])
    assert (scans[-1]["target_ppi"], scans[-1]["preset"]) == (["150"], ["strict"])
