"""The pane as its tests read it."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.e2e.addin.powerpoint import PowerPoint

Connect = Callable[[PowerPoint], None]

CHART = "Bars that rise"
SHARP = "Sharp on the slide"


def card(powerpoint: PowerPoint, name: str = CHART) -> Locator:
    """The card of a picture on the slide in view."""
    return powerpoint.pane.locator("#cards > li").filter(has_text=name)


def wait_until_ready(one: Locator) -> None:
    """The sharp picture is there, to be seen before it is put on the slide."""
    expect(one).to_have_attribute("data-state", "ready")


def button(one: Locator, name: str) -> Locator:
    """A button of a card."""
    return one.get_by_role("button", name=name, exact=True)


def agree(powerpoint: PowerPoint) -> None:
    """Answer the question on a card: the slide may be replaced. The answer is deaf at first."""
    yes = powerpoint.pane.get_by_role("button", name="Replace the slide")
    expect(yes).to_have_attribute("aria-disabled", "false")
    yes.click()


def make_sharp(powerpoint: PowerPoint) -> None:
    """Click Enhance on the chart's card, and wait for it to be on the slide."""
    button(card(powerpoint), "Enhance").click()
    expect(card(powerpoint)).to_contain_text(SHARP)
