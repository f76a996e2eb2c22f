"""The pane in every language, width and colour scheme: nothing is cut off or stays English."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.addin.cards import wait_until_ready
from tests.e2e.addin.conftest import PATIENCE_MS
from tests.e2e.addin.decks import talk, with_comment
from tests.e2e.addin.light import serving_lightly
from tests.e2e.addin.looks import LANGUAGES, WIDTHS_PX, look_at
from tests.e2e.addin.powerpoint import PowerPoint, serve_host
from tests.e2e.addin.served import Served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def deck() -> bytes:
    return with_comment(talk())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Crispdeck in this process: what the pane looks like does not depend on the rest."""
    with serving_lightly(tmp_path_factory.mktemp("languages")) as running:
        yield running


@pytest.fixture
def context(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    """A window that is tall enough for the longest state."""
    made = browser.new_context(viewport={"width": 800, "height": 1100})
    made.set_default_timeout(PATIENCE_MS)
    serve_host(made, served.url)
    yield made
    made.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_read_whole(
    powerpoint: PowerPoint, served: Served, deck: bytes, language: str
) -> None:
    powerpoint.open(deck, width_px=WIDTHS_PX[0], language=language)
    pane = powerpoint.pane
    expect(pane.locator("#code")).to_be_visible()
    assert pane.locator("html").get_attribute("lang") == language
    look_at(powerpoint, language, "welcome")
    pane.locator("#code").fill(served.key)
    pane.locator("#welcome button").click()
    card = pane.locator("#cards > li").first
    wait_until_ready(card)
    look_at(powerpoint, language, "suggestion")
    card.locator("[data-action=enhance]").click()
    expect(card.locator("[data-action=confirm]")).to_have_attribute("aria-disabled", "false")
    look_at(powerpoint, language, "question")
    card.locator("[data-action=confirm]").click()
    expect(card).to_have_attribute("data-state", "applied")
    look_at(powerpoint, language, "sharp")
    pane.locator("#tab-deck").click()
    look_at(powerpoint, language, "deck-empty")
    pane.locator("#deck-scan").click()
    expect(pane.locator("#deck-enhance")).to_be_visible()
    look_at(powerpoint, language, "deck")
    pane.locator("#tab-settings").click()
    look_at(powerpoint, language, "settings")
    pane.locator("#tab-slide").click()
    powerpoint.do("select", 2)
    expect(pane.locator("#left-alone")).to_be_visible()
    pane.locator("#left-title").click()
    look_at(powerpoint, language, "left-alone")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sharp_copy_is_read_whole(
    powerpoint: PowerPoint, served: Served, deck: bytes, language: str
) -> None:
    powerpoint.open(deck, "ipad-1.1", width_px=WIDTHS_PX[0], language=language)
    pane = powerpoint.pane
    pane.locator("#code").fill(served.key)
    pane.locator("#welcome button").click()
    pane.locator("#copy-scan").click()
    expect(pane.locator("#copy-make")).to_be_visible()
    look_at(powerpoint, language, "copy")
    pane.locator("#copy-make").click()
    expect(pane.locator("#copy-save")).to_be_visible()
    look_at(powerpoint, language, "copy-done")
