"""Pictures out of real decks: flat ones that serve as truth, blurred ones to look at."""

import hashlib
import io
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from crispdeck.deck.model import Placement, Verdict
from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.errors import DeckRefusedError
from crispdeck.picture.formats import PictureFormat
from worker.lab.metrics import Picture, crispness

FLATS = 60  # pictures of the set in all: what a bench takes minutes for; a guess
FLATS_PER_DECK = 8  # at most, so that no deck is the set
SMALLEST_PX = 160  # side of a truth: 40 small pixels at ×4
WINDOW_PX = 384
"""Of a large picture, the window with most in it is measured."""
MOST_PX = 12_000_000  # pixels; larger ones take long to decode and show no more. A guess
BUSY_STEP = 48
"""Levels, of red, green and blue together, from which neighbours differ strongly."""
FLAT_SHARE = 0.5
"""Share of pixels equal to their right neighbour from which a picture counts as flat."""
LEAST_EDGES = 200  # places where the edge width can be measured; with fewer it is chance. A guess
SHARP_PX = 2.0
"""A truth whose edges are wider was itself enlarged, and is none."""
_LOSSLESS = {PictureFormat.PNG, PictureFormat.GIF, PictureFormat.BMP, PictureFormat.TIFF}
_DECKS = {".pptx", ".ppsx", ".potx"}


@dataclass(frozen=True)
class Window:
    """A part of a picture."""

    rows: slice
    columns: slice


@dataclass(frozen=True)
class Blurred:
    """One picture that a scan calls blurred, and where it is shown largest."""

    deck: str
    part: str
    blob: bytes = field(repr=False)
    placement: Placement


def flat_pictures(folder: Path) -> list[tuple[str, Picture]]:
    """Return sharp flat pictures of the decks in a folder, always the same ones.

    Lossless, at least SMALLEST_PX on each side, half of it flat, with edges that are sharp; at
    most FLATS_PER_DECK of a deck, chosen by their hash, and FLATS in all, alike only once.
    """
    by_deck: list[list[tuple[str, Picture]]] = []
    seen: set[str] = set()
    for path in _decks(folder):
        with open_deck(path, allow_signed=True) as archive:
            parts = [p.part for p in scan(archive).pictures if p.format in _LOSSLESS]
            hashes = {hashlib.sha256(archive.read(part)).hexdigest(): part for part in parts}
            flats: list[tuple[str, Picture]] = []
            for digest in sorted(set(hashes) - seen):
                truth = _as_truth(archive.read(hashes[digest]))
                if truth is not None and len(flats) < FLATS_PER_DECK:
                    flats.append((f"{path.stem}/{Path(hashes[digest]).name}", truth))
            seen |= set(hashes)
            by_deck.append(flats)
    # In turns, so that no deck fills the set before others had theirs.
    turns = [
        flats[turn] for turn in range(FLATS_PER_DECK) for flats in by_deck if turn < len(flats)
    ]
    return sorted(turns[:FLATS], key=lambda named: named[0])


def blurred_pictures(folder: Path, *, only: Container[str] | None = None) -> Iterator[Blurred]:
    """Yield every picture of the decks in a folder (of `only` these) that a scan calls blurred."""
    for path in _decks(folder):
        if only is not None and path.name not in only:
            continue
        with open_deck(path, allow_signed=True) as archive:
            found = scan(archive)
            placements = {one.id: one for one in found.placements}
            for picture in found.pictures:
                shown = [placements[key] for key in picture.placements]
                sized = [one for one in shown if one.effective_ppi]
                if picture.verdict is Verdict.LOW and sized:
                    worst = min(sized, key=lambda one: one.effective_ppi or 0)
                    yield Blurred(path.name, picture.part, archive.read(picture.part), worst)


def _decks(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _DECKS:
            try:
                open_deck(path, allow_signed=True).close()
            except DeckRefusedError:
                continue
            yield path


def _as_truth(blob: bytes) -> Picture | None:
    """Decode, lay on white and cut out the window; None where the picture is no sharp flat one."""
    with Image.open(io.BytesIO(blob)) as file:
        if min(file.size) < SMALLEST_PX or file.width * file.height > MOST_PX:
            return None
        rgba = file.convert("RGBA")
    white = Image.new("RGBA", rgba.size, "white")
    picture = np.asarray(Image.alpha_composite(white, rgba).convert("RGB"))
    sides = (min(side // 4 * 4, WINDOW_PX) for side in picture.shape[:2])
    part = fullest_window(picture, *sides)
    window = np.ascontiguousarray(picture[part.rows, part.columns])
    if _flat_share(window) < FLAT_SHARE:
        return None
    edges = crispness(window, window, 4)
    if edges.edges < LEAST_EDGES or edges.true_edge_width_px > SHARP_PX:
        return None
    return window


def _flat_share(picture: Picture) -> float:
    return float((picture[:, 1:] == picture[:, :-1]).all(axis=2).mean())


def fullest_window(picture: Picture, height_px: int, width_px: int) -> Window:
    """Find the window with the most strong differences between neighbours.

    A picture that is smaller than the window is the window.
    """
    height_px, width_px = min(height_px, picture.shape[0]), min(width_px, picture.shape[1])
    grey = picture.astype(np.float64).sum(axis=2)
    busy = np.zeros_like(grey)
    busy[:, 1:] = np.abs(np.diff(grey, axis=1)) > BUSY_STEP
    sums = np.pad(busy.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    held = (
        sums[height_px:, width_px:]
        - sums[:-height_px, width_px:]
        - sums[height_px:, :-width_px]
        + sums[:-height_px, :-width_px]
    )
    top, left = (int(place) for place in np.unravel_index(held.argmax(), held.shape))
    return Window(slice(top, top + height_px), slice(left, left + width_px))
