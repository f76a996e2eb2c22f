"""Where the picture is flat, the enlarged one is too: what a network adds there is taken away.

A flat surface has no detail to bring back. A network still leaves a level or two of noise on it,
which nobody sees and every PNG pays for: screenshots came out several times larger.
"""

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d, pad

REACH_PX = 2
"""How far plain bicubic interpolation reaches: what is flat this far around stays flat."""


def keep_flats(source: Tensor, enlarged: Tensor) -> Tensor:
    """Put the one colour back wherever `source` has only one within REACH_PX.

    Args:
        source: (N, 3, H, W) low-resolution pictures; compared exactly, so the grain of a
            photograph or of a JPEG is never taken for flat.
        enlarged: (N, 3, s·H, s·W), changed in place and returned.
    """
    n, channels, height_px, width_px = source.shape
    scale = enlarged.shape[2] // height_px
    with torch.inference_mode():
        flat = _flat(source)
        if flat.any():
            blocks = enlarged.view(n, channels, height_px, scale, width_px, scale)
            for row in range(scale):
                for column in range(scale):
                    # One phase at a time: no second picture of the enlarged size is made.
                    phase = blocks[:, :, :, row, :, column]
                    phase.copy_(torch.where(flat, source, phase))
    return enlarged


def _flat(source: Tensor) -> Tensor:
    """(N, 1, H, W), true where all pixels around are equal; a border goes on as it is."""
    wide = pad(source, (REACH_PX,) * 4, mode="replicate")
    side = 2 * REACH_PX + 1
    highest = max_pool2d(wide, side, stride=1)
    lowest = -max_pool2d(-wide, side, stride=1)
    return (highest == lowest).all(dim=1, keepdim=True)
