"""Find out whether a picture was enlarged before, and from what size.

Two witnesses must agree, on both axes: a rhythm with the factor as its period, and a cliff in the
spectrum where the factor puts it. A lens, a blur or a soft subject leaves no rhythm; a table or a
weave has one, but no cliff. In doubt nothing is said: a soft photograph that is called enlarged is
worse than an enlarged one that is missed.

Resampling detection goes back to A. C. Popescu and H. Farid, Exposing digital forgeries by
detecting traces of resampling (IEEE TSP 2005), and B. Mahdian and S. Saic, Blind authentication
using periodic properties of interpolation (IEEE TIFS 2008). They say that a region was resampled;
here the whole picture was, and what is asked is from how many pixels. So no weights are estimated
from the picture: its periods propose factors (periodicity.py), its spectrum objects
(spectrum.py), and a fit of whole numbers of pixels has the last word (interpolation_fit.py).

The thresholds are held by `python -m worker.lab.bench.looks` (docs/looks.md): true enlargements
found beside false ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from crispdeck.picture.provenance.interpolation_fit import misfit
from crispdeck.picture.provenance.luma import Grey, liveliest
from crispdeck.picture.provenance.model import Enlargement, Kernel
from crispdeck.picture.provenance.periodicity import Curve, Rhythm, rhythm
from crispdeck.picture.provenance.repetition import Steps, wholly_repeated
from crispdeck.picture.provenance.spectrum import Spectrum, spectrum

MIN_SIDE_PX = 96
"""Smaller pictures are not asked: too few pixels for a rhythm, and low by any measure."""
MIN_FACTOR = 1.25
"""Below it nearly all detail survives, and both witnesses fall silent."""
MAX_FACTOR = 8.6
"""Eight times, with room for the rounding of small sizes; a longer period does not show."""

_STRONG, _WEAK = 7.0, 3.5
"""Strength over the floor that a period needs on its stronger, and on its weaker axis."""
_SUM = 13.0
"""Strength over the floor that a period needs on both axes together."""
_CLIFF_DB, _CLIFF_NEAR_DB = 5.0, 3.0
"""Fall of power in dB where the factor puts the cliff; less is asked of factors below _NEAR."""
_NEAR = 1.6
"""Below this factor little room is left beyond the cliff."""
_BEYOND_DB = -8.0
"""The most power in dB beyond the cliff, against that before it."""
_MISFIT = 1.7
"""A factor fits about as well as the best one while its misfit is at most so many times as much."""
_ROUNDING = 0.5
"""Levels of 255 that rounding to whole values leaves of any fit."""
_BEST = 10
"""Periods that are asked about, the strongest first."""
_MOST_FITS = 2
"""Fits for one picture: a real one needs one, one built to need many would take a second."""
_DIP, _ASIDE = 0.9, 0.03
"""Of pictures that were enlarged by 1.75 to 6 (bilinear; without loss, as JPEG 90 and 75) at most
0.37 of the misfit aside was left at the right size; of two shrunk ones that passed for enlarged (a
grainy and an out-of-focus photograph) 1.05 and 1.06 and more. `python -m worker.lab.bench.looks`:
of 2,000 that were only shrunk none is called enlarged, at 0.7 and at 0.9."""
_JPEG_PERIODS = 16
"""JPEG leaves rhythms of 8 pixels, and of 16 where its colours are halved, with all harmonics."""
_DOMINANT = 2.5
"""How many times as strong as its siblings a harmonic of JPEG's grid must be to count as more."""


