"""Decks before and after the swap, drawn by LibreOffice: outside the pictures no pixel differs."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from crispdeck.sample import write_sample_deck
from tests.decks import pictures
from tests.decks.building import DeckBuilder
from tests.decks.drawings import one_bitmap
from tests.decks.enhancing import Enhanced, enhance
from tests.decks.rendering import (
    block_means,
    outside,
    pages,
    require_programs,
    shown_slides,
    start_conversion,
)

FINE_PPI = 144
"""At which a pixel of a small picture covers several of the page: drawing it moves nothing."""
BLOCK_PX = 32

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


def test_every_kind_of_picture_keeps_its_colours(tmp_path: Path) -> None:
    deck = tmp_path / "kinds.pptx"
    deck.write_bytes(deck_of_all_kinds())
    done = enhance(deck)
    before, after = drawn({deck.name: done}, tmp_path)
    sides = zip(
        pages(before / "kinds.pdf", FINE_PPI), pages(after / "kinds.pdf", FINE_PPI), strict=True
    )
    sizes = {picture.part: picture for picture in done.scan.pictures}
    moved = {}
    for placement, (old, new) in zip(done.scan.placements, sides, strict=True):
        picture = sizes[placement.part or ""]
        blocks = (picture.width_px or 0) // BLOCK_PX, (picture.height_px or 0) // BLOCK_PX
        means = [block_means(page, FINE_PPI, placement, *blocks) for page in (old, new)]
        moved[picture.part] = float(np.abs(means[1] - means[0]).max())
    assert len(moved) == len(done.result.swapped) == 18
    assert {part: levels for part, levels in moved.items() if levels >= 1} == {}


def deck_of_all_kinds() -> bytes:
    """A picture of 120 × 90 pixels on each slide, 4 × 3 in, in every format and every role."""
    deck, image, saved = DeckBuilder(40 / 3, 7.5), pictures.drawing(), pictures.saved
    soft, hard = image.convert("RGBA"), image.convert("RGBA")
    soft.putalpha(Image.linear_gradient("L").resize(image.size))
    disc = Image.radial_gradient("L").resize(image.size)
    hard.putalpha(disc.point(lambda level: 255 if level < 170 else 0))
    blobs = [
        *(saved(one, "png") for one in (image, image.quantize(16), image.convert("L"), soft, hard)),
        *(saved(one, "jpeg", quality=80) for one in (image, image.convert("CMYK"))),
        saved(image.quantize(40), "gif"),
        saved(image, "bmp"),
        *(saved(one, "tiff") for one in (image, image.convert("CMYK"))),
    ]
    for blob in blobs:
        deck.picture(deck.slide(), blob)
    for name, suffix in (("emf", "emf"), ("emf+", "emf"), ("wmf", "wmf"), ("svg", "svg")):
        deck.drawing(deck.slide(), one_bitmap(name), suffix)
    deck.fill(deck.slide(), pictures.png(seed=6))
    deck.background(deck.slide(), pictures.jpeg(seed=7))
    deck.table_cell(deck.slide(), pictures.png(seed=5))
    return deck.build()


def compared(decks: Sequence[Path], folder: Path) -> dict[str, int]:
    """Check every deck before and after; return how many of its pages changed inside pictures.

    One LibreOffice per side draws all decks: its start costs more than a small deck.
    """
    done = {deck.name: enhance(deck) for deck in decks}
    drawn(done, folder)
    return {name: _changed_pages(folder, name, enhanced) for name, enhanced in done.items()}


def drawn(done: Mapping[str, Enhanced], folder: Path) -> tuple[Path, Path]:
    """Draw decks before and after; return the two folders of PDFs."""
    require_programs()
    running = []
    for side in ("before", "after"):
        (folder / side).mkdir()
        for name, enhanced in done.items():
            (folder / side / name).write_bytes(getattr(enhanced, side))
        files = sorted((folder / side).iterdir())
        running.append(start_conversion(files, folder / f"{side}-pdf", folder / f"{side}-profile"))
    assert [process.wait(timeout=800) for process in running] == [0, 0]
    return folder / "before-pdf", folder / "after-pdf"


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
