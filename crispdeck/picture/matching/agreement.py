"""How well a candidate, brought into a small picture's frame, agrees with it, pixel by pixel.

The shrunk candidate is fitted to the small picture by what shrinking does and no more: one small
filter for the whole picture (which kernel, how much sharpening, the rest of a shift) and one
bounded change of colour, both by robust least squares, so that a change in one place cannot hide
in them. What differs then is measured against what the content around makes likely.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from crispdeck.picture.matching.geometry import Colours, Plane
from crispdeck.picture.matching.jpeg_cells import (
    JpegTables,
    beyond_cells,
    beyond_steps,
    smaller_by_block,
    through_jpeg,
)

_TO_YCC = np.array(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32
)
"""JFIF (ITU-T T.871), without the offset of chroma."""

_FROM_YCC = np.linalg.inv(_TO_YCC).astype(np.float32)

MOST_SAMPLES = 12_000
"""Pixels of the small picture that a filter is fitted to; more say the same. A guess."""
_RIDGE = 1e-6  # share of the mean diagonal added to it: keeps flat pictures solvable; a guess
_ROUNDS = 4  # reweighted fits; weights hardly move after the second. A guess
_LIVELY_LEVELS = 8.0
"""Contrast of 255 around a pixel from which it says something of the filter; a guess."""
_LEAST_WEIGHT = 1e-3  # of what was cut off at black or white, beside 1: it only bounds the fit
_BLOCK_ROWS = 96
"""Rows that are multiplied at once: so small a product BLAS leaves on one thread. On two busy cores
its threads wait for each other: 12,000 rows took 280 ms of processor time, and take 4 in blocks."""
_FIRM = 4.0
"""Residuals beyond so many robust sigmas weigh less (Huber's weight)."""


@dataclass(frozen=True, eq=False)
class Fit:
    """What was fitted.

    Attributes:
        taps: the filter (k, k), sum 1.
        colour: (3, 4), from red, green, blue and 1; None where no change was needed.
    """

    taps: NDArray[np.float32]
    colour: NDArray[np.float32] | None


def ycc(rgb: Colours) -> Colours:
    """Return brightness and chroma (H, W, 3), chroma around 0."""
    return np.asarray(rgb @ _TO_YCC.T, np.float32)


def fit_filter(
    small: Plane, model: Plane, radius: int, samples: int = MOST_SAMPLES
) -> NDArray[np.float32]:
    """Fit the filter that makes `small` of `model`, with sum 1; a gain and an offset go besides."""
    side = 2 * radius + 1
    padded = np.pad(model, radius, "edge")
    width = model.shape[1]
    places = _telling(model, samples)
    rows, columns = places // width, places % width
    shifted = [padded[rows + dy, columns + dx] for dy in range(side) for dx in range(side)]
    design = np.stack([*shifted, np.full(len(places), 64.0)], axis=1).astype(np.float64)
    target = small.ravel()[places].astype(np.float64)
    prior = np.zeros(design.shape[1])
    prior[side * side // 2] = 1.0
    taps = _robust(design, target, prior)[: side * side]
    total = taps.sum()
    if not 0.5 < total < 2.0:
        taps, total = prior[: side * side], 1.0
    return np.asarray((taps / total).reshape(side, side), np.float32)


def _telling(model: Plane, most: int) -> NDArray[np.intp]:
    """Choose pixels (as flat indices) that tell a filter: those with contrast around, evenly."""
    lively = np.flatnonzero(spread(model) >= _LIVELY_LEVELS)
    if lively.size < most // 4:
        lively = np.arange(model.size)
    return lively[:: max(1, lively.size // most)]


def fit_colour(small: Colours, model: Colours) -> NDArray[np.float32]:
    """Fit the change of colour (3, 4) that makes `small` of `model`: a gain and an offset for each.

    No more than that: a change that mixes the channels could turn one colour of a drawing of few
    into any other.
    """
    height, width = small.shape[:2]
    stride = max(1, int(np.ceil((height * width / MOST_SAMPLES) ** 0.5)))
    mine, theirs = (each[::stride, ::stride].reshape(-1, 3) for each in (small, model))
    matrix = np.zeros((3, 4), np.float32)
    for channel in range(3):
        design = np.column_stack((theirs[:, channel], np.full(len(theirs), 64.0)))
        prior = np.array([1.0, 0.0])
        gain, offset = _robust(design.astype(float), mine[:, channel].astype(float), prior)
        matrix[channel, channel], matrix[channel, 3] = gain, offset * 64.0
    return matrix


def _robust(
    design: NDArray[np.float64], target: NDArray[np.float64], prior: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Fit by iteratively reweighted least squares, drawn slightly to `prior`.

    Values that were cut off at black or white say only that they were as far or farther.
    """
    weights = np.ones(len(target))
    blocks, targets = _blocks(design), _blocks(target[:, None])
    found = prior
    for _ in range(_ROUNDS):
        weighed = (blocks * _blocks(weights[:, None])).transpose(0, 2, 1)
        normal = np.matmul(weighed, blocks).sum(axis=0)
        ridge = _RIDGE * np.trace(normal) / len(prior) + 1e-6
        right = np.matmul(weighed, targets).sum(axis=0)[:, 0] + ridge * prior
        found = np.linalg.solve(normal + ridge * np.eye(len(prior)), right)
        predicted = np.matmul(blocks, found).ravel()[: len(target)]
        residual = np.abs(target - predicted)
        limit = _FIRM * max(0.5, 1.4826 * float(np.median(residual)))
        weights = np.minimum(1.0, (limit / np.maximum(residual, 1e-9)) ** 2)
        cut_off = ((target >= 254.5) & (predicted > target)) | (
            (target <= 0.5) & (predicted < target)
        )
        weights[cut_off] = _LEAST_WEIGHT
    return np.asarray(found, float)


def _blocks(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut (N, C) into (B, _BLOCK_ROWS, C); zeros fill the last block."""
    padded = np.pad(rows, ((0, -len(rows) % _BLOCK_ROWS), (0, 0)))
    return padded.reshape(-1, _BLOCK_ROWS, rows.shape[1])


def filtered(rgb: Colours, taps: NDArray[np.float32]) -> Colours:
    """Apply a filter to each channel; edges repeat."""
    return np.asarray(cv2.filter2D(rgb, -1, taps, borderType=cv2.BORDER_REPLICATE), np.float32)


def recoloured(rgb: Colours, colour: NDArray[np.float32] | None) -> Colours:
    """Apply a change of colour (3, 4)."""
    if colour is None:
        return rgb
    return np.asarray(rgb @ colour[:, :3].T + colour[:, 3], np.float32)


def clipped(rgb: Colours) -> NDArray[np.uint8]:
    """Round to whole levels, 0 to 255."""
    return np.clip(np.rint(rgb), 0, 255).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Residual:
    """What differs, in levels: brightness (H, W), and chroma as small as the file holds it."""

    luma: Plane
    chroma: tuple[Plane, Plane]


def residual(small: Colours, model: NDArray[np.uint8], tables: JpegTables | None) -> Residual:
    """Return what of the difference neither rounding nor the small file's JPEG explains."""
    mine, theirs = ycc(small), ycc(model.astype(np.float32))
    plain = mine - theirs
    if tables is None:
        return Residual(plain[..., 0].copy(), (plain[..., 1].copy(), plain[..., 2].copy()))
    saved = mine - ycc(through_jpeg(model, tables).astype(np.float32))
    planes = []
    for channel, steps in enumerate((tables.luma, tables.chroma, tables.chroma)):
        given, before, after = (each[..., channel] for each in (plain, theirs, saved))
        if channel:
            given, before, after = (_halved(each, tables) for each in (given, before, after))
        within = beyond_cells(given, steps)
        planes.append(smaller_by_block(within, beyond_steps(after, before, steps)))
    return Residual(planes[0], (planes[1], planes[2]))


def nearest_saved(small: Colours, model: NDArray[np.uint8], tables: JpegTables) -> Colours:
    """Return the picture next to the model that, saved, gives the small picture's file."""
    left = residual(np.asarray(small, np.float32), model, tables)
    size = (model.shape[1], model.shape[0])
    planes = [left.luma, *(cv2.resize(each, size) for each in left.chroma)]
    difference = np.stack(planes, axis=2) @ _FROM_YCC.T
    return np.asarray(model.astype(np.float32) + difference, np.float32)


def _halved(plane: Plane, tables: JpegTables) -> Plane:
    """Bring chroma to the size in which the file holds it."""
    across, down = ((1, 1), (2, 1), (2, 2))[tables.subsampling]
    height, width = plane.shape
    padded = np.pad(plane, ((0, -height % down), (0, -width % across)), "edge")
    rows, columns = padded.shape[0] // down, padded.shape[1] // across
    return np.ascontiguousarray(padded.reshape(rows, down, columns, across).mean(axis=(1, 3)))


def unshifted(difference: Plane, model: Plane, window_px: int, most_px: float) -> Plane:
    """Take out of a difference what a small shift in each place explains (Lucas and Kanade 1981).

    Args:
        difference: (H, W).
        model: what was shifted, of the same size.
        window_px: in each window of so many pixels a side one shift is fitted.
        most_px: the largest shift, in pixels.
    """
    down = cv2.Sobel(model, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    across = cv2.Sobel(model, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    size = (window_px, window_px)

    def total(plane: Plane) -> Plane:
        return np.asarray(cv2.boxFilter(plane, -1, size, normalize=False), np.float32)

    xx, yy, xy = total(across * across), total(down * down), total(across * down)
    xr, yr = total(across * difference), total(down * difference)
    # A ridge: where nothing is to be seen, nothing is shifted.
    xx += 16.0
    yy += 16.0
    determinant = xx * yy - xy * xy
    shift_x = np.clip((yy * xr - xy * yr) / determinant, -most_px, most_px)
    shift_y = np.clip((xx * yr - xy * xr) / determinant, -most_px, most_px)
    return np.asarray(difference - shift_x * across - shift_y * down, np.float32)


def spread(plane: Plane, side_px: int = 3) -> Plane:
    """Return the range of values around each pixel, (H, W)."""
    window = np.ones((side_px, side_px), np.uint8)
    return np.asarray(cv2.dilate(plane, window) - cv2.erode(plane, window), np.float32)
