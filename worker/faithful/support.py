"""How much detail of the small picture speaks for what a network adds; no bounds, no networks.

Pictures in focus fall off slowly towards the finest detail that their pixels can hold. What is out
of focus, glows, or was enlarged before falls off a cliff: its finest octave is all but empty. There
nothing was lost that could be found again, and what a network adds, having mostly seen sharp edges
that were shrunk, are shards. So the energy of the finest octave is compared with that of the next
one, over some pixels around, and the picture goes back to interpolation where little is left.
"""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad

from worker.faithful.extremes import extremes_around
from worker.faithful.operators import Band

ROUNDING = 1e-6  # more than sums of 13 float32 shares are off by
BAND_ROWS = 32  # in a block of a band, as operators.LEVEL_ROWS
_KEPT_SIZES = 64  # lengths whose averaging is kept, as in operators

EMPTY_LOG2, FULL_LOG2 = -2.5, -1.0
"""Logarithm (base 2) of the ratio of energies up to which nothing and from which all of what was
added is taken. On 300 crops with their truths, of which 48 % are soft, 46 in place of 73 come out
more than 0.1 dB below bicubic with these, at 0.1 dB in the mean where the network is ahead; with
-2.0 and -0.75 34 do, at 0.3 dB. Edges of drawings lie at -0.3 to 1.5, those of blurred pictures
at -2.5 to -1."""

FLOOR = 0.1 / 255**2
"""Energy of a channel below which its noise of rounding lies: what is flat is not soft."""

AROUND_PX = 13
"""Side of the square over which energies are averaged, twice: the eye of the needle is then some
five pixels (standard deviation) wide, and no border of it shows."""

SEAM_PX = 7
"""Side of the square over which what was found is averaged, twice: a ratio of energies changes
within a pixel or two where the last sharp edge leaves the square above."""

FLAT_LEVELS = 6
"""Difference within 3 × 3 pixels up to which a pixel is flat."""

NATURAL_SHARE, DRAWN_SHARE = 0.04, 0.14
"""Share of flat pixels around up to which edges are a photograph's and from which a drawing's:
beside strong edges of held-back photographs a tenth of the places have more than 0.06, of pictures
out of decks nine tenths have more than 0.13 (without loss; as JPEG fewer)."""


@torch.inference_mode()
def support(small: Tensor) -> Tensor:
    """Say of each pixel of `small` (C, h, w) in 0..1 what share of added detail to take: (1, h, w).

    The octaves are differences of the picture smoothed by [1 2 1] / 4 once and again with twice
    the reach (P. J. Burt and E. H. Adelson, "The Laplacian pyramid", 1983, without decimation).
    """
    fine = _smoothed(small, 1)
    # The next octave reaches two pixels further: at the rim of a sharp edge it would stand alone.
    finest = _smoothed((small - fine).square_().sum(dim=0, keepdim=True), 2)
    finest = _around(finest, AROUND_PX)
    coarser = (fine - _smoothed(fine, 2)).square_().sum(dim=0, keepdim=True)
    coarser = _around(coarser, AROUND_PX)
    floor = FLOOR * len(small)
    fall = torch.log2((finest + floor) / (coarser + floor))
    share = ((fall - EMPTY_LOG2) / (FULL_LOG2 - EMPTY_LOG2)).clamp_(0, 1)
    # An average of ones is one, however its sum was rounded: then there is nothing to take back.
    return _around(share, SEAM_PX).add_(ROUNDING).clamp_(max=1)


@torch.inference_mode()
def drawn(small: Tensor) -> Tensor:
    """Say of each pixel of `small` (C, h, w) in 0..1 how far it lies in a drawing: (1, h, w).

    Drawings and text have ground of one colour beside their edges, photographs hardly any.
    """
    lowest, highest = extremes_around(small, 1)
    flat = (highest - lowest).amax(dim=0, keepdim=True) <= FLAT_LEVELS / 255
    share = _around(flat.float(), AROUND_PX)
    return ((share - NATURAL_SHARE) / (DRAWN_SHARE - NATURAL_SHARE)).clamp_(0, 1)


def _smoothed(x: Tensor, reach_px: int) -> Tensor:
    """Smooth (C, h, w) by [1 2 1] / 4 on pixels so far apart."""
    wide = pad(x[None], (reach_px,) * 4, mode="replicate")[0]
    for dim in (1, 2):
        kept = x.shape[dim]
        first, middle, last = (wide.narrow(dim, n * reach_px, kept) for n in range(3))
        wide = torch.add(first, last).mul_(0.25).add_(middle, alpha=0.5)
    return wide


def _around(x: Tensor, side_px: int) -> Tensor:
    """Average (1, h, w) over squares of an odd side, twice; the outermost pixels go on."""
    rows, columns = (_averaging(length, side_px, x.device) for length in x.shape[1:])
    return columns.across(rows.down(x))


@lru_cache(_KEPT_SIZES)
def _averaging(length: int, side_px: int, device: torch.device) -> Band:
    """Average over `side_px` pixels in a row, twice, as one matrix."""
    reach = side_px // 2
    once = np.zeros((length, length))
    for offset in range(-reach, reach + 1):
        there = np.clip(np.arange(length) + offset, 0, length - 1)
        once[np.arange(length), there] += 1 / side_px
    return Band.of(once @ once, BAND_ROWS, device)
