"""Whether a small drawing and a sharp one show the same thing, and how far apart they lie.

A line of text stands on a whole pixel of its drawing, so on a sharp one it may stand up to three
quarters of a small pixel higher or lower. Where all of a window is moved alike, the sharp window
is cut out as much lower; where its parts are moved differently, it is no pair.
"""

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.uint8]
Floats = NDArray[np.float32]

# How far the sharp drawing is moved while looking for its place, in quarters of a small pixel.
# Letters move up and down with their line; sideways they keep to fractions of a pixel.
REACH_DOWN_QUARTERS, REACH_ACROSS_QUARTERS = 4, 2
"""The outermost place is a refusal: the right one may lie beyond."""

PART_PX = 32
"""A window is compared in parts of about this side, in small pixels."""
# Levels (0..255) of standard deviation; bare ground fits everywhere.
LIVELY_LEVELS = 6.0


@dataclass(frozen=True)
class Box:
    """A place in the small drawing, in its pixels."""

    left: int
    top: int
    width: int
    height: int


def luma(pixels: Array) -> Floats:
    """Weigh (H, W, 3) to (H, W)."""
    weighed: Floats = (pixels @ np.array([0.299, 0.587, 0.114], np.float32)).astype(np.float32)
    return weighed


class Registration:
    """The small drawing compared with the sharp one at every place within reach."""

    def __init__(self, small: Array, sharp: Array) -> None:
        """Compare (H, W, 3) with (H × scale, W × scale, 3); the scale is 2 or 4."""
        self._target = luma(small)
        scale = sharp.shape[0] // small.shape[0]
        down, across = (
            reach * scale // 4 for reach in (REACH_DOWN_QUARTERS, REACH_ACROSS_QUARTERS)
        )
        means = _box_means(np.pad(luma(sharp), ((down,) * 2, (across,) * 2), mode="edge"), scale)
        shifts = product(range(-down, down + 1), range(-across, across + 1))
        # The smallest shift first: where several fit alike, nothing has moved.
        self._shifts = sorted(shifts, key=lambda shift: max(map(abs, shift)))
        self._edge = (down, across)
        height, width = self._target.shape
        self._errors = np.stack(
            [
                (means[top : top + height * scale : scale, left : left + width * scale : scale]
                 - self._target) ** 2
                for top, left in ((down + dy, across + dx) for dy, dx in self._shifts)
            ]
        )  # fmt: skip
        # Neighbouring places that differ by so much are the same place to the eye.
        self._near = scale // 4 or 1

    def deviation(self, box: Box) -> float:
        """Measure how much there is to see in the small one: standard deviation in levels."""
        return float(self._target[_slices(box)].std())

    def shift(self, box: Box) -> tuple[int, int] | None:
        """Tell how far (down, across) the sharp one lies off, in its pixels.

        None: its parts lie off by different amounts, or by more than is looked for.
        """
        dy, dx = best = self._best(box)
        if abs(dy) == self._edge[0] or (self._edge[1] > 1 and abs(dx) == self._edge[1]):
            return None
        for part in _parts(box):
            if self.deviation(part) > LIVELY_LEVELS:
                own = self._best(part)
                if max(abs(own[0] - dy), abs(own[1] - dx)) > self._near:
                    return None
        return best

    def _best(self, box: Box) -> tuple[int, int]:
        rows, columns = _slices(box)
        errors = self._errors[:, rows, columns].mean(axis=(1, 2), dtype=np.float64)
        return self._shifts[int(errors.argmin())]


def _slices(box: Box) -> tuple[slice, slice]:
    return slice(box.top, box.top + box.height), slice(box.left, box.left + box.width)


def _parts(box: Box) -> list[Box]:
    across, down = max(1, round(box.width / PART_PX)), max(1, round(box.height / PART_PX))
    lefts = [box.left + box.width * n // across for n in range(across + 1)]
    tops = [box.top + box.height * n // down for n in range(down + 1)]
    return [
        Box(left, top, right - left, bottom - top)
        for left, right in pairwise(lefts)
        for top, bottom in pairwise(tops)
    ]


def _box_means(values: Floats, side: int) -> Floats:
    """Mean of the square of `side` that starts at each pixel."""
    sums = np.pad(values.astype(np.float64), ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    total = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    means: Floats = (total / side**2).astype(np.float32)
    return means


def cut(sharp: Array, box: Box, shift: tuple[int, int], scale: int) -> Array | None:
    """Cut the sharp window that belongs to `box`; None where it would stick out."""
    top, left = box.top * scale + shift[0], box.left * scale + shift[1]
    bottom, right = top + box.height * scale, left + box.width * scale
    if top < 0 or left < 0 or bottom > sharp.shape[0] or right > sharp.shape[1]:
        return None
    return sharp[top:bottom, left:right]
