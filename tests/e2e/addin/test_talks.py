"""Real talks: the whole deck made sharp in the pane, then everything taken back.

Two short ones in every run; `ALL_TALKS=1` takes all ten: some ten minutes on an idle machine.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.addin.cards import Connect
from tests.e2e.addin.checks import assert_as_before, assert_only_pictures_changed
from tests.e2e.addin.decks import changed_pictures, pictures_of
from tests.e2e.addin.powerpoint import PowerPoint

# Those of the folder that show blurred pictures, from few pixels to many.
ALWAYS = ("3d32baae", "8532c5dc")
LONGER = (
    "3a250a0e",
    "686e852c",
    "9ca1909a",
    "7d0da89c",
    "942d18ff",
    "f3b36092",
    "770de9a0",
    "dc09555c",
)
WITHIN_S = 900

pytestmark = [pytest.mark.browser, pytest.mark.timeout(2 * WITHIN_S)]


@pytest.mark.parametrize("name", [*ALWAYS, *LONGER])
def test_a_real_talk_is_made_sharp_and_ends_with_its_original_pictures(
    powerpoint: PowerPoint, connect: Connect, shared_data: Path, name: str
) -> None:
    if name in LONGER and not os.environ.get("ALL_TALKS"):
        pytest.skip("one of the eight longer talks; ALL_TALKS=1 runs them too")
    talk = (shared_data / "decks" / "talks" / f"presentations-{name}.pptx").read_bytes()
    powerpoint.open(talk, "windows-1.8", name=f"{name}.pptx")
    connect(powerpoint)
    patience_ms = 1000 * WITHIN_S
    pane = powerpoint.pane
    pane.get_by_role("tab", name="Whole deck").click()
    pane.get_by_role("button", name="Scan all slides").click()
    summary = pane.locator("#deck-summary")
    expect(summary).to_contain_text("blurred picture", timeout=patience_ms)
    rows = pane.locator("#deck .item")
    found = rows.count()
    assert found > 0
    pane.locator("#deck-all").check()
    pane.locator("#deck-enhance").click()
    expect(summary).to_contain_text("made sharp", timeout=patience_ms)
    assert pane.locator("#deck .item.failed").all_inner_texts() == []
    sharp = powerpoint.save()
    changed = changed_pictures(talk, sharp)
    assert len(changed) >= found
    assert_only_pictures_changed(talk, sharp, changed)
    pane.locator("#deck-undo").click()
    expect(summary).to_contain_text("as before", timeout=patience_ms)
    assert_as_before(talk, powerpoint.save())
    assert pictures_of(powerpoint.save()) == pictures_of(talk)
    assert powerpoint.report().refusals == []
