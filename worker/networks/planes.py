"""Pixels as the RGB planes that a network understands, and back; no network.

Grey becomes three equal channels, averaged on the way back. CMYK becomes two pictures: the light
that cyan, magenta and yellow leave, and black as a grey one. Alpha is one more grey picture. What
is seen under clear pixels is replaced by the nearest visible colour first, so that no dark or
white fringe is drawn into the edge.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from crispdeck.picture.pixels import Pixels, Samples

Plane = NDArray[np.float32]

BLEED_PX = 8
"""Into what is clear: as far as a network's first layers and a bicubic kernel see; a guess."""
ROWS_AT_ONCE = 256  # a guess: some MB of floats


@dataclass(frozen=True)
class Planes:
    """The pictures (H, W, 3) float32 in 0..1 that together make one picture.

    `source` is that picture with bled colours.
    """

    source: Pixels
    pictures: list[Plane]


def split(pixels: Pixels) -> Planes:
    """Give the planes of one picture; alpha is left out where it is the same everywhere."""
    source = bleed(pixels)
    unit = _unit(source.colour)
    pictures = _colour_planes(unit)
    if source.alpha is not None and not _is_constant(source.alpha):
        pictures.append(_as_rgb(_unit(source.alpha[:, :, None])))
    return Planes(source, pictures)


def _colour_planes(unit: Plane) -> list[Plane]:
    channels = unit.shape[2]
    if channels == 1:
        return [_as_rgb(unit)]
    if channels == 3:
        return [unit]
    return [1 - unit[:, :, :3], 1 - _as_rgb(unit[:, :, 3:])]


def join(source: Pixels, pictures: list[Plane]) -> Pixels:
    """Put enlarged planes together, in the order of `split`, as a picture like `source`."""
    channels = source.colour.shape[2]
    if channels == 1:
        colour = _grey(pictures[0])
    elif channels == 3:
        colour = pictures[0]
    else:
        colour = 1 - np.concatenate([pictures[0], _grey(pictures[1])], axis=2)
    alpha = None if source.alpha is None else _join_alpha(source.alpha, pictures[-1])
    return Pixels(_samples(colour, source.colour.dtype), alpha)


def _join_alpha(small: Samples, picture: Plane) -> Samples:
    """Read the enlarged alpha off `picture`, which is colour where `small` is constant."""
    if _is_constant(small):
        return cast("Samples", np.full(picture.shape[:2], small.flat[0]))
    return settle_alpha(_samples(_grey(picture)[:, :, 0], small.dtype), small)


def settle_alpha(enlarged: Samples, small: Samples) -> Samples:
    """Make clear and solid areas exactly so: a network leaves a level of haze in them.

    An area is a pixel of `small` (H, W) whose eight neighbours are all as clear or as solid.
    """
    top = np.iinfo(small.dtype).max
    lowest, highest = _extremes_around(small)
    rows, columns = (
        (np.arange(there) * here) // there
        for there, here in zip(enlarged.shape, small.shape, strict=True)
    )
    settled = enlarged.copy()
    settled[(highest == 0)[np.ix_(rows, columns)]] = 0
    settled[(lowest == top)[np.ix_(rows, columns)]] = top
    return settled


def bleed(pixels: Pixels) -> Pixels:
    """Continue the visible colours some pixels into what is clear (alpha 0)."""
    if pixels.alpha is None or pixels.alpha.all() or not pixels.alpha.any():
        return pixels
    known = pixels.alpha > 0
    colour = np.where(known[:, :, None], pixels.colour, 0).astype(np.float32)
    for _ in range(BLEED_PX):
        weights = _sum_around(known[:, :, None].astype(np.float32))
        mean = _sum_around(colour) / np.maximum(weights, 1)
        reached = ~known & (weights[:, :, 0] > 0)
        colour[reached] = mean[reached]
        known = known | reached
    bled = np.where(known[:, :, None], np.rint(colour), pixels.colour)
    return Pixels(cast("Samples", bled.astype(pixels.colour.dtype)), pixels.alpha)


def _sum_around(plane: Plane) -> Plane:
    """Sum over each pixel's 3×3 surroundings."""
    height_px, width_px = plane.shape[:2]
    padded = np.pad(plane, ((1, 1), (1, 1), (0, 0)))
    rows = padded[:height_px] + padded[1:-1] + padded[2:]
    total: Plane = rows[:, :width_px] + rows[:, 1:-1] + rows[:, 2:]
    return total


def _extremes_around(plane: Samples) -> tuple[Samples, Samples]:
    """Find the lowest and the highest value of each pixel's 3×3 surroundings."""
    padded = np.pad(plane, 1, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    return windows.min(axis=(2, 3)), windows.max(axis=(2, 3))


def _is_constant(alpha: Samples) -> bool:
    return bool((alpha == alpha.flat[0]).all())


def _unit(samples: Samples) -> Plane:
    """Scale integers to 0..1."""
    return samples.astype(np.float32) / np.float32(np.iinfo(samples.dtype).max)


def _as_rgb(grey: Plane) -> Plane:
    return np.repeat(grey, 3, axis=2)


def _grey(rgb: Plane) -> Plane:
    mean: Plane = rgb.mean(axis=2, keepdims=True, dtype=np.float32)
    return mean


def _samples(unit: Plane, dtype: np.dtype[np.generic]) -> Samples:
    """Round 0..1 to the integers of `dtype`, clipping what overshoots.

    Some rows at a time: a large picture in floating point is not to be held three times.
    """
    top = float(np.iinfo(dtype).max)  # type: ignore[type-var]
    samples = np.empty(unit.shape, dtype)
    for start in range(0, unit.shape[0], ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        samples[rows] = np.clip(np.rint(unit[rows] * top), 0, top)
    return cast("Samples", samples)
