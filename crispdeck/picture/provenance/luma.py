"""The grey picture that provenance is read from: brightness on white, and its busiest part."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crispdeck.picture.pixels import Pixels, Samples

Grey = NDArray[np.float32]


class Part(NamedTuple):
    """A part of a picture and where it lies."""

    grey: Grey
    top_px: int
    left_px: int


WINDOW_PX = 768
"""Side in pixels of the part that is examined: enough for a sure estimate, a third of a second's
worth of pixels less than a large picture has."""
_GRID_PX = 64  # step at which the part may begin; a guess
STRIP_PX = 64
"""Rows that are worked on at a time: they stay in the processor's cache."""
_WEIGHTS = (np.float32(0.299), np.float32(0.587), np.float32(0.114))
"""ITU-R BT.601, as in JPEG: its traces are in this brightness."""


def luma(pixels: Pixels) -> Grey:
    """Return brightness (H, W) in 0..255; clear areas are white, ink counts as darkness."""
    grey = np.empty((pixels.height_px, pixels.width_px), np.float32)
    for top_px in range(0, pixels.height_px, STRIP_PX):
        strip = slice(top_px, top_px + STRIP_PX)
        alpha = None if pixels.alpha is None else pixels.alpha[strip]
        grey[strip] = _luma(pixels.colour[strip], alpha, pixels.max_value)
    return grey


def _luma(colour: Samples, alpha: Samples | None, top: int) -> Grey:
    unit = np.float32(255 / top)
    grey = (_weighed(colour) if colour.shape[2] >= 3 else colour[..., 0]) * unit
    if colour.shape[2] == 4:
        grey = (255 - grey) * (1 - colour[..., 3] / np.float32(top))
    if alpha is not None:
        grey = 255 - (255 - grey) * (alpha / np.float32(top))
    return np.asarray(grey, np.float32)


def _weighed(colour: Samples) -> Grey:
    """Weigh channel by channel: a matrix product need not give equal pixels equal sums."""
    red, green, blue = (colour[..., channel] * weight for channel, weight in enumerate(_WEIGHTS))
    grey: Grey = red + green + blue
    return grey


def liveliest(grey: Grey, side_px: int = WINDOW_PX) -> Part:
    """Cut the part with most edges, at most side_px on each side.

    It starts on a multiple of 64 pixels, so that the grid of JPEG and the phases of the usual
    factors stay where they were.
    """
    height_px, width_px = grey.shape
    if height_px <= side_px and width_px <= side_px:
        return Part(grey, 0, 0)
    blocks = np.array(
        [_edges(grey, top_px) for top_px in range(0, height_px, _GRID_PX)], dtype=np.float32
    )
    rows, columns = blocks.shape
    side = side_px // _GRID_PX
    high, wide = min(side, rows), min(side, columns)
    sums = np.pad(blocks.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    inside = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    row, column = np.unravel_index(int(inside.argmax()), inside.shape)
    top, left = int(row) * _GRID_PX, int(column) * _GRID_PX
    return Part(grey[top : top + side_px, left : left + side_px], top, left)


def _edges(grey: Grey, top_px: int) -> Grey:
    """Return how much edge each block of a row of blocks holds; a strong edge counts as a weak."""
    strip = grey[top_px : top_px + _GRID_PX]
    edges = np.zeros_like(strip)
    np.abs(strip[:, 1:] - strip[:, :-1], out=edges[:, 1:])
    above = grey[max(0, top_px - 1) : top_px + _GRID_PX]
    edges[len(strip) - len(above) + 1 :] += np.abs(above[1:] - above[:-1])
    lines = np.minimum(edges, 32, out=edges).sum(axis=0)
    return np.add.reduceat(lines, np.arange(0, len(lines), _GRID_PX))
