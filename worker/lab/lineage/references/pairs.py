"""References for training and measuring, made of sharp pictures: good, similar, unrelated.

A good one shows the same thing, moved, turned, scaled a little and in another light, as another
photograph or another export of a slide would. A similar one is its mirror image, a quarter larger
or smaller and much recoloured: the same textures elsewhere. An unrelated one is another picture.
"""

import math
from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

Likeness = Literal["good", "similar", "unrelated"]
LIKENESSES: tuple[Likeness, ...] = ("good", "similar", "unrelated")
TURN, GROWTH, SHIFT = 0.05, 0.08, 0.1
"""Of a good one at most: radians, share of its size, share of half its side; guesses."""
SIMILAR_GROWTH = 0.25  # of a similar one at most
GAIN, SIMILAR_GAIN = 0.05, 0.3  # of each channel at most, good and similar
SHARES = {"good": 0.5, "similar": 0.25, "unrelated": 0.25}  # in training; a guess


def reference_for(sharp: Tensor, others: Tensor, likeness: Likeness, seed: int) -> Tensor:
    """Make the references of a batch (N, 3, H, W) in 0..1; of the same size.

    Args:
        sharp: what the pictures were made small from.
        others: (N, 3, H, W), pictures of something else: the unrelated ones.
        likeness: how much they have in common.
        seed: draws the same ones again.
    """
    if likeness == "unrelated":
        return others
    drawn = torch.Generator().manual_seed(seed)
    is_good = likeness == "good"
    growth, gain = (GROWTH, GAIN) if is_good else (SIMILAR_GROWTH, SIMILAR_GAIN)
    count = len(sharp)
    turn = _within(count, TURN, drawn)
    size = 1 + _within(count, growth, drawn)
    shift = _within(2 * count, SHIFT, drawn).view(count, 2)
    mirror = 1.0 if is_good else -1.0
    rows = [
        [
            [mirror * s * math.cos(t), -s * math.sin(t), across],
            [mirror * s * math.sin(t), s * math.cos(t), down],
        ]
        for t, s, (across, down) in zip(turn.tolist(), size.tolist(), shift.tolist(), strict=True)
    ]
    grid = affine_grid(torch.tensor(rows), list(sharp.shape), align_corners=False)
    moved = grid_sample(sharp, grid, mode="bicubic", padding_mode="reflection", align_corners=False)
    gains = 1 + _within(3 * count, gain, drawn).view(count, 3, 1, 1)
    return (moved * gains).clamp(0, 1)


def training_references(sharp: Tensor, seed: int) -> Tensor:
    """Make a batch's references, each as alike as SHARES draws it; others are its neighbours."""
    drawn = torch.Generator().manual_seed(seed)
    kinds = torch.multinomial(
        torch.tensor(list(SHARES.values())), len(sharp), True, generator=drawn
    )
    made = torch.stack([reference_for(sharp, sharp.roll(1, 0), kind, seed) for kind in LIKENESSES])
    return made[kinds, torch.arange(len(sharp))]


def _within(count: int, most: float, drawn: torch.Generator) -> Tensor:
    return (torch.rand(count, generator=drawn) * 2 - 1) * most
