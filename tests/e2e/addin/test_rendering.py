"""What an audience sees: the deck drawn before the pane, after it, and after Undo all."""

import io
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from tests.decks.rendering import (
    Levels,
    outside,
    pages,
    require_programs,
    shown_slides,
    start_conversion,
)
from tests.e2e.addin.cards import Connect
from tests.e2e.addin.decks import talk
from tests.e2e.addin.powerpoint import PowerPoint

pytestmark = [pytest.mark.browser, pytest.mark.render, pytest.mark.timeout(600)]


def test_only_the_pictures_look_different_and_after_undo_all_nothing_does(
    powerpoint: PowerPoint, connect: Connect, tmp_path: Path
) -> None:
    require_programs()
    before = talk()
    powerpoint.open(before)
    connect(powerpoint)
    pane = powerpoint.pane
    pane.get_by_role("tab", name="Whole deck").click()
    pane.get_by_role("button", name="Scan all slides").click()
    pane.get_by_role("button", name="Enhance 3 pictures").click()
    expect(pane.locator("#deck-summary")).to_contain_text("made sharp")
    sharp = powerpoint.save()
    pane.locator("#deck-undo").click()
    expect(pane.locator("#deck-summary")).to_contain_text("as before")
    drawn = draw({"before": before, "sharp": sharp, "undone": powerpoint.save()}, tmp_path)
    with open_deck(io.BytesIO(before)) as deck:
        found = scan(deck)
    low = {picture.part for picture in found.low}
    changed = 0
    for slide, old, new in zip(
        shown_slides(io.BytesIO(before)), drawn["before"], drawn["sharp"], strict=True
    ):
        differs = np.abs(old - new).max(axis=2) > 0
        assert not differs[outside(old.shape, found, slide, low)].any(), f"slide {slide}"
        changed += bool(differs.any())
    assert changed == 3
    for old, undone in zip(drawn["before"], drawn["undone"], strict=True):
        assert np.array_equal(old, undone)


def draw(decks: dict[str, bytes], folder: Path) -> dict[str, list[Levels]]:
    """Draw all pages of each deck, by one LibreOffice."""
    files = [folder / f"{name}.pptx" for name in decks]
    for file, blob in zip(files, decks.values(), strict=True):
        file.write_bytes(blob)
    assert start_conversion(files, folder / "pdf", folder / "profile").wait(timeout=400) == 0
    return {name: list(pages(folder / "pdf" / f"{name}.pdf")) for name in decks}
