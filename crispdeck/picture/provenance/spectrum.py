"""Up to which frequency rows hold detail; a picture that was enlarged ends at a cliff.

X. Feng, I. J. Cox and G. Doërr, Normalized energy density-based forensic detection of resampled
images (IEEE TMM 2012), train a classifier on how much energy lies within growing windows of the
spectrum. Here a factor has been proposed already, so two figures at its own frequencies do.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crispdeck.picture.provenance.luma import Grey

_LENGTH_PX = 256
"""Pixels of one piece of a row: 128 frequencies."""
_ROWS = 192
"""The most rows that are transformed, evenly spread over the picture."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Power of the differences along rows, which flattens the spectrum of most pictures.

    Attributes:
        frequency: cycles per pixel, 0..0.5.
        power_db: in dB, with an arbitrary zero.
    """

    frequency: NDArray[np.float64]
    power_db: NDArray[np.float64]

    def cliff_db(self, factor: float) -> float:
        """How far the power falls across the highest frequency that `factor` could leave."""
        inside = self._mean_db(0.22 / factor, 0.42 / factor)
        return inside - self._mean_db(min(0.62 / factor, 0.44), min(0.95 / factor, 0.5))

    def energy_beyond_db(self, factor: float) -> float:
        """Power of all that `factor` could not leave, against what it could."""
        inside = self._mean_db(0.1 / factor, 0.42 / factor)
        return self._mean_db(min(0.75 / factor, 0.46), 0.5) - inside

    def _mean_db(self, low: float, high: float) -> float:
        within = (self.frequency >= low) & (self.frequency <= high)
        return float(self.power_db[within].mean()) if within.any() else 0.0


def spectrum(grey: Grey) -> Spectrum:
    """Measure the rows of a picture (H, W); W must be 32 or more."""
    height_px, width_px = grey.shape
    length = min(_LENGTH_PX, 1 << int(np.log2(width_px - 1)))
    steps = np.diff(grey[:: max(1, height_px // _ROWS)], axis=1)
    window = np.hanning(length).astype(np.float32)
    power = np.zeros(length // 2 + 1)
    for start in range(0, steps.shape[1] - length + 1, length // 2):
        piece = np.fft.rfft(steps[:, start : start + length] * window, axis=1)
        power += (np.abs(piece) ** 2).sum(axis=0)
    # A thousandth of a level of noise: nothing is emptier than empty.
    power = 10 * np.log10(power / len(steps) + 1e-3)
    return Spectrum(np.arange(len(power)) / length, power)
