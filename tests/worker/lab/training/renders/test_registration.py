"""Registration: finds how far a sharp drawing lies off, and refuses what has no one answer."""

import numpy as np
import pytest
from PIL import Image

from worker.lab.training.corpus import Array
from worker.lab.training.renders.registration import Box, Registration, cut

WHOLE = Box(16, 16, 96, 96)


def scene(side_px: int, seed: int = 1) -> Array:
    rough = np.random.default_rng(seed).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    resized = Image.fromarray(rough).resize((side_px, side_px), Image.Resampling.BICUBIC)
    return np.asarray(resized)


def shrunk(sharp: Array, scale: int) -> Array:
    side = sharp.shape[0] // scale
    return np.asarray(Image.fromarray(sharp).resize((side, side), Image.Resampling.BOX))


@pytest.mark.parametrize("scale", [2, 4])
def test_a_drawing_and_itself_shrunk_lie_on_each_other(scale: int) -> None:
    sharp = scene(128 * scale)
    assert Registration(shrunk(sharp, scale), sharp).shift(WHOLE) == (0, 0)


@pytest.mark.parametrize("shift", [(3, 0), (-2, 1), (1, -1), (-3, 0)])
def test_the_shift_is_found_and_cutting_undoes_it(shift: tuple[int, int]) -> None:
    sharp = scene(512)
    moved = np.roll(sharp, shift, (0, 1))
    registration = Registration(shrunk(sharp, 4), moved)
    assert registration.shift(WHOLE) == shift
    window = cut(moved, WHOLE, shift, 4)
    assert window is not None
    assert np.array_equal(window, sharp[64:448, 64:448])


def test_parts_that_moved_apart_are_no_pair() -> None:
    sharp = scene(512)
    torn = sharp.copy()
    torn[256:] = np.roll(sharp, 3, 0)[256:]
    assert Registration(shrunk(sharp, 4), torn).shift(WHOLE) is None


def test_what_moved_farther_than_is_looked_for_is_no_pair() -> None:
    sharp = scene(512)
    assert Registration(shrunk(sharp, 4), np.roll(sharp, 5, 0)).shift(WHOLE) is None


def test_bare_ground_fits_everywhere() -> None:
    small, sharp = (np.full((128 * s, 128 * s, 3), 200, np.uint8) for s in (1, 4))
    registration = Registration(small, sharp)
    assert registration.shift(WHOLE) == (0, 0)
    assert registration.deviation(WHOLE) == 0


def test_a_window_that_would_stick_out_is_not_cut() -> None:
    sharp = scene(512)
    assert cut(sharp, Box(0, 0, 96, 96), (-1, 0), 4) is None
    assert cut(sharp, Box(32, 32, 96, 96), (0, 1), 4) is None
