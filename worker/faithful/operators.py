"""Shrinking a picture, and the ways back up that shrink to exactly what they began with.

A resampling filter is separable: along one side it is a matrix. For pictures as small as these,
and for tiles, the small matrices that undo it are affordable as they are, and nothing has to be
assumed at the borders (Y. Bahat and T. Michaeli, Explorable super resolution, CVPR 2020, enforce
the same consistency by an infinite filter and a margin).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate

BLUR_PX = 2.0
"""Sigma of the low-pass in pixels of the small picture: the 8 × 8 noise of JPEG lies above it."""

_KEPT_SIZES = 64  # pairs of lengths: a deck's pictures have few; each holds some 2 MB at 256 px


@dataclass(frozen=True, eq=False)
class Axis:
    """What is done to the small picture along one side, float32 (small, small).

    Attributes:
        there_and_back: enlarging and shrinking again.
        undo: its inverse, which has a condition number of 2: what is enlarged after it shrinks
            back to what it was before.
        blur: a Gaussian of BLUR_PX that repeats the outermost pixels.
    """

    there_and_back: Tensor
    undo: Tensor
    blur: Tensor


@lru_cache(_KEPT_SIZES)
def axis(small: int, large: int) -> Axis:
    """Give the matrices between `small` and `large` pixels, `large` >= `small`."""
    there_and_back = _resampling(large, small) @ _resampling(small, large)
    return Axis(
        there_and_back=_tensor(there_and_back),
        undo=_tensor(np.linalg.inv(there_and_back)),
        blur=_tensor(_blur(small)),
    )


class Operators:
    """The operators between pictures (C, h, w) and (C, H, W); Pillow's BICUBIC both ways."""

    def __init__(self, small: torch.Size, large: torch.Size) -> None:
        self._small, self._large = list(small[-2:]), list(large[-2:])
        self._rows = axis(small[-2], large[-2])
        self._columns = axis(small[-1], large[-1])

    def shrink(self, x: Tensor) -> Tensor:
        """(C, H, W) to (C, h, w)."""
        return _resized(x, self._small)

    def enlarge(self, x: Tensor) -> Tensor:
        """(C, h, w) to (C, H, W), plainly."""
        return _resized(x, self._large)

    def blend(self, share: Tensor) -> Tensor:
        """Enlarge `share` (1, h, w) in 0..1 smoothly to (1, H, W) in 0..1."""
        return interpolate(share[None], size=self._large, mode="bilinear")[0]

    def restore(self, x: Tensor) -> Tensor:
        """Enlarge `x` (C, h, w) to what `shrink` makes `x` of again."""
        return _resized(_along_both(self._rows.undo, self._columns.undo, x), self._large)

    def there_and_back(self, x: Tensor) -> Tensor:
        """Give what `shrink` makes of `enlarge` of `x` (C, h, w), at the cost of neither."""
        return _along_both(self._rows.there_and_back, self._columns.there_and_back, x)

    def blur(self, x: Tensor) -> Tensor:
        """Keep what is coarse in `x` (C, h, w)."""
        return _along_both(self._rows.blur, self._columns.blur, x)


def _along_both(rows: Tensor, columns: Tensor, x: Tensor) -> Tensor:
    return torch.matmul(torch.matmul(rows, x), columns.T)


def _resized(x: Tensor, size: list[int]) -> Tensor:
    """Resample; antialias=True is what makes torch use Pillow's kernel and Pillow's borders.

    To one row or column torch comes out differently, by as much as 0.3; there matrices do it.
    """
    if 1 in size:
        rows, columns = (
            _tensor(_resampling(before, after))
            for before, after in zip(x.shape[-2:], size, strict=True)
        )
        return _along_both(rows, columns, x)
    return interpolate(x[None], size=size, mode="bicubic", antialias=True)[0]


def _resampling(before: int, after: int) -> NDArray[np.float64]:
    """(after, before): what Pillow makes of each unit vector is a column of the matrix."""
    image = Image.fromarray(np.eye(before, dtype=np.float32))
    resized = image.resize((after, before), Image.Resampling.BICUBIC)
    return np.asarray(resized, np.float64).T


def _blur(length: int) -> NDArray[np.float64]:
    reach = int(np.ceil(4 * BLUR_PX))
    offsets = np.arange(-reach, reach + 1)
    weights = np.exp(-(offsets**2) / (2 * BLUR_PX**2))
    matrix = np.zeros((length, length))
    for offset, weight in zip(offsets, weights / weights.sum(), strict=True):
        there = np.clip(np.arange(length) + offset, 0, length - 1)
        matrix[np.arange(length), there] += weight
    return matrix


def _tensor(matrix: NDArray[np.floating]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(matrix, np.float32))
