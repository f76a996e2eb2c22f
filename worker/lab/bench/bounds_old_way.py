"""The bounds as they were reckoned at first: plainly and slowly, to compare results and times with.

Each formula of worker.faithful that has a quicker form has its plain one here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, interpolate, pad, softshrink

from worker.faithful import budget as budgets
from worker.faithful import guarantee, support
from worker.faithful.budget import CONTRAST_SHARE, FREE_LEVELS, REACH_PX, Budget, fitting
from worker.faithful.extremes import extremes_around
from worker.faithful.operators import Operators


@contextmanager
def old_way() -> Iterator[None]:
    """Let `guarantee` and `interpolated` reckon in the old way."""
    with (
        mock.patch.object(guarantee, "Operators", _Operators),
        mock.patch.object(guarantee, "_Clipped", _Clipped),
        mock.patch.object(guarantee, "_coarse", _coarse),
        mock.patch.object(guarantee, "budget", _budget),
        mock.patch.object(budgets.Budget, "most_used", _most_used),
        mock.patch.object(support, "_smoothed", _smoothed),
        mock.patch.object(support, "_around", _around),
    ):
        yield


class _Operators(Operators):
    """Resamples by torch's own interpolation."""

    def _resized(self, x: Tensor, size: list[int], by_bands: Callable[[], Tensor]) -> Tensor:
        if 1 in size:
            return by_bands()
        return interpolate(x[None], size=size, mode="bicubic", antialias=True)[0]


@dataclass(frozen=True, eq=False)
class _Clipped:
    white: Tensor
    black: Tensor

    @classmethod
    def of(cls, small: Tensor, shrunk: Tensor) -> "_Clipped":
        return cls(
            white=(shrunk >= 1 - guarantee.MEANT_CLIPPED) & (small >= 1 - guarantee.RINGING),
            black=(shrunk <= guarantee.MEANT_CLIPPED) & (small <= guarantee.RINGING),
        )

    def released(self, step: Tensor) -> Tensor:
        white, black = (fitting(mask, step.shape) for mask in (self.white, self.black))
        parts = _in_blocks(step, white)
        parts = torch.where(_spread(white), parts.clamp(min=0), parts)
        parts = torch.where(_spread(black), parts.clamp(max=0), parts)
        return parts.reshape(step.shape)


def _coarse(missing: Tensor, operators: Operators) -> Tensor:
    found = torch.zeros_like(missing)
    for _ in range(guarantee.COARSE_ROUNDS):
        step = softshrink(operators.blur(missing), guarantee.COLOUR_TOLERANCE)
        if float(step.abs().max()) < guarantee.AGREES:
            break
        found += step
        missing = missing - operators.there_and_back(step)
    return found


def _budget(small: Tensor, base: Tensor) -> Budget:
    lowest, highest = extremes_around(small, REACH_PX)
    flat = (highest == lowest).all(dim=0)
    bound = CONTRAST_SHARE * (highest - lowest) + FREE_LEVELS / 255
    bound[:, flat] = 0
    small, flat, bound = (fitting(x, base.shape) for x in (small, flat, bound))
    blocks = _in_blocks(base, bound)
    if bool(flat.any()):
        blocks.copy_(torch.where(_spread(flat[None]), _spread(small), blocks))
    lowest, highest = blocks - _spread(bound), blocks + _spread(bound)
    return Budget(
        base,
        bound,
        lowest.clamp_(min=0).view(base.shape),
        highest.clamp_(max=1).view(base.shape),
    )


def _most_used(self: Budget, x: Tensor) -> Tensor:
    used = torch.sub(x, self.base).abs_()
    return _in_blocks(used, self.bound).amax(dim=(2, 4))


def _in_blocks(large: Tensor, small: Tensor) -> Tensor:
    channels, height, width = large.shape
    h, w = small.shape[-2:]
    return large.view(channels, h, height // h, w, width // w)


def _spread(small: Tensor) -> Tensor:
    return small[:, :, None, :, None]


def _smoothed(x: Tensor, reach_px: int) -> Tensor:
    kernel = torch.tensor([0.25, 0.5, 0.25])
    wide = pad(x[:, None], (reach_px,) * 4, mode="replicate")
    down = conv2d(wide, kernel.view(1, 1, 3, 1), dilation=reach_px)
    return conv2d(down, kernel.view(1, 1, 1, 3), dilation=reach_px)[:, 0]


def _around(x: Tensor, side_px: int) -> Tensor:
    for _ in range(2):
        wide = pad(x[None], (side_px // 2,) * 4, mode="replicate")
        x = avg_pool2d(avg_pool2d(wide, (side_px, 1), 1), (1, side_px), 1)[0]
    return x
