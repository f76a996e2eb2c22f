"""Which way of shrinking leads from a large picture to a small one; no formats, no bounds.

Blind super-resolution estimates the kernel itself (T. Michaeli and M. Irani, Nonparametric blind
super-resolution, ICCV 2013, from what recurs in the small picture). Programs shrink by one of a few
kernels, so here it is only asked which of three explains the small picture best.
"""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

MARGIN_DB = 0.25
"""By so much bicubic has to beat the other ways where provenance says shrunk. Of 262 shrunk by it
none had less than 0.4 dB in its part; of 22 drawn at their size that look shrunk, four had 1.4 to
7.1 dB and the others less than 0.1.
"""

PLAIN_MARGIN_DB = 2.5
"""The same where provenance leaves it open: 18 more that were shrunk had 3.7 dB and more, 22 that
were drawn at their size less than 0.5; shrunk by a box kernel most have less than this.
"""

PART_PX = 64
"""Side of the part that is judged by: so small that it takes a network little time."""

_STEP_PX = 4  # at which the part may begin; finer ones take longer and find hardly more

LEAST_ERROR = (0.1 / 255) ** 2
"""Smaller ones are noise of rounding: a picture of one colour shrinks alike in every way."""


def liveliest(small: Tensor) -> Tensor:
    """Cut out of `small` (N, C, h, w) the part, at most PART_PX a side, where most happens."""
    height, width = (min(side, PART_PX) for side in small.shape[2:])
    change = torch.zeros(small.shape[2:])
    for plane in small.flatten(0, 1):  # one after the other: a picture may be large
        change[:, :-1] += plane.diff(dim=1).square_()
        change[:-1] += plane.diff(dim=0).square_()
    rows = avg_pool2d(change[None], (height, 1), stride=(_STEP_PX, 1))
    sums = avg_pool2d(rows, (1, width), stride=(1, _STEP_PX))[0]
    top, left = (_STEP_PX * place for place in divmod(int(sums.argmax()), sums.shape[1]))
    return small[:, :, top : top + height, left : left + width]


@torch.inference_mode()
def is_bicubic(small: Tensor, upscaled: Tensor, margin_db: float = MARGIN_DB) -> bool:
    """Tell whether `small` was shrunk bicubically, from what a network made of it.

    A network draws edges as they were, so its own picture, shrunk in each of the usual ways, comes
    nearest to the small one in the way that it was shrunk. Lanczos passes for bicubic.

    Args:
        small: (N, 3, h, w) in 0..1.
        upscaled: (N, 3, H, W), H and W the same multiple of h and w; nothing has bounded it yet.
        margin_db: by how much nearer it has to come.
    """
    shrunk = _shrunk(upscaled, small.shape)
    bicubic, box, bilinear = (float((one - small).square().mean()) for one in shrunk)
    others = min(box, bilinear)
    return bicubic <= others * 10 ** (-margin_db / 10) or bicubic < LEAST_ERROR


def _shrunk(upscaled: Tensor, shape: torch.Size) -> tuple[Tensor, Tensor, Tensor]:
    """Shrink by a bicubic, a box and a bilinear kernel, as Pillow does."""
    large, size = upscaled.clamp(0, 1), shape[2:]
    return (
        interpolate(large, size, mode="bicubic", antialias=True).clamp_(0, 1),
        interpolate(large, size, mode="area"),
        interpolate(large, size, mode="bilinear", antialias=True),
    )