@dataclass(frozen=True, eq=False)
class Axis:
    """Both witnesses along the rows of a part that begins at start_px of a picture of whole_px.

    Each is heard when it is first asked: for most pictures one is enough.
    """

    grey: Grey
    start_px: int
    whole_px: int
    _fits: dict[float, tuple[float, int]] = field(default_factory=dict)

    @cached_property
    def rhythm(self) -> Rhythm:
        """The strength of each period along the rows."""
        return rhythm(self.grey)

    @cached_property
    def spectrum(self) -> Spectrum:
        """The power of each frequency along the rows."""
        return spectrum(self.grey)

    def fit(self, factor: float) -> tuple[float, int]:
        """Return how badly the rows can be drawn from fewer pixels, and from how many best.

        Whole numbers of pixels near the factor are tried: an error of one shows.
        """
        if factor not in self._fits:
            small_px = round(self.whole_px / factor)
            # The factor is rounded by the transform; people enlarge to whole pixels.
            near = (each for each in range(small_px - 1, small_px + 2) if each > 0)
            self._fits[factor] = min(
                (misfit(self.grey, self.whole_px / px, self.start_px), px) for px in near
            )
        return self._fits[factor]

    def dip(self, small_px: int) -> float:
        """Compare what is left of the rows drawn from `small_px` pixels with what some more leave.

        The least that is left with some 3 and 6 % more or less counts as 1.
        """
        step_px = max(2, round(_ASIDE * small_px))
        aside = [small_px + k * step_px for k in (-2, -1, 1, 2)]
        here, *others = (
            misfit(self.grey, self.whole_px / px, self.start_px)
            for px in (small_px, *(each for each in aside if 0 < each < self.whole_px))
        )
        return here / max(min(others), 1e-9)


def find_enlargement(grey: Grey) -> Enlargement | None:
    """Return the size that a picture had before, None where nothing speaks for one.

    Args:
        grey: (H, W) in 0..255, the whole picture.
    """
    if min(grey.shape) < MIN_SIDE_PX:
        return None
    # Exact repetition needs no witnesses, and gives none: its rows have no rhythm of sums.
    repeated = wholly_repeated(grey)
    if repeated is not None:
        return repeated
    part = liveliest(grey)
    across = Axis(part.grey, part.left_px, grey.shape[1])
    down = Axis(np.ascontiguousarray(part.grey.T), part.top_px, grey.shape[0])
    factors = sorted(_candidates(across, down), reverse=True)
    if not factors:
        return None
    steps, fits = Steps.of(grey), 0
    for strength, factor in factors:
        nearest = steps.repeats(factor)
        if nearest is not None:
            return nearest
        family = _family(across, down, factor)
        # The spectrum is at hand and fits are dear: where it objects to all, none is tried.
        if fits == _MOST_FITS or not any(_is_bounded(across, down, each) for each in family):
            continue
        fits += 1
        best = family[0] if len(family) == 1 else _best_fit(across, down, family)
        if _is_bounded(across, down, best):
            found = _smooth(across, down, best, strength)
            return found if _is_proven(across, down, found) else None
    return None


def _smooth(across: Axis, down: Axis, factor: float, strength: float) -> Enlargement:
    _, width_px = across.fit(factor)
    _, height_px = down.fit(factor)
    return Enlargement(
        width_px=width_px,
        height_px=height_px,
        factor=round(across.whole_px / width_px, 3),
        kernel=Kernel.SMOOTH,
        confidence=round(min(1.0, 0.5 + strength / 100), 2),
    )


def _is_proven(across: Axis, down: Axis, found: Enlargement) -> bool:
    """Ask whether just so many pixels draw both axes, and a few more or less do much worse.

    A soft or a grainy picture that was shrunk is drawn about as well from any number.
    """
    return all(
        axis.dip(small_px) <= _DIP
        for axis, small_px in ((across, found.width_px), (down, found.height_px))
    )


