"""Decks before and after the swap, drawn by LibreOffice: outside the pictures no pixel differs."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from crispdeck.sample import write_sample_deck
from tests.decks.enhancing import Enhanced, enhance
from tests.decks.rendering import (
    outside,
    pages,
    require_programs,
    shown_slides,
    start_conversion,
)

pytestmark = [pytest.mark.render, pytest.mark.timeout(900)]


def test_the_sample_deck_looks_the_same_outside_its_pictures(tmp_path: Path) -> None:
    deck = tmp_path / "sample.pptx"
    with deck.open("wb") as file:
        write_sample_deck(file)
    assert compared([deck], tmp_path) == {"sample.pptx": 12}


def test_real_talks_look_the_same_outside_their_pictures(shared_data: Path, tmp_path: Path) -> None:
    talks = sorted((shared_data / "decks" / "talks").iterdir())
    changed = compared(talks, tmp_path)
    assert len(changed) == len(talks) == 17
    assert sum(changed.values()) > 100


def compared(decks: Sequence[Path], folder: Path) -> dict[str, int]:
    """Check every deck before and after; return how many of its pages changed inside pictures.

    One LibreOffice per side draws all decks: its start costs more than a small deck.
    """
    require_programs()
    done = {deck.name: enhance(deck) for deck in decks}
    running = []
    for side in ("before", "after"):
        (folder / side).mkdir()
        for name, enhanced in done.items():
            (folder / side / name).write_bytes(getattr(enhanced, side))
        files = sorted((folder / side).iterdir())
        running.append(start_conversion(files, folder / f"{side}-pdf", folder / f"{side}-profile"))
    assert [process.wait(timeout=800) for process in running] == [0, 0]
    return {name: _changed_pages(folder, name, enhanced) for name, enhanced in done.items()}


def _changed_pages(folder: Path, name: str, done: Enhanced) -> int:
    pdf = Path(name).with_suffix(".pdf").name
    old = pages(folder / "before-pdf" / pdf)
    new = pages(folder / "after-pdf" / pdf)
    swapped = {one.part for one in done.result.swapped}
    changed = 0
    # strict: a page too many or too few on either side is an error.
    shown = shown_slides(io.BytesIO(done.before))
    for slide, before, after in zip(shown, old, new, strict=True):
        differs = np.abs(before - after).max(axis=2) > 0
        away = outside(before.shape, done.scan, slide, swapped)
        assert not differs[away].any(), f"{name}, slide {slide}: {differs[away].sum()} pixels"
        changed += bool(differs.any())
    return changed
