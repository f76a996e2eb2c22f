"""The pane for everyone: every state by axe-core, by keyboard, in every width and colour scheme."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.addin.cards import SHARP, Connect, agree, button, card, wait_until_ready
from tests.e2e.addin.conftest import PATIENCE_MS
from tests.e2e.addin.decks import talk, with_comment
from tests.e2e.addin.powerpoint import DARK, PowerPoint, axe_findings, serve_host
from tests.e2e.addin.served import Served

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark", "forced colours"]
WIDTHS_PX = (270, 320)
SCHEMES: Sequence[Scheme] = ("light", "dark", "forced colours")


@pytest.fixture(scope="module")
def deck() -> bytes:
    return with_comment(talk())


@pytest.fixture(params=[(w, s) for w in WIDTHS_PX for s in SCHEMES], ids=str)
def look(request: pytest.FixtureRequest) -> tuple[int, Scheme]:
    """A width of the pane and a colour scheme."""
    chosen: tuple[int, Scheme] = request.param
    return chosen


@pytest.fixture
def context(browser: Browser, served: Served, look: tuple[int, Scheme]) -> Iterator[BrowserContext]:
    """A profile in this colour scheme."""
    options: dict[str, Any] = {"viewport": {"width": 1100, "height": 1200}}
    if look[1] == "dark":
        options["color_scheme"] = "dark"
    if look[1] == "forced colours":
        options |= {"color_scheme": "dark", "forced_colors": "active"}
    made = browser.new_context(**options)
    serve_host(made, served.url)
    yield made
    made.close()


def shot(powerpoint: PowerPoint, look: tuple[int, Scheme], name: str) -> None:
    """Keep a picture for people where SCREENSHOTS names a folder."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        width_px, scheme = look
        path = Path(folder) / f"{name}-{width_px}-{scheme.replace(' ', '-')}.png"
        powerpoint.page.locator("#pane").screenshot(path=path)


def look_at(powerpoint: PowerPoint, look: tuple[int, Scheme], name: str) -> None:
    """Nothing serious for axe-core, nothing cut off, a picture for people."""
    shot(powerpoint, look, name)
    assert axe_findings(powerpoint.page) == [], name
    frame = next(one for one in powerpoint.page.frames if one.name == "pane")
    assert frame.evaluate("document.documentElement.scrollWidth") <= look[0], name


def test_every_state_of_the_pane_can_be_seen_and_heard(
    powerpoint: PowerPoint, served: Served, deck: bytes, look: tuple[int, Scheme]
) -> None:
    theme = None if look[1] == "light" else DARK
    powerpoint.open(deck, width_px=look[0], theme=theme)
    pane = powerpoint.pane
    expect(pane.get_by_label("Code")).to_be_visible()
    look_at(powerpoint, look, "welcome")
    pane.get_by_label("Code").fill(served.key)
    pane.get_by_role("button", name="Connect").click()
    chart = card(powerpoint)
    wait_until_ready(chart)
    look_at(powerpoint, look, "suggestion")
    button(chart, "Enhance").click()
    expect(chart.locator(".warn")).to_be_visible()
    look_at(powerpoint, look, "question")
    agree(powerpoint)
    expect(chart).to_contain_text(SHARP)
    look_at(powerpoint, look, "sharp")
    pane.get_by_role("tab", name="Whole deck").click()
    look_at(powerpoint, look, "deck-empty")
    pane.get_by_role("button", name="Scan all slides").click()
    expect(pane.locator("#deck-enhance")).to_be_visible()
    look_at(powerpoint, look, "deck")
    pane.get_by_role("tab", name="Settings").click()
    look_at(powerpoint, look, "settings")
    powerpoint.do("select", 2)
    pane.get_by_role("tab", name="Slide", exact=True).click()
    expect(pane.get_by_text("Every picture on this slide is sharp")).to_be_visible()
    look_at(powerpoint, look, "nothing")
    powerpoint.rule(
        "Slide.exportAsBase64",
        {"kind": "fail", "when": "before", "code": "GeneralException"},
        times=0,
    )
    powerpoint.do("select", 3)
    expect(pane.get_by_role("button", name="Try again")).to_be_visible()
    look_at(powerpoint, look, "failed")


@pytest.mark.parametrize("look", [(320, "light")], ids=["320 px"], indirect=True)
def test_all_of_it_works_by_keyboard(powerpoint: PowerPoint, connect: Connect, deck: bytes) -> None:
    powerpoint.open(talk())
    connect(powerpoint)
    chart = card(powerpoint)
    wait_until_ready(chart)
    keys = powerpoint.page.keyboard
    button(chart, "Enhance").focus()
    keys.press("Enter")
    expect(button(chart, "Undo")).to_be_focused(timeout=PATIENCE_MS)
    keys.press("Enter")
    expect(button(chart, "Enhance")).to_be_focused(timeout=PATIENCE_MS)
    slider = chart.get_by_role("slider")
    slider.focus()
    keys.press("ArrowRight")
    expect(slider).to_have_value("55")
    powerpoint.pane.get_by_role("tab", name="Slide", exact=True).focus()
    keys.press("ArrowRight")
    expect(powerpoint.pane.get_by_role("tab", name="Whole deck")).to_be_focused()
    pane = powerpoint.pane
    pane.get_by_role("button", name="Scan all slides").focus()
    keys.press("Enter")
    expect(pane.locator("#deck-enhance")).to_be_focused(timeout=PATIENCE_MS)
    keys.press("Enter")
    expect(pane.locator("#deck-undo")).to_be_focused(timeout=PATIENCE_MS)


@pytest.mark.parametrize("look", [(320, "light")], ids=["320 px"], indirect=True)
def test_the_pane_follows_a_theme_that_changes_while_it_is_open(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(talk())
    connect(powerpoint)
    frame = next(one for one in powerpoint.page.frames if one.name == "pane")
    back = "getComputedStyle(document.body).backgroundColor"
    light = frame.evaluate(back)
    powerpoint.set_theme(DARK)
    frame.evaluate("window.dispatchEvent(new Event('focus'))")
    assert frame.evaluate(back) != light
