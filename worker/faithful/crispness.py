"""Steeper edges without overshoot: every sample stays between its neighbours' extremes.

Between the lowest and the highest value around it a sample is moved away from the middle along an
S-curve, so that a rise takes fewer pixels while its middle, and with it the weight of a line, stays
where it is. A mild form of toggle mapping (Kramer & Bruckner 1975).
"""

from torch import Tensor
from torch.nn.functional import max_pool2d

FAINT_LEVELS = 8
"""Contrast of 255 up to which nothing is steepened: grain, and the noise of JPEG."""

PLAIN_LEVELS = 32
"""Contrast from which the whole strength applies."""


def steepened(x: Tensor, crispness: float, scale: float) -> Tensor:
    """Make the edges of `x` steeper.

    Args:
        x: (C, H, W) in 0..1.
        crispness: 0 (as it is) to 1.
        scale: by which `x` was enlarged; an edge is looked for half as many pixels around.
    """
    if crispness <= 0:
        return x
    reach = max(1, round(scale / 2))
    highest, lowest = _highest_around(x, reach), -_highest_around(-x, reach)
    contrast = highest - lowest
    place = (x - lowest) / contrast.clamp(min=1 / 255)
    moved = _s_curve(_s_curve(place)).sub_(place).mul_(contrast)
    most = contrast.amax(dim=0, keepdim=True) * 255
    strength = ((most - FAINT_LEVELS) / (PLAIN_LEVELS - FAINT_LEVELS)).clamp_(0, 1)
    return moved.mul_(strength.mul_(crispness)).add_(x)


def _s_curve(place: Tensor) -> Tensor:
    """3t² - 2t³: 0, ½ and 1 stay."""
    return place.square() * (3 - 2 * place)


def _highest_around(x: Tensor, reach: int) -> Tensor:
    side = 2 * reach + 1
    across = max_pool2d(x[None], (1, side), stride=1, padding=(0, reach))
    return max_pool2d(across, (side, 1), stride=1, padding=(reach, 0))[0]
