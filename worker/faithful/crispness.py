"""Steeper edges without overshoot: every sample stays between its neighbours' extremes.

Between the lowest and the highest value around it a sample is moved away from the middle along an
S-curve, so that a rise takes fewer pixels while its middle, and with it the weight of a line, stays
where it is. A mild form of toggle mapping (H. P. Kramer and J. B. Bruckner, Iterations of a
non-linear transformation for enhancement of digital images, 1975), which takes the nearer extreme.
"""

import torch
from torch import Tensor

from worker.faithful.extremes import extremes_around
from worker.networks.tiles import spans

FAINT_LEVELS = 8
"""Contrast of 255 up to which nothing is steepened: grain, and the noise of JPEG."""

PLAIN_LEVELS = 32
"""Contrast from which the whole strength applies."""

FULL_SCALE = 4
"""Where the whole strength applies. Networks leave the less softness the less they enlarge: at ×2
their edges are as narrow as true ones, at ×4 a sixth wider (docs/faithfulness.md)."""

ROWS_AT_ONCE = 64
"""Intermediate results of so few rows stay in the cache; new memory for each would cost more."""


def steepened(x: Tensor, crispness: float | Tensor, scale: float) -> Tensor:
    """Make the edges of `x` steeper.

    Args:
        x: (C, H, W) in 0..1.
        crispness: 0 (as it is) to 1; everywhere, or (1, H, W) for each sample.
        scale: by which `x` was enlarged; an edge is looked for half as many pixels around, and
            the strength grows with it, to the whole at ×4.
    """
    everywhere = torch.as_tensor(crispness, dtype=x.dtype, device=x.device).expand(1, *x.shape[1:])
    if not bool((everywhere > 0).any()):
        return x
    strength = everywhere * min(1.0, (scale - 1) / (FULL_SCALE - 1))
    reach = max(1, round(scale / 2))
    out = torch.empty_like(x)
    for rows in spans(x.shape[1], ROWS_AT_ONCE, reach):
        seen = slice(rows.seen_from, rows.seen_to)
        moved = _moved(x[:, seen], strength[:, seen], reach)
        kept = slice(rows.start - rows.seen_from, rows.end - rows.seen_from)
        out[:, rows.start : rows.end] = moved[:, kept]
    return out


def _moved(x: Tensor, most_strength: Tensor, reach: int) -> Tensor:
    lowest, highest = extremes_around(x, reach)
    contrast = highest.sub_(lowest)
    place = torch.sub(x, lowest, out=lowest).div_(contrast.clamp(min=1 / 255))
    moved = _s_curve(_s_curve(place)).sub_(place).mul_(contrast)
    most = contrast.amax(dim=0, keepdim=True) * 255
    strength = ((most - FAINT_LEVELS) / (PLAIN_LEVELS - FAINT_LEVELS)).clamp_(0, 1)
    return moved.mul_(strength.mul_(most_strength)).add_(x)


def _s_curve(place: Tensor) -> Tensor:
    """3t² - 2t³: 0, ½ and 1 stay."""
    return place.square() * (3 - 2 * place)
