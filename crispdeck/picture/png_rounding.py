"""Take from 8-bit pixels what nobody sees and a PNG pays dearly for; bounded, decided by pixels.

Beside and within edges the samples of an enlarged picture differ from one another by a level or two
in ways that carry nothing, and half of a PNG's bytes go there. Rounding them to every fifth level
(0 and 255 are among them) leaves a fifth of the values to tell apart.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from crispdeck.picture.pixels import Pixels

STEP = 5
"""Levels between two values that stay: a divisor of 255, so that black and white do."""

MAX_SHIFT = STEP // 2
"""Levels of 255 by which a sample moves at the most; what writes a palette may move it by 4."""

BUSY_LEVELS = 16
"""Contrast around from which a sample may be rounded: smooth grounds would show steps."""

AROUND_PX = 2
"""Contrast is looked for so far around, in pixels of the small picture: as far as
interpolation carries an edge."""

BLOCK_PX = 16
"""Side of a block in pixels of the small picture, the same as that of the check of colours."""

MAX_TINT_LEVELS = 0.4
"""By which the mean of a block may change: under half of what would count as a tint."""

Samples8 = NDArray[np.uint8]


def rounded_samples(pixels: Pixels, scale: float) -> Pixels:
    """Round what is busy to multiples of STEP; pixels of 16 bits are returned as they are.

    Left as they are: pixels that lie in a square of 2 × 2 of one colour (flat ground up to its
    border, cells, strokes); whatever has less than BUSY_LEVELS of contrast around; blocks whose
    mean colour would change. Clear and solid alpha stay so.

    Args:
        pixels: what is to be written.
        scale: by how much they were enlarged.
    """
    if pixels.max_value != 255:
        return pixels
    samples = _samples(pixels)
    rounded: Samples8 = _NEAREST[samples]
    reach = max(1, round(AROUND_PX * scale))
    keeps = _in_squares(samples) | (_contrast(samples, reach) < BUSY_LEVELS)
    np.copyto(rounded, samples, where=keeps[..., None])
    _keep_tinted(rounded, samples, max(1, round(BLOCK_PX * scale)))
    colours = pixels.colour.shape[2]
    alpha = None if pixels.alpha is None else np.ascontiguousarray(rounded[..., colours])
    return Pixels(np.ascontiguousarray(rounded[..., :colours]), alpha)


_NEAREST = np.asarray((np.arange(256) + MAX_SHIFT) // STEP * STEP, np.uint8)


def _samples(pixels: Pixels) -> Samples8:
    """(H, W, C), alpha last."""
    colour = pixels.colour.astype(np.uint8, copy=False)
    if pixels.alpha is None:
        return np.ascontiguousarray(colour)
    return np.concatenate((colour, pixels.alpha[..., None].astype(np.uint8)), axis=2)


def _in_squares(samples: Samples8) -> NDArray[np.bool_]:
    """Find pixels that lie in a square of 2 × 2 of one colour: (H, W)."""
    height, width, channels = samples.shape
    four = np.zeros((height, width, 4), np.uint8)
    four[..., :channels] = samples
    colours = four.view(np.uint32)[..., 0]  # all channels of a pixel as one number
    down, across = colours[1:] == colours[:-1], colours[:, 1:] == colours[:, :-1]
    squares = down[:, 1:] & down[:, :-1] & across[1:]
    found = np.zeros((height, width), bool)
    for top in (0, 1):
        for left in (0, 1):
            found[top : top + height - 1, left : left + width - 1] |= squares
    return found


def _shifted(axis: int, start: int | None, stop: int | None) -> tuple[slice, ...]:
    return (slice(None),) * axis + (slice(start, stop),)


def _contrast(samples: Samples8, reach_px: int) -> Samples8:
    """Give the largest difference of a channel within `reach_px` of each pixel: (H, W)."""
    wide = np.pad(samples, ((reach_px, reach_px), (reach_px, reach_px), (0, 0)), mode="edge")
    side = 2 * reach_px + 1
    highest, lowest = (
        _over(_over(wide, side, 0, pick), side, 1, pick) for pick in (np.maximum, np.minimum)
    )
    differences = highest - lowest
    most = differences[..., 0]
    for channel in range(1, samples.shape[2]):  # many times as quick as max() along so short a side
        most = np.maximum(most, differences[..., channel])
    return most


def _over(
    x: Samples8, length: int, axis: int, pick: Callable[[Samples8, Samples8], Samples8]
) -> Samples8:
    """Pick over windows along one side, which grow by joining two of half their length."""
    joined = 1
    while joined < length:
        step = min(joined, length - joined)
        x = pick(x[_shifted(axis, None, -step)], x[_shifted(axis, step, None)])
        joined += step
    return x


def _keep_tinted(rounded: Samples8, samples: Samples8, block_px: int) -> None:
    """Leave blocks as they were where rounding moves the mean of a channel; in place."""
    moved = rounded.astype(np.int8) - samples.astype(np.int8)  # wraps round twice, to the same
    rows, columns = (np.arange(0, side, block_px) for side in samples.shape[:2])
    sums = np.add.reduceat(np.add.reduceat(moved, rows, 0, np.int32), columns, 1)
    heights = np.diff([*rows, samples.shape[0]])
    widths = np.diff([*columns, samples.shape[1]])
    sizes = np.outer(heights, widths)
    tinted = (np.abs(sums) > MAX_TINT_LEVELS * sizes[..., None]).any(axis=2)
    for row, column in np.argwhere(tinted):
        block = tuple(slice(at * block_px, (at + 1) * block_px) for at in (row, column))
        rounded[block] = samples[block]
