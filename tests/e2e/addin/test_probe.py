"""The probe, as whoever has a real PowerPoint runs it, against the host of the tests."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.addin.conftest import PATIENCE_MS
from tests.e2e.addin.decks import slides_of, talk
from tests.e2e.addin.powerpoint import PowerPoint
from tests.e2e.addin.served import Served

pytestmark = pytest.mark.browser


def test_the_probe_answers_every_question_and_leaves_no_slide_behind(
    context: BrowserContext, served: Served
) -> None:
    page = context.new_page()
    powerpoint = PowerPoint(page, served.pane_url.replace("taskpane.html", "probe.html"))
    deck = talk()
    powerpoint.open(deck)
    powerpoint.pane.get_by_role("button", name="Start").click()
    pressed = powerpoint.pane.get_by_role("button", name="I have pressed it")
    expect(pressed).to_be_visible(timeout=PATIENCE_MS)
    powerpoint.undo()
    pressed.click()
    expect(powerpoint.pane.get_by_text("Done. Copy the text")).to_be_visible()
    answers = powerpoint.pane.locator("#answers").inner_text()
    assert "failed" not in answers, answers
    for words in (
        "PowerPointApi up to 1.10",
        "parts that differ: none",
        "insert",
        "pictures with the same bytes: 1 of 1",
        "export and delete in one batch",
        "bytes kept: true, true; old bytes gone:",
        "bytes kept: true, true",
        "fill: <a:blipFill",
        "getFileAsync",
        "Selection events meanwhile",
        "after one Ctrl+Z:",
    ):
        assert words in answers, (words, answers)
    assert len(slides_of(powerpoint.save())) == len(slides_of(deck))
    report = powerpoint.report()
    assert (report.refusals, report.openFiles) == ([], 0)
