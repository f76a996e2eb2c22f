"""How well rows can be drawn from fewer pixels by interpolation: the last word between factors.

Interpolated rows lie in a space of fewer dimensions than they have pixels (D. Vázquez-Padín et al.,
An SVD approach to forensic image resampling detection, EUSIPCO 2015, who find that space from the
picture). Here the usual kernels span it, and the remainder of a least squares fit is what counts.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from crispdeck.picture.provenance.luma import Grey

_PIECE_PX = 192
"""Pixels of a row that are fitted: the normal equations grow with the cube of it."""
_ROWS = 24
"""Rows that are fitted, those with most edges."""
_BICUBIC_A = -0.5
"""The parameter of R. G. Keys' kernel (Cubic convolution interpolation, IEEE ASSP 1981)."""
_MARGIN_PX = 2
"""Pixels of the small row beyond either end on which the piece may still depend."""
_REACH_PX = 3
"""Of the widest kernel."""
Matrix = NDArray[np.float64]
Kernel1D = Callable[[Matrix], Matrix]


def misfit(grey: Grey, factor: float, start_px: int = 0) -> float:
    """Return what is left of the rows when the best enlargement by `factor` is taken away.

    The best of bilinear, bicubic and Lanczos counts, with as many free pixels as the factor
    leaves; the rest is divided by the share of dimensions that it had, so that pure noise gives
    the same for every factor.

    Args:
        grey: (H, W), a part of a picture.
        factor: of the enlargement; an error of a thousandth shows.
        start_px: where the part's left edge lies in the picture.

    Returns:
        RMS in levels.
    """
    rows = _liveliest_rows(grey)
    length_px = rows.shape[1]
    best = np.inf
    for kernel in (_linear, keys_cubic, _lanczos):
        basis = interpolation(length_px, factor, kernel, start_px=start_px)
        # Pixels of the margin may bear on nothing: a trace of each keeps the system solvable.
        normal = basis.T @ basis + 1e-6 * np.eye(basis.shape[1])
        left = rows.T - basis @ np.linalg.solve(normal, basis.T @ rows.T)
        best = min(best, float(np.sqrt((left**2).mean())))
    # Fitting n of m dimensions of noise leaves 1 - n/m of its power: small factors would win.
    return best / math.sqrt(max(0.05, 1 - 1 / factor))


def _liveliest_rows(grey: Grey) -> Matrix:
    piece = grey[:, :_PIECE_PX].astype(np.float64)
    busy = np.abs(np.diff(piece, axis=1)).sum(axis=1)
    return piece[np.sort(np.argsort(busy)[-_ROWS:])]


def interpolation(
    length_px: int, factor: float, kernel: Kernel1D, *, start_px: int | None = None
) -> Matrix:
    """Return the matrix (length, small) that enlarges a row by `factor`, pixel centres aligned.

    Args:
        length_px: of the enlarged row.
        factor: of the enlargement.
        kernel: weight by distance.
        start_px: None for a whole row: what would lie beyond its ends is left out and the weights
            are made up to 1, as Pillow does. Else where a piece begins that goes on beyond them.
    """
    places = (np.arange(length_px) + (start_px or 0) + 0.5) / factor - 0.5
    if start_px is None:
        small_px = round(length_px / factor)
        weights = kernel(np.abs(places[:, None] - np.arange(small_px)[None, :]))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))
    first = np.floor(places[0]) - _MARGIN_PX
    small_px = int(np.ceil(places[-1] - first)) + 1 + _MARGIN_PX
    # Only pixels within the reach of a kernel bear on a place: one column more takes the rest.
    near = np.floor(places)[:, None] + np.arange(1 - _REACH_PX, 1 + _REACH_PX)
    columns = np.minimum((near - first).astype(int), small_px)
    matrix = np.zeros((length_px, small_px + 1))
    matrix[np.arange(length_px)[:, None], columns] = kernel(np.abs(places[:, None] - near))
    return matrix[:, :small_px]


def _linear(distance: Matrix) -> Matrix:
    return np.maximum(0.0, 1 - distance)


def keys_cubic(distance: Matrix) -> Matrix:
    """R. G. Keys, Cubic convolution interpolation (IEEE TASSP 29, 1981), with a = -0.5."""
    a, d = _BICUBIC_A, distance
    near = ((a + 2) * d - (a + 3)) * d**2 + 1
    far = a * (((d - 5) * d + 8) * d - 4)
    return np.where(d < 1, near, np.where(d < 2, far, 0.0))


def _lanczos(distance: Matrix) -> Matrix:
    """Lanczos with three lobes; its weights do not quite sum to 1, which is mended."""
    weights = np.where(distance < 3, np.sinc(distance) * np.sinc(distance / 3), 0.0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
