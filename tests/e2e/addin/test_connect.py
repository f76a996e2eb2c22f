"""The pane meets its server: a code from one page, typed into the other."""

import pytest
from playwright.sync_api import expect

from tests.e2e.addin.decks import talk
from tests.e2e.addin.measure import loaded_bytes
from tests.e2e.addin.powerpoint import PowerPoint
from tests.e2e.addin.served import Served

pytestmark = pytest.mark.browser


def test_a_code_from_the_page_connects_the_pane(powerpoint: PowerPoint, served: Served) -> None:
    page = powerpoint.page.context.new_page()
    page.goto(f"{served.url}/#key={served.key}")
    page.goto(f"{served.url}/addin/")
    page.get_by_role("button", name="Show a code").click()
    code = page.locator("#code")
    expect(code).to_contain_text("-")
    words = code.inner_text().lower()
    # As a person does; clicks into a window that is not in front may be lost without a word.
    powerpoint.page.bring_to_front()
    powerpoint.open(talk())
    powerpoint.pane.get_by_label("Code").fill(words)
    powerpoint.pane.get_by_role("button", name="Connect").click()
    refusal = powerpoint.pane.get_by_role("alert")
    expect(powerpoint.pane.get_by_role("tablist").or_(refusal)).to_be_visible()
    assert refusal.all_inner_texts() == []
    expect(powerpoint.pane.get_by_role("button", name="Enhance", exact=True)).to_be_visible()


def test_a_wrong_code_is_told_and_the_field_keeps_the_focus(powerpoint: PowerPoint) -> None:
    powerpoint.open(talk())
    field = powerpoint.pane.get_by_label("Code")
    field.fill("BCDF-GHJK")
    powerpoint.pane.get_by_role("button", name="Connect").click()
    expect(powerpoint.pane.get_by_role("alert")).to_contain_text("A code is good once")
    expect(field).to_be_focused()


def test_nothing_secret_goes_into_the_document(powerpoint: PowerPoint, served: Served) -> None:
    powerpoint.open(talk())
    powerpoint.pane.get_by_label("Code").fill(served.key)
    powerpoint.pane.get_by_role("button", name="Connect").click()
    expect(powerpoint.pane.get_by_role("tablist")).to_be_visible()
    assert served.key.encode() not in powerpoint.save()
    assert powerpoint.report().settings == {}


@pytest.mark.parametrize("language", ["en-US", "ja-JP"])
def test_what_is_loaded_until_the_first_card_stays_small(
    powerpoint: PowerPoint, served: Served, language: str
) -> None:
    powerpoint.open(talk(), language=language, query=f"?connect={served.connect_key}")
    expect(powerpoint.pane.locator("#cards > li").first).to_be_visible()
    frame = next(one for one in powerpoint.page.frames if one.name == "pane")
    packed, _ = loaded_bytes(frame)
    assert 20_000 < packed < 40_000
