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
        used = torch.sub(x, self.base).abs_()
        return in_blocks(used, self.bound).amax(dim=(2, 4))


def budget(small: Tensor, base: Tensor) -> Budget:
    """Bound what may be made of `small` (C, h, w), enlarged plainly to `base` (C, H, W).

    Where all channels have one value REACH_PX around, `base` takes that value (in place).
    """
    lowest, highest = extremes_around(small, REACH_PX)
    flat = (highest == lowest).all(dim=0)
    bound = CONTRAST_SHARE * (highest - lowest) + FREE_LEVELS / 255
    bound[:, flat] = 0
    small, flat, bound = (fitting(x, base.shape) for x in (small, flat, bound))
    blocks = in_blocks(base, bound)
    if bool(flat.any()):
        blocks.copy_(torch.where(spread(flat[None]), spread(small), blocks))
    lowest, highest = blocks - spread(bound), blocks + spread(bound)
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
            x = x.index_select(dim, torch.arange(length) * x.shape[dim] // length)
    return x


def in_blocks(large: Tensor, small: Tensor) -> Tensor:
    """View (C, H, W) as (C, h, H/h, w, W/w)."""
    channels, height, width = large.shape
    h, w = small.shape[-2:]
    return large.view(channels, h, height // h, w, width // w)


def spread(small: Tensor) -> Tensor:
    """(C, h, w) as what broadcasts over blocks."""
    return small[:, :, None, :, None]
