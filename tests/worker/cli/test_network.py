"""What the commands make of single pictures keeps the colours of every part of them."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.reading import decode
from crispdeck.sample import write_sample_deck
from crispdeck.settings import Settings
from worker.cli.network import LazySharpener

BLOCK_PX = 32
MOST_LEVELS = 1.3
"""Of 255. Three blocks of code move by 1.01 to 1.23, since rows of letters lie across their borders
and edges grow steeper; all others of the deck's 19 pictures by less than 1."""
WHITE = 255.0
TOO_LARGE_PX = 16_000_000
QUICK_PX = 90_000
"""What is larger takes seconds each, and moved by less than 1 level when it was measured."""


@pytest.mark.long
def test_every_block_of_the_sample_decks_pictures_keeps_its_mean_colour() -> None:
    sharpen = LazySharpener(Settings(device="cpu", dtype="float32", torch_threads=1))
    file = io.BytesIO()
    write_sample_deck(file)
    moved = {}
    with open_deck(file.getvalue()) as deck:
        for picture in scan(deck).low:
            assert picture.scale
            if (picture.width_px or 0) * (picture.height_px or 0) > QUICK_PX:
                continue
            old = deck.read(picture.part)
            new = sharpen(old, picture.scale).blob
            moved[picture.part] = _most_moved(old, new, picture.scale)
    assert len(moved) == 15
    assert {part: levels for part, levels in moved.items() if levels >= MOST_LEVELS} == {}


def _most_moved(old: bytes, new: bytes, scale: int) -> float:
    """Return the largest change of a block's mean on white, in levels of 255."""
    before, after = (_on_white(decode(blob, max_px=TOO_LARGE_PX).pixels) for blob in (old, new))
    difference = _block_means(after, BLOCK_PX * scale) - _block_means(before, BLOCK_PX)
    return float(np.abs(difference).max())


def _on_white(pixels: Pixels) -> NDArray[np.float64]:
    if min(pixels.width_px, pixels.height_px) < BLOCK_PX:
        raise ValueError("smaller than a block")
    colour = pixels.colour * (255 / pixels.max_value)
    if pixels.alpha is None:
        return np.asarray(colour)
    opacity = pixels.alpha[..., None] / pixels.max_value
    return np.asarray(colour * opacity + WHITE * (1 - opacity))


def _block_means(levels: NDArray[np.float64], side_px: int) -> NDArray[np.float64]:
    down, across = levels.shape[0] // side_px, levels.shape[1] // side_px
    whole = levels[: down * side_px, : across * side_px]
    return np.asarray(whole.reshape(down, side_px, across, side_px, -1).mean((1, 3)))
