"""Measure a finished picture against the small one, by other means than those that made it.

Pillow shrinks the finished integers here, as whoever doubts can do; `guarantee` worked with torch
on floating point. Differences are in levels of 255, whatever the depth.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crispdeck.picture.interpolate import resize
from crispdeck.picture.pixels import Pixels
from worker.faithful.guarantee import MEANT_CLIPPED, RINGING, Use
from worker.faithful.kinds import Consistency
from worker.faithful.operators import BLUR_PX
from worker.networks.planes import settle_alpha

EXACT_DB = 45.0
"""Of the small picture against the large one shrunk: nobody can tell them apart."""

COARSE_DB = 30.0
"""The same after a low-pass, where no exact agreement is promised."""

COLOUR_SHIFT_LEVELS = 1.0
"""Of the mean colour of any block; a block has at least BLOCK_PX small pixels on a side.

Where no exact agreement is promised it is looked for after the low-pass: an edge that got steeper
is lighter on one side and darker on the other; a border of blocks that parts the two makes no tint.
"""

BLOCK_PX = 16  # small pixels: two blocks of JPEG, whose noise the mean of one evens out; a guess
OVER_BUDGET_LEVELS = 1.0  # of 255: what rounding to whole levels and back adds
MOST_DB = 99.0
"""Stands for perfect agreement: JSON has no infinity."""

Channels = NDArray[np.float32]


@dataclass(frozen=True)
class Findings:
    """What was measured on one finished picture.

    Attributes:
        consistency: what was promised.
        shrinks_back_db: PSNR of the small picture against the large one shrunk.
        coarse_db: the same after a low-pass of two small pixels, where no exact agreement is
            promised without what JPEG's ringing took from white ground or gave to black.
        colour_shift_levels: the largest change of a block's mean colour, after the same low-pass
            where no exact agreement is promised.
        budget_used_max: the largest departure from interpolation, as a share of its bound.
        budget_share_clipped: the share of samples at which the network wanted more.
        over_budget_levels: the most that a sample lies outside its bound; at most 1 by rounding.
        alpha_kept: clear and solid areas are exactly so.
    """

    consistency: Consistency
    shrinks_back_db: float
    coarse_db: float
    colour_shift_levels: float
    budget_used_max: float
    budget_share_clipped: float
    over_budget_levels: float
    alpha_kept: bool

    def as_dict(self) -> dict[str, Any]:
        """Give what a report says, rounded."""
        return {
            name: round(value, 4) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }

    def failed(self, plain: "Findings | None" = None) -> tuple[str, ...]:
        """Name the checks that do not hold.

        Args:
            plain: the findings of consistent interpolation. Nothing can shrink to every small
                picture (single black and white pixels would need more than black and white):
                where even interpolation misses a figure, it is the figure to reach.
        """
        least_exact, least_coarse, most_shift = EXACT_DB, COARSE_DB, COLOUR_SHIFT_LEVELS
        if plain is not None:
            least_exact = min(least_exact, plain.shrinks_back_db)
            least_coarse = min(least_coarse, plain.coarse_db)
            most_shift = max(most_shift, plain.colour_shift_levels)
        exact = self.consistency is Consistency.EXACT
        holds = {
            "shrinks_back": not exact or self.shrinks_back_db >= least_exact,
            "coarse": self.coarse_db >= least_coarse,
            "colour_shift": self.colour_shift_levels <= most_shift,
            "budget": self.over_budget_levels <= OVER_BUDGET_LEVELS,
            "alpha": self.alpha_kept,
        }
        return tuple(name for name, is_held in holds.items() if not is_held)


def measure(source: Pixels, result: Pixels, consistency: Consistency, use: Use) -> Findings:
    """Measure `result`, which was made of `source` (with its bled colours)."""
    shrunk = resize(result, source.width_px, source.height_px)
    small, unit = _levels(source), np.float32(255 / source.max_value)
    missing = (small - _levels(shrunk)) * unit
    exact = consistency is Consistency.EXACT
    coarse = _low_passed(missing if exact else _without_ringing(missing, small * unit))
    return Findings(
        consistency=consistency,
        shrinks_back_db=_decibel(float(np.square(missing).mean())),
        coarse_db=_decibel(float(np.square(coarse).mean())),
        colour_shift_levels=_largest_block_mean(missing if exact else coarse),
        budget_used_max=use.most,
        budget_share_clipped=use.clipped,
        over_budget_levels=use.over * 255,
        alpha_kept=_keeps_alpha(source, result),
    )


def _levels(pixels: Pixels) -> Channels:
    """(C, H, W), alpha last."""
    planes = [pixels.colour] if pixels.alpha is None else [pixels.colour, pixels.alpha[:, :, None]]
    return np.concatenate(planes, axis=2, dtype=np.float32).transpose(2, 0, 1)


def _without_ringing(missing: Channels, small: Channels) -> Channels:
    """Leave out what JPEG's ringing took from white ground or gave to black (C, H, W).

    Where the result is white or black and the small picture nearly so, they need not agree.
    """
    shrunk = small - missing
    rang, meant = RINGING * 255, MEANT_CLIPPED * 255
    white = (shrunk >= 255 - meant) & (small >= 255 - rang)
    black = (shrunk <= meant) & (small <= rang)
    below = np.where(white, np.maximum(missing, 0), missing)
    return np.where(black, np.minimum(below, 0), below)


def _low_passed(x: Channels) -> Channels:
    """Blur by a Gaussian that repeats the outermost pixels."""
    reach = math.ceil(4 * BLUR_PX)
    weights = np.exp(-(np.arange(-reach, reach + 1, dtype=np.float32) ** 2) / (2 * BLUR_PX**2))
    weights /= weights.sum()
    for _ in range(2):
        wide = np.pad(x, ((0, 0), (0, 0), (reach, reach)), mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(wide, len(weights), axis=2)
        x = np.swapaxes(windows @ weights, 1, 2)  # both sides in turn
    return x


def _largest_block_mean(x: Channels) -> float:
    for _ in range(2):
        length = x.shape[2]
        edges = np.linspace(0, length, max(1, length // BLOCK_PX) + 1).astype(int)
        sums = np.add.reduceat(x, edges[:-1], axis=2)
        x = np.swapaxes(sums / np.diff(edges).astype(np.float32), 1, 2)
    return float(np.abs(x).max())


def _keeps_alpha(source: Pixels, result: Pixels) -> bool:
    if source.alpha is None or result.alpha is None:
        return source.alpha is result.alpha
    return bool((settle_alpha(result.alpha, source.alpha) == result.alpha).all())


def _decibel(squared_levels: float) -> float:
    """PSNR of a mean square in levels of 255."""
    if squared_levels <= 0:
        return MOST_DB
    return min(MOST_DB, 10 * math.log10(255**2 / squared_levels))
