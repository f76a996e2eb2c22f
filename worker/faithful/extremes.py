"""The lowest and the highest value around each pixel."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import pad

Pick = Callable[[Tensor, Tensor], Tensor]


def extremes_around(x: Tensor, reach_px: int) -> tuple[Tensor, Tensor]:
    """Give the lowest and the highest of each square of 2 × `reach_px` + 1 samples of (C, H, W).

    Windows grow by joining two of half their length, which is many times as quick as max_pool2d.
    """
    wide = pad(x[None], (reach_px,) * 4, mode="replicate")[0]
    side = 2 * reach_px + 1
    return _square(wide, side, torch.minimum), _square(wide, side, torch.maximum)


def _square(x: Tensor, side: int, pick: Pick) -> Tensor:
    return _along(_along(x, side, 2, pick), side, 1, pick)


def _along(x: Tensor, length: int, dim: int, pick: Pick) -> Tensor:
    joined = 1
    while joined < length:
        step = min(joined, length - joined)
        kept = x.shape[dim] - step
        x = pick(x.narrow(dim, 0, kept), x.narrow(dim, step, kept))
        joined += step
    return x