def _candidates(across: Axis, down: Axis) -> Iterator[tuple[float, float]]:
    """Yield strength and factor of the rhythms that both axes share."""
    one = across.rhythm
    frequency = one.frequency
    inside = (frequency >= 1 / MAX_FACTOR) & (frequency <= 0.5)
    ours = _widened(one)
    if ours[inside].max() < _WEAK:
        return
    other = down.rhythm
    theirs = np.interp(frequency, other.frequency, _widened(other))
    total = np.where(inside, np.minimum(ours, 60) + np.minimum(theirs, 60), 0.0)
    has_grid = _jpeg_grid(one) and _jpeg_grid(other)
    shortest = min(one.length_px, other.length_px)
    for _ in range(_BEST):
        at = int(total.argmax())
        peak = float(frequency[at])
        if total[at] < _SUM:
            break
        strong, weak = max(ours[at], theirs[at]), min(ours[at], theirs[at])
        if (
            strong >= _STRONG
            and weak >= _WEAK
            and not (has_grid and _is_of_grid(one, other, peak, 5 / shortest))
        ):
            yield float(total[at]), 1 / _sharpened(one, other, peak)
        total[np.abs(frequency - peak) < 4 / shortest] = 0


def _widened(found: Rhythm) -> Curve:
    """Take the best within one resolution: both axes were rounded to whole pixels on their own."""
    reach = round(len(found.frequency) * 2 / found.length_px)
    wide = np.pad(found.strength, reach, mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(wide, 2 * reach + 1).max(axis=1))


def _sharpened(one: Rhythm, other: Rhythm, peak: float) -> float:
    """Return the frequency at the top of the stronger axis's own peak."""
    best = max((one, other), key=lambda each: each.at(peak))
    near = np.abs(best.frequency - peak) <= 1.5 / best.length_px
    where = np.flatnonzero(near)
    return float(best.frequency[where[best.strength[where].argmax()]]) if where.size else peak


def _jpeg_grid(found: Rhythm) -> bool:
    return found.at(1 / 8) > _WEAK or found.at(3 / 8) > _WEAK


def _is_of_grid(one: Rhythm, other: Rhythm, peak: float, slack: float) -> bool:
    """Tell a harmonic of JPEG's grid, no stronger than its siblings, from a rhythm of its own."""
    harmonic = round(peak * _JPEG_PERIODS)
    if abs(peak - harmonic / _JPEG_PERIODS) > slack:
        return False
    if harmonic % 2 or harmonic == 2:
        return True
    siblings = [k for k in (2, 4, 6, 8) if k != harmonic and k % harmonic]
    here = one.at(harmonic / 16) + other.at(harmonic / 16)
    rest = max(one.at(k / 16) + other.at(k / 16) for k in siblings)
    return here < _DOMINANT * rest


def _family(across: Axis, down: Axis, factor: float) -> list[float]:
    """Return the factors that leave the same rhythm, as far as it is heard.

    s and s / (s - 1) fold to the same frequency, and a second harmonic may outshine the first.
    """
    return [
        each
        for each in (factor, 2 * factor, factor / (factor - 1))
        if MIN_FACTOR <= each <= MAX_FACTOR and _is_heard(across, down, each)
    ]


def _best_fit(across: Axis, down: Axis, factors: Sequence[float]) -> float:
    """Return the largest factor that draws the rows about as well as the best one does."""
    misfits = {each: max(across.fit(each)[0], down.fit(each)[0]) for each in factors}
    allowed = _MISFIT * (min(misfits.values()) + _ROUNDING)
    return max(each for each, left in misfits.items() if left + _ROUNDING <= allowed)


def _is_bounded(across: Axis, down: Axis, factor: float) -> bool:
    """Find the cliff in both spectra, and next to nothing beyond it."""
    cliff_db = min(across.spectrum.cliff_db(factor), down.spectrum.cliff_db(factor))
    beyond_db = max(
        across.spectrum.energy_beyond_db(factor), down.spectrum.energy_beyond_db(factor)
    )
    wanted_db = _CLIFF_DB if factor >= _NEAR else _CLIFF_NEAR_DB
    return cliff_db >= wanted_db and beyond_db <= _BEYOND_DB


def _is_heard(across: Axis, down: Axis, factor: float) -> bool:
    """Find the factor's own rhythm or its second harmonic."""
    first = across.rhythm.at(1 / factor) + down.rhythm.at(1 / factor)
    second = across.rhythm.at(2 / factor) + down.rhythm.at(2 / factor)
    return max(first, second) >= _SUM
