"""How far a sample may depart from interpolation: by the contrast that is there, no further.

A rule of our own. Interpolation may be overshot, as true edges do, in proportion to the highest and
lowest value around; where nothing is, nothing may come to be.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from worker.faithful.extremes import extremes_around

REACH_PX = 2
"""Contrast is looked for so far around; also how far plain bicubic interpolation reaches."""

CONTRAST_SHARE = 0.75
"""Of the difference between the highest and the lowest value around."""

FREE_LEVELS = 4
"""Levels of 255 that are allowed in any place that is not flat; nobody sees them."""


@dataclass(frozen=True, eq=False)
class Budget:
    """Bounds for every sample of an enlarged picture (C, H, W) in 0..1.

    Attributes:
        base: interpolation made consistent with the small picture: a fixed function of it.
        bound: (C, b, d): most that a sample may differ from `base`, for blocks of H/b × W/d
            samples; 0 where the small picture is flat.
        lowest, highest: (C, H, W), what that leaves of 0..1.
    """

    base: Tensor
    bound: Tensor
    lowest: Tensor
    highest: Tensor

    def clip(self, x: Tensor) -> Tensor:
        """Bring `x` into the bounds; out of place."""
        return torch.clamp(x, self.lowest, self.highest)

    def clip_(self, x: Tensor) -> None:
        """Bring `x` into the bounds, in place."""
        x.clamp_(self.lowest, self.highest)

    def most_used(self, x: Tensor) -> Tensor:
        """(C, b, d): the largest departure from `base` in each block."""
        rows = in_rows(torch.sub(x, self.base).abs_(), self.bound).amax(dim=2)
        # One side after the other: both at once take torch three times as long.
        return rows.view(*self.bound.shape, -1).amax(dim=3)


def budget(small: Tensor, base: Tensor) -> Budget:
    """Bound what may be made of `small` (C, h, w), enlarged plainly to `base` (C, H, W).

    Where all channels have one value REACH_PX around, `base` takes that value (in place).
    """
    lowest, highest = extremes_around(small, REACH_PX)
    flat = (highest == lowest).all(dim=0)
    bound = CONTRAST_SHARE * (highest - lowest) + FREE_LEVELS / 255
    bound[:, flat] = 0
    small, flat, bound = (fitting(x, base.shape) for x in (small, flat, bound))
    rows, wide = in_rows(base, bound), spread(bound, base)
    if bool(flat.any()):
        rows.copy_(torch.where(spread(flat[None], base), spread(small, base), rows))
    lowest, highest = rows - wide, rows + wide
    return Budget(
        base,
        bound,
        lowest.clamp_(min=0).view(base.shape),
        highest.clamp_(max=1).view(base.shape),
    )


def fitting(x: Tensor, large: torch.Size) -> Tensor:
    """Leave `x` (…, h, w) as it is if it divides `large`; else repeat samples up to it."""
    for dim in (-2, -1):
        if large[-2] % x.shape[-2] or large[-1] % x.shape[-1]:
            length = large[dim]
            x = x.index_select(dim, torch.arange(length, device=x.device) * x.shape[dim] // length)
    return x


def in_rows(large: Tensor, small: Tensor) -> Tensor:
    """View (C, H, W) as (C, h, H/h, W)."""
    channels, height, width = large.shape
    h = small.shape[-2]
    return large.view(channels, h, height // h, width)


def spread(small: Tensor, large: Tensor) -> Tensor:
    """(C, h, w) as what broadcasts over the rows of `large`: (C, h, 1, W).

    Repeated along the rows, where it is cheap: what goes through memory sample by sample must find
    its operands side by side to be quick.
    """
    return small.repeat_interleave(large.shape[-1] // small.shape[-1], dim=-1)[:, :, None]
