"""Colour that was multiplied by its alpha, and back; band by band, in a few bytes a pixel."""

from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from crispdeck.picture.pixels import Pixels, Samples

_BAND_PX = 1 << 18
"""Pixels that are reckoned with at once: 50 bytes each for as long as that takes; a guess."""


def straight(pixels: Pixels) -> Pixels:
    """Undo premultiplied alpha; colour under an alpha of 0 stays as it is stored."""
    if pixels.alpha is None:
        return pixels
    colour = np.empty(pixels.colour.shape, pixels.colour.dtype)
    for rows in _bands(pixels):
        share = np.maximum(pixels.alpha[rows], 1)[..., None] / pixels.max_value
        colour[rows] = np.minimum(np.rint(pixels.colour[rows] / share), pixels.max_value)
    return Pixels(cast("Samples", colour), cast("Samples", np.ascontiguousarray(pixels.alpha)))


def premultiplied(pixels: Pixels) -> NDArray[np.uint8]:
    """Return 8-bit RGB as (H, W, 4): red, green and blue times alpha, and alpha."""
    height, width = pixels.colour.shape[:2]
    out: NDArray[np.uint8] = np.full((height, width, 4), 255, np.uint8)
    if pixels.alpha is None:
        out[..., :3] = pixels.colour
        return out
    out[..., 3] = pixels.alpha
    for rows in _bands(pixels):
        share = out[rows, :, 3:] / 255
        out[rows, :, :3] = np.rint(pixels.colour[rows] * share)
    return out


def _bands(pixels: Pixels) -> Iterator[slice]:
    height, width = pixels.colour.shape[:2]
    step = max(1, _BAND_PX // max(1, width))
    return (slice(top, top + step) for top in range(0, height, step))
