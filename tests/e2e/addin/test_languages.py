"""The pane in every language at its narrowest: nothing is cut off, nothing stays English."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.addin.cards import wait_until_ready
from tests.e2e.addin.decks import talk, with_comment
from tests.e2e.addin.powerpoint import PowerPoint, axe_findings
from tests.e2e.addin.served import Served

pytestmark = pytest.mark.browser

WIDTH_PX = 270
LANGUAGES = ("de-DE", "en-US", "es-ES", "fr-FR", "ja-JP", "pt-BR", "zh-CN")

CUT_OFF = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && !one.closest(".compare, .unseen, .list, svg"))
  .filter((one) => getComputedStyle(one).display !== "inline")
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def deck() -> bytes:
    return with_comment(talk())


def look_at(powerpoint: PowerPoint, language: str, name: str) -> None:
    """Nothing is cut off, nothing serious for axe-core; a picture for people."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        path = Path(folder) / f"{name}-{language}.png"
        powerpoint.page.locator("#pane").screenshot(path=path)
    frame = next(one for one in powerpoint.page.frames if one.name == "pane")
    assert frame.evaluate("document.documentElement.scrollWidth") <= WIDTH_PX, name
    assert frame.evaluate(CUT_OFF) == [], name
    assert axe_findings(powerpoint.page) == [], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_read_whole(
    powerpoint: PowerPoint, served: Served, deck: bytes, language: str
) -> None:
    powerpoint.open(deck, width_px=WIDTH_PX, language=language)
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
    powerpoint.open(deck, "ipad-1.1", width_px=WIDTH_PX, language=language)
    pane = powerpoint.pane
    pane.locator("#code").fill(served.key)
    pane.locator("#welcome button").click()
    pane.locator("#copy-scan").click()
    expect(pane.locator("#copy-make")).to_be_visible()
    look_at(powerpoint, language, "copy")
