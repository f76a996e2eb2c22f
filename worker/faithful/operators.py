"""Shrinking a picture, and the ways back up that shrink to exactly what they began with.

A resampling filter is separable: along one side it is a matrix. For pictures as small as these,
and for tiles, the small matrices that undo it are affordable as they are, and nothing has to be
assumed at the borders (Y. Bahat and T. Michaeli, Explorable super resolution, CVPR 2020, enforce
the same consistency by an infinite filter and a margin).
"""

from collections.abc import Callable
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
_CPU = torch.device("cpu")

UP_ROWS, DOWN_ROWS, LEVEL_ROWS = 64, 16, 32
"""Rows in a block of a band: for enlarging, for shrinking, and where the size stays. Between
160 × 160 and 640 × 640 on one thread of an AMD EPYC: 1.5 ms with the first two, 1.9 and 2.0 with 16
and 8 rows, 3.4 and 2.5 ms by torch's own interpolation."""


@dataclass(frozen=True, eq=False)
class Band:
    """A resampling matrix (after, before), whose rows hold a handful of entries side by side.

    Attributes:
        after: how many rows it has.
        blocks: for some rows each their first and last, the first and last column in which they
            have entries (the last ones not included), and these entries.
    """

    after: int
    blocks: tuple[tuple[slice, slice, Tensor], ...]

    @classmethod
    def of(cls, matrix: NDArray[np.float64], rows: int, device: torch.device) -> "Band":
        """Cut up a matrix."""
        after, blocks = len(matrix), []
        for start in range(0, after, rows):
            part = matrix[start : start + rows]
            used = np.flatnonzero(part.any(axis=0))
            columns = slice(int(used[0]), int(used[-1]) + 1)
            entries = _tensor(part[:, columns], device)
            blocks.append((slice(start, start + len(part)), columns, entries))
        return cls(after, tuple(blocks))

    def down(self, x: Tensor) -> Tensor:
        """Resample the columns of `x` (C, before, W): (C, after, W)."""
        out = x.new_empty((x.shape[0], self.after, x.shape[2]))
        for plane, made in zip(x, out, strict=True):
            for rows, columns, entries in self.blocks:
                torch.mm(entries, plane[columns], out=made[rows])
        return out

    def across(self, x: Tensor) -> Tensor:
        """Resample the rows of `x` (C, H, before): (C, H, after)."""
        channels, height, _ = x.shape
        lines = x.reshape(channels * height, -1)
        out = x.new_empty((channels * height, self.after))
        for rows, columns, entries in self.blocks:
            torch.mm(lines[:, columns], entries.T, out=out[:, rows])
        return out.view(channels, height, self.after)


@dataclass(frozen=True, eq=False)
class Axis:
    """What is done along one side; float32, (small, small) where no other size is named.

    Attributes:
        enlarge, shrink: from the small side to the large one and back.
        there_and_back: enlarging and shrinking again.
        undo: its inverse, which has a condition number of 2: what is enlarged after it shrinks
            back to what it was before.
        blur: a Gaussian of BLUR_PX that repeats the outermost pixels.
        blur_there_and_back: that of what was enlarged and shrunk again.
    """

    enlarge: Band
    shrink: Band
    there_and_back: Tensor
    undo: Tensor
    blur: Band
    blur_there_and_back: Band


@lru_cache(_KEPT_SIZES)
def axis(small: int, large: int, device: torch.device = _CPU) -> Axis:
    """Give the matrices between `small` and `large` pixels, `large` >= `small`."""
    enlarge, shrink = _resampling(small, large), _resampling(large, small)
    there_and_back, blur = shrink @ enlarge, _blur(small)
    return Axis(
        enlarge=Band.of(enlarge, UP_ROWS, device),
        shrink=Band.of(shrink, DOWN_ROWS, device),
        there_and_back=_tensor(there_and_back, device),
        undo=_tensor(np.linalg.inv(there_and_back), device),
        blur=Band.of(blur, LEVEL_ROWS, device),
        blur_there_and_back=Band.of(blur @ there_and_back, LEVEL_ROWS, device),
    )


class Operators:
    """The operators between pictures (C, h, w) and (C, H, W); Pillow's BICUBIC both ways.

    Args:
        small: (…, h, w).
        large: (…, H, W).
        device: where the pictures are.
    """

    def __init__(self, small: torch.Size, large: torch.Size, device: torch.device = _CPU) -> None:
        self._small, self._large = list(small[-2:]), list(large[-2:])
        self._rows = axis(small[-2], large[-2], device)
        self._columns = axis(small[-1], large[-1], device)

    def shrink(self, x: Tensor) -> Tensor:
        """(C, H, W) to (C, h, w)."""
        rows, columns = self._rows.shrink, self._columns.shrink
        return self._resized(x, self._small, lambda: columns.across(rows.down(x)))

    def enlarge(self, x: Tensor) -> Tensor:
        """(C, h, w) to (C, H, W), plainly."""
        rows, columns = self._rows.enlarge, self._columns.enlarge
        return self._resized(x, self._large, lambda: rows.down(columns.across(x)))

    def blend(self, share: Tensor) -> Tensor:
        """Enlarge `share` (1, h, w) in 0..1 smoothly to (1, H, W) in 0..1."""
        return interpolate(share[None], size=self._large, mode="bilinear")[0]

    def restore(self, x: Tensor) -> Tensor:
        """Enlarge `x` (C, h, w) to what `shrink` makes `x` of again."""
        return self.enlarge(_along_both(self._rows.undo, self._columns.undo, x))

    def there_and_back(self, x: Tensor) -> Tensor:
        """Give what `shrink` makes of `enlarge` of `x` (C, h, w), at the cost of neither."""
        return _along_both(self._rows.there_and_back, self._columns.there_and_back, x)

    def blur(self, x: Tensor) -> Tensor:
        """Keep what is coarse in `x` (C, h, w)."""
        return self._columns.blur.across(self._rows.blur.down(x))

    def blur_there_and_back(self, x: Tensor) -> Tensor:
        """Give `blur` of `there_and_back` of `x` (C, h, w), at the cost of one."""
        rows, columns = self._rows, self._columns
        return columns.blur_there_and_back.across(rows.blur_there_and_back.down(x))

    def _resized(self, x: Tensor, size: list[int], by_bands: Callable[[], Tensor]) -> Tensor:
        """Resample by the matrices of Pillow's operator, which torch has too.

        antialias=True is what makes torch use Pillow's kernel and Pillow's borders. On a GPU, which
        many small products would keep waiting, torch does it but to one row or column: there it
        comes out differently, by as much as 0.3.
        """
        if x.device.type == "cpu" or 1 in size:
            return by_bands()
        return interpolate(x[None], size=size, mode="bicubic", antialias=True)[0]


def _along_both(rows: Tensor, columns: Tensor, x: Tensor) -> Tensor:
    return torch.matmul(torch.matmul(rows, x), columns.T)


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


def _tensor(matrix: NDArray[np.floating], device: torch.device) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(matrix, np.float32)).to(device)
