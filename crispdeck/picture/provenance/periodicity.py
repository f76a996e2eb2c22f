"""The rhythm that interpolation leaves in rows: how fast each pixel follows from its neighbours.

Interpolated pixels are sums of their neighbours, with weights that come again after each original
pixel. So the size of high differences along a row goes up and down with the factor as its period,
which no lens, blur or noise does (A. C. Gallagher, Detection of linear and cubic interpolation in
JPEG compressed images, CRV 2005; M. Kirchner, Fast and reliable resampling detection, MM&Sec 2008).
A second difference shows it except at a factor of 2, where all pixels lie alike; a third one there.

Gallagher's mean size of second differences, with two changes: each is taken as a share of its
surroundings, so that one strong edge cannot outshout the rest (Kirchner has a contrast function for
that), and a peak counts by its height over the median around it, not over the whole spectrum.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crispdeck.picture.provenance.luma import STRIP_PX, Grey

Curve = NDArray[np.float64]

_REACH_PX = 8
"""Pixels on each side that a difference is taken against: one period of the largest factor."""
_PADDING = 4
"""Zero padding of the transform, times the length: a peak between two bins keeps its height."""
_TREND_PX = 33
"""Width in pixels of the mean that is taken away: slower changes are the subject's own."""
_FLOOR_BINS = 60
"""Bins of the unpadded spectrum on each side of which the median is the floor."""
_GRAIN = 0.5
"""Levels of difference below which nothing is said of a pixel."""


@dataclass(frozen=True, eq=False)
class Rhythm:
    """How strong each period is along one axis.

    Attributes:
        frequency: cycles per pixel, 0..0.5.
        strength: amplitude over the floor around it; a noise has 1 in the middle, seldom above 4.
        length_px: pixels along the axis.
    """

    frequency: Curve
    strength: Curve
    length_px: int

    def at(self, frequency: float, slack: float = 1.0) -> float:
        """Return the highest strength within `slack` / length of a frequency; folds above 0.5."""
        folded = abs((frequency + 0.5) % 1 - 0.5)
        reach = slack / self.length_px
        first = int(np.searchsorted(self.frequency, folded - reach))
        last = int(np.searchsorted(self.frequency, folded + reach, side="right"))
        return float(self.strength[first:last].max(initial=0.0))


def rhythm(grey: Grey) -> Rhythm:
    """Find the periods along the rows of a picture (H, W); W must be 32 or more."""
    width_px = grey.shape[1]
    size = 1 << int(np.ceil(np.log2(width_px * _PADDING)))
    strength = np.maximum(*(_strength(curve, size) for curve in _curves(grey)))
    return Rhythm(np.arange(len(strength)) / size, strength, width_px)


def _curves(grey: Grey) -> Iterator[Curve]:
    """Yield the mean size of second, then of third differences at each column.

    Each difference is taken against its surroundings: so a strong edge counts no more than a weak
    one, and a column of edges no more than others.
    """
    sums = {order: np.zeros((2, grey.shape[1] - order)) for order in (2, 3)}
    for top_px in range(0, grey.shape[0], STRIP_PX):
        steps = np.diff(grey[top_px : top_px + STRIP_PX], axis=1)
        for order in sums:
            steps = np.diff(steps, axis=1)
            sums[order] += _shares(np.abs(steps))
    for order, (share, count) in sums.items():
        curve = np.divide(share, count, out=np.ones(len(count)), where=count > 0)
        yield np.pad(curve, (0, order), mode="edge")


def _shares(size: Grey) -> Curve:
    """Sum up each column's sizes against their surroundings, and count how many are lively."""
    around = _mean_around(size)
    lively = around > _GRAIN
    share = size / np.maximum(around, _GRAIN) * lively
    return np.stack((share.sum(axis=0), lively.sum(axis=0)))


def _mean_around(values: Grey) -> Grey:
    """Return the mean of 2 * _REACH_PX + 1 along the rows; sums of 2, 4, 8, 16 and then one more.

    Running sums would need twice the bits for the same precision.
    """
    sums = wide = np.pad(values, ((0, 0), (_REACH_PX, _REACH_PX)), mode="edge")
    for have in (1, 2, 4, 8):
        sums = sums[:, :-have] + sums[:, have:]
    return (sums[:, :-1] + wide[:, 2 * _REACH_PX :]) / np.float32(2 * _REACH_PX + 1)


def _strength(curve: Curve, size: int) -> Curve:
    trend = np.convolve(
        np.pad(curve, _TREND_PX // 2, mode="reflect"), np.ones(_TREND_PX) / _TREND_PX, "valid"
    )
    amplitude = np.abs(np.fft.rfft((curve - trend) * np.hanning(len(curve)), size))
    floor: Curve = amplitude / _floor(amplitude)
    return floor


def _floor(amplitude: Curve) -> Curve:
    """Median around each bin, taken at every fifteenth and drawn through."""
    reach = _FLOOR_BINS * _PADDING
    wide = np.pad(amplitude, reach, mode="reflect" if len(amplitude) > reach else "wrap")
    centres = np.arange(0, len(amplitude), _FLOOR_BINS)
    medians = [float(np.median(wide[at : at + 2 * reach])) for at in centres]
    return np.asarray(np.interp(np.arange(len(amplitude)), centres, np.array(medians))) + 1e-9
