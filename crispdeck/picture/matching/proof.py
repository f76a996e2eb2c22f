"""The rule by which a candidate is a small picture's original (docs/adr/0010-what-is-proof.md).

The candidate is registered, brought into the small picture's frame, shrunk, and must then agree
everywhere: the largest deviation of all places decides, never a mean, in which one changed digit
would vanish. A deviation is measured against what the place makes likely (edges err by more than
flat areas) and must stay below a limit that falls with the noise of the pair: where everything
else agrees to a level, ten levels in one place are an edit. Several explanations of how the small
picture was made are tried, simple ones first; one that agrees everywhere is enough.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crispdeck.picture.matching.agreement import (
    Fit,
    clipped,
    filtered,
    fit_colour,
    fit_filter,
    nearest_saved,
    recoloured,
    residual,
    spread,
    unshifted,
    ycc,
)
from crispdeck.picture.matching.geometry import Colours, Plane, Registration, framed, whole_frame
from crispdeck.picture.matching.jpeg_cells import JpegTables
from crispdeck.picture.matching.registration import hypotheses, refined

Rgb = NDArray[np.uint8]
"""(H, W, 3)."""

KERNELS = (
    Image.Resampling.BICUBIC,
    Image.Resampling.BOX,
    Image.Resampling.BILINEAR,
    Image.Resampling.LANCZOS,
)

LEAST_FACTOR = 1.2
"""Pixels of the original for each of the small picture, below which nothing is gained."""

MOST_OUTSIDE_PX = 0.75
"""Pixels of the small picture by which it may reach beyond the original: registration errs by a
few tenths, and a picture padded by a pixel has no counterpart there."""


class Limits(NamedTuple):
    """The largest deviation that passes, in units of what the place makes likely.

    It is `least` plus `noise_share` times the pair's noise, at most `most`.
    """

    least: float
    most: float
    noise_share: float

    def with_noise(self, noise: float) -> float:
        """Return the limit for a pair of this noise."""
        return min(self.most, self.least + self.noise_share * noise)


LOSSLESS_LIMITS = Limits(0.4, 1.0, 6.0)
JPEG_LIMITS = Limits(0.6, 1.0, 1.0)
"""Set by the pairs of `crispdeck bench originals` that were looked at one by one: of edits that can
be seen, the nearest came to 1.4 without loss, and in JPEG to 0.86 with a noise of 0.18 (a date in
letters of five pixels). In JPEG that costs true originals that were sharpened or recoloured."""

_LUMA_LEVELS, _LUMA_SHARE = 3.0, 0.12  # of brightness; see below
_CHROMA_LEVELS, _CHROMA_SHARE = 4.0, 0.15
"""What is likely: so many levels, and such a share of the contrast around. An edge that lies a
tenth of a pixel beside its place errs by a tenth of its contrast."""

_POOL_PX = 1.0
"""Sigma of the window in which deviations are taken together: a stroke of a digit."""
_SHIFT_PX = 0.35  # pixels of the small picture; see below
_SHIFT_WINDOW_PX = 9
"""In each window of nine pixels edges may lie so much elsewhere: less than half a pixel, which is
what a bar drawn higher or a moved arrow comes to."""
_RIM_PX = 3  # width of the rim in small pixels, where _RIM_EASE times as much is let pass
_RIM_EASE = 3.0
"""The outermost pixels depend on what was beyond them when the picture was shrunk."""
_ACTIVE_LEVELS = 24.0  # of 255; see below
_LEAST_ACTIVE_PX = 48
"""Pixels with such contrast around that there must be: on a blank page everything agrees."""
_COARSE_PX = 8000
"""Pictures of fewer pixels get the smaller filter: there are too few to fit the larger one."""
_MOST_HYPOTHESES = 6  # places tried, the likeliest first; each costs a fit. A guess
_NEAR_PX = 0.75
"""Pixels of the small picture within which the whole frame, and whole pixels, are tried as well."""
_SAME_PX = 0.02  # pixels of the small picture: two places that differ by less are one
_FINE = 8.0
"""Factor above which a pixel of the original is too small a step to matter."""
_HOPELESS = 12.0
"""Mean deviation in levels of all but the worst tenth, after a common gain, above which a place
is not the right one: JPEG of quality 40 and sharpening together have less than 8."""
_ROUNDS = 2
"""How often filter and colour are fitted to a JPEG: it lost fine detail, and a filter fitted to it
blurs; the second time the target is the picture next to the model that gives the same file."""
_QUICK_SAMPLES = 4000  # pixels for the first, rough fit: a third of `MOST_SAMPLES`; a guess
_UNFILTERED = np.ones((1, 1), np.float32)
_HERE = 1.0  # noise up to which a place is the right one, and other places are not tried
_FAR = 4.0
"""Deviation beyond which a place a fraction of a pixel beside is not tried any more."""

MOST_GAIN = 0.12  # beside 1, of each channel; see below
MOST_LUMA_CHANGE = 36.0  # levels; see below
MOST_CHROMA_CHANGE = 20.0
"""By how much the gains of a fitted change of colour may differ from 1, and by how many levels it
may change any pixel: beyond it is another colour and not another profile or screenshot."""


class Refusal(StrEnum):
    """Why a candidate is not taken."""

    NOT_FOUND = "not_found"
    TOO_SMALL = "too_small"
    OUTSIDE = "outside"
    BLANK = "blank"
    DIFFERS = "differs"


@dataclass(frozen=True, eq=False)
class Proof:
    """A candidate that agrees everywhere, and how.

    Attributes:
        registration: where the small picture lies in it.
        colour: the change of colour (3, 4) that makes the original's colours the small picture's;
            None where they are the same.
        deviation: the largest of all places, as a share of the limit.
        agrees_db: PSNR of the small picture and the original shrunk like it.
        small_px: width and height of the small picture.
    """

    registration: Registration
    colour: NDArray[np.float32] | None
    deviation: float
    agrees_db: float
    small_px: tuple[int, int]


@dataclass(frozen=True)
class Deviation:
    """How far an explanation is from the small picture.

    Attributes:
        luma, chroma: the largest deviation of all places.
        noise: what nine tenths of the places with contrast stay below, in brightness.
        limits: for the small picture's kind of file.
    """

    luma: float
    chroma: float
    noise: float
    limits: Limits

    @property
    def largest(self) -> float:
        """The larger of both."""
        return max(self.luma, self.chroma)

    @property
    def is_sure(self) -> bool:
        """Say whether it is within the limit whatever the noise."""
        return self.largest <= self.limits.least


def prove(small: Rgb, candidate: Rgb, tables: JpegTables | None = None) -> Proof | Refusal:
    """Say whether `small` was made from `candidate`, and where it lies in it.

    Args:
        small: the picture on the slide.
        candidate: what may be its original; colours in the same space.
        tables: how the small picture's file was quantised; None where it holds what it held.
    """
    try:
        return _proven(small, candidate, tables)
    except cv2.error:
        # Sides of 32,767 pixels and more are beyond OpenCV's warps: nothing is proven of them.
        return Refusal.NOT_FOUND


def _proven(small: Rgb, candidate: Rgb, tables: JpegTables | None) -> Proof | Refusal:
    grey = luma_of(small)
    if int((spread(grey.astype(np.float32)) >= _ACTIVE_LEVELS).sum()) < _LEAST_ACTIVE_PX:
        return Refusal.BLANK
    refusal = Refusal.NOT_FOUND
    for guess in islice(hypotheses(grey, luma_of(candidate)), _MOST_HYPOTHESES):
        turned = np.asarray(guess.turn.apply(candidate), np.uint8)
        outcome = _at(small, grey, turned, guess, tables)
        if isinstance(outcome, Proof) or outcome is Refusal.DIFFERS:
            # The right place, or as good as: no other will agree better.
            return outcome
        refusal = outcome if outcome is not Refusal.NOT_FOUND else refusal
    return refusal


def luma_of(rgb: Rgb) -> NDArray[np.uint8]:
    """Return brightness (H, W)."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)


@dataclass(frozen=True, eq=False)
class _Tried:
    """One explanation at one place, and how far it is from the small picture."""

    registration: Registration
    fit: Fit
    deviation: Deviation
    agrees_db: float


def _at(
    small: Rgb, grey: NDArray[np.uint8], turned: Rgb, guess: Registration, tables: JpegTables | None
) -> Proof | Refusal:
    """Look at one place: as guessed, refined, and on the whole frame and whole pixels nearby."""
    found = refined(grey, luma_of(turned), guess)
    refusal = Refusal.NOT_FOUND
    size = (small.shape[1], small.shape[0])
    tried: list[_Tried] = []
    for registration in _places(found, guess, small, turned):
        if registration.outside_px(size, turned.shape[1::-1]) > MOST_OUTSIDE_PX:
            refusal = Refusal.OUTSIDE
            continue
        if min(registration.factors) < LEAST_FACTOR:
            return Refusal.TOO_SMALL
        here = _tried(small, turned, registration, tables)
        tried += here
        if here and (here[-1].deviation.is_sure or _least(here) > _FAR):
            break
    if not tried:
        return refusal
    outcome = _judged(tried, size)
    is_here = min(one.deviation.noise for one in tried) <= _HERE
    return outcome if is_here or isinstance(outcome, Proof) else Refusal.NOT_FOUND


def _least(tried: list[_Tried]) -> float:
    return min(one.deviation.largest for one in tried)


def _judged(tried: list[_Tried], size: tuple[int, int]) -> Proof | Refusal:
    """Take the best explanation if it is within the limit.

    The limit is that of the explanation with the least noise, of all that were tried: one that
    fits worse everywhere must not let pass what a better one shows.
    """
    best = min(tried, key=lambda one: one.deviation.largest)
    limit = best.deviation.limits.with_noise(min(one.deviation.noise for one in tried))
    share = best.deviation.largest / limit
    if share > 1:
        return Refusal.DIFFERS
    return Proof(best.registration, best.fit.colour, share, best.agrees_db, size)


def _tried(
    small: Rgb, turned: Rgb, registration: Registration, tables: JpegTables | None
) -> list[_Tried]:
    """Try explanations at one place, up to one that agrees whatever the noise."""
    tried = []
    for model, fit in explanations(small, turned, registration, tables):
        deviation = deviation_of(small, model, tables)
        tried.append(_Tried(registration, fit, deviation, psnr_db(small, model)))
        if deviation.is_sure:
            break
    return tried


def _places(
    found: Registration, guess: Registration, small: Rgb, turned: Rgb
) -> Iterator[Registration]:
    """Yield the whole frame where it is near, the best whole pixels, the refined place, the guess.

    ECC may go astray on drawings of few edges; a guess that was right is not lost by that.
    """
    size = (small.shape[1], small.shape[0])
    whole = whole_frame(found.turn, size, (turned.shape[1], turned.shape[0]))
    places = []
    if min(_apart_px(found, whole, size), _apart_px(guess, whole, size)) <= _NEAR_PX:
        places.append(whole)
    if _is_nearly_straight(found, size):
        snapped = _on_whole_pixels(found, small, turned)
        if _apart_px(found, snapped, size) <= _NEAR_PX:
            places.append(snapped)
    seen: list[Registration] = []
    for place in (*places, found, guess):
        if all(_apart_px(place, other, size) > _SAME_PX for other in seen):
            seen.append(place)
            yield place


def _apart_px(one: Registration, other: Registration, size: tuple[int, int]) -> float:
    """Return by how many pixels of the small picture the corners differ."""
    difference = np.array(one.box(*size)) - np.array(other.box(*size))
    return float((np.abs(difference) / np.array(one.factors * 2)).max())


def _is_nearly_straight(found: Registration, size: tuple[int, int]) -> bool:
    across, down = found.factors
    tilt = abs(found.matrix[1, 0]) * size[0] / down, abs(found.matrix[0, 1]) * size[1] / across
    return bool(max(tilt) <= _NEAR_PX)


def _on_whole_pixels(found: Registration, small: Rgb, turned: Rgb) -> Registration:
    """Move each side of the place to the whole pixel at which it agrees best: most crops do."""
    size = small.shape[1::-1]
    luma = luma_of(small).astype(np.float32)
    theirs = luma_of(turned)
    limits = (turned.shape[1], turned.shape[0]) * 2

    def cost(box: tuple[int, ...]) -> float:
        model = framed(theirs, _of_box(found, box, size), size, Image.Resampling.BICUBIC)
        return _cost(luma, model.astype(np.float32))

    box = tuple(
        min(most, max(0, round(side))) for side, most in zip(found.box(*size), limits, strict=True)
    )
    least = cost(box)
    for side in range(4) if min(found.factors) < _FINE else ():
        for step in (-1, 1):
            moved = tuple(each + step * (at == side) for at, each in enumerate(box))
            if 0 <= moved[side] <= limits[side] and (now := cost(moved)) < least:
                box, least = moved, now
    return _of_box(found, box, size)


def _of_box(found: Registration, box: tuple[int, ...], size: tuple[int, int]) -> Registration:
    left, top, right, bottom = box
    across, down = (right - left) / size[0], (bottom - top) / size[1]
    return Registration(found.turn, np.array([[across, 0, left], [0, down, top]], float))


def explanations(
    small: Rgb, turned: Rgb, registration: Registration, tables: JpegTables | None = None
) -> Iterator[tuple[Rgb, Fit]]:
    """Yield ways in which the small picture may have been made, simple ones first.

    Each is the candidate brought into its frame, and what was fitted.
    """
    size = (small.shape[1], small.shape[0])
    luma = luma_of(small).astype(np.float32)
    plain: list[tuple[float, Rgb]] = []
    for kernel in KERNELS:
        model = framed(turned, registration, size, kernel)
        plain.append((_cost(luma, luma_of(model).astype(np.float32)), model))
    plain.sort(key=lambda one: one[0])
    if plain[0][0] > _HOPELESS:
        return
    for _, model in plain[:2]:
        yield model, Fit(_UNFILTERED, None)
    for model in _by_filtered_cost(luma, [model for _, model in plain])[:2]:
        target = small.astype(np.float32)
        for _ in range(1 if tables is None else _ROUNDS):
            fitted = None
            for fitted in _fitted(target, model):
                yield fitted
            if tables is not None and fitted is not None:
                target = nearest_saved(small.astype(np.float32), fitted[0], tables)


def agrees_at(
    small: Rgb, turned: Rgb, registration: Registration, tables: JpegTables | None = None
) -> bool:
    """Say whether some explanation agrees everywhere, at a place that is known."""
    tried = _tried(small, turned, registration, tables)
    return bool(tried) and isinstance(_judged(tried, (small.shape[1], small.shape[0])), Proof)


def shrinks_back_db(small: Rgb, result: Rgb) -> float:
    """Return the PSNR of the small picture and the result shrunk to its size, the best way."""
    size = (small.shape[1], small.shape[0])
    image = Image.fromarray(result)
    return max(psnr_db(small, np.asarray(image.resize(size, kernel))) for kernel in KERNELS)


def _by_filtered_cost(luma: Plane, models: list[Rgb]) -> list[Rgb]:
    """Sort by how well they agree once a filter was fitted: sharpening hides the kernel."""
    costs = []
    for at, model in enumerate(models):
        theirs = luma_of(model).astype(np.float32)
        taps = fit_filter(luma, theirs, _radius(luma), _QUICK_SAMPLES)
        shown = np.clip(filtered(theirs, taps), 0, 255)
        costs.append((_cost(luma, shown), at))
    return [models[at] for _, at in sorted(costs)]


def _fitted(target: Colours, model: Rgb) -> Iterator[tuple[Rgb, Fit]]:
    """Fit a change of colour, a filter, and both, to make `target` of `model`."""
    plain = model.astype(np.float32)
    luma = np.ascontiguousarray(ycc(target)[..., 0])
    taps = fit_filter(luma, luma_of(model).astype(np.float32), _radius(luma))
    sharpened = filtered(plain, taps)
    colour = fit_colour(target, plain)
    if is_small_change(plain, colour):
        yield clipped(recoloured(plain, colour)), Fit(_UNFILTERED, colour)
    yield clipped(sharpened), Fit(taps, None)
    colour = fit_colour(target, sharpened)
    if is_small_change(sharpened, colour):
        yield clipped(recoloured(sharpened, colour)), Fit(taps, colour)


def _radius(luma: Plane) -> int:
    return 2 if luma.size < _COARSE_PX else 3


def _cost(luma: Plane, model: Plane) -> float:
    """Return the mean deviation of all but the worst tenth, after a common gain and offset."""
    stride = max(1, int((luma.size / 20_000) ** 0.5))
    mine, theirs = luma[::stride, ::stride].ravel(), model[::stride, ::stride].ravel()
    gain = float(np.cov(mine, theirs)[0, 1] / max(1e-6, float(theirs.var())))
    left = np.abs(mine - mine.mean() - gain * (theirs - theirs.mean()))
    return float(np.sort(left)[: int(0.9 * left.size) + 1].mean())


def is_small_change(before: NDArray[np.float32], colour: NDArray[np.float32]) -> bool:
    """Say whether a change of colour stays within what may pass for the same colours."""
    if np.abs(np.diagonal(colour) - 1).max() > MOST_GAIN:
        return False
    sample = before[::4, ::4].reshape(-1, 3)
    change = np.abs(ycc(recoloured(sample, colour) - sample))
    most = np.percentile(change, 99.5, axis=0)
    return bool(most[0] <= MOST_LUMA_CHANGE and most[1:].max() <= MOST_CHROMA_CHANGE)


def deviation_of(small: Rgb, model: Rgb, tables: JpegTables | None) -> Deviation:
    """Measure the largest deviation of all places, in units of what each makes likely."""
    left = residual(small.astype(np.float32), model, tables)
    theirs = ycc(model.astype(np.float32))
    luma = np.ascontiguousarray(theirs[..., 0])
    contrast = spread(luma)
    bright = _deviations(left.luma, luma, contrast, _LUMA_LEVELS, _LUMA_SHARE)
    rows, columns = left.chroma[0].shape
    size = (columns, rows)
    planes = [
        np.asarray(
            cv2.resize(np.ascontiguousarray(theirs[..., i]), size, interpolation=cv2.INTER_AREA),
            np.float32,
        )
        for i in range(3)
    ]
    edges = 0.3 * spread(planes[0]) + np.maximum(spread(planes[1]), spread(planes[2]))
    chroma = max(
        float(_deviations(one, plane, edges, _CHROMA_LEVELS, _CHROMA_SHARE).max())
        for one, plane in zip(left.chroma, planes[1:], strict=True)
    )
    active = bright[contrast >= _ACTIVE_LEVELS]
    noise = float(np.percentile(active, 90)) if active.size else 0.0
    limits = LOSSLESS_LIMITS if tables is None else JPEG_LIMITS
    return Deviation(float(bright.max()), chroma, noise, limits)


def _deviations(left: Plane, model: Plane, contrast: Plane, levels: float, share: float) -> Plane:
    still = unshifted(left, model, _SHIFT_WINDOW_PX, _SHIFT_PX)
    pooled = np.sqrt(cv2.GaussianBlur(still * still, (0, 0), _POOL_PX))
    likely = levels + share * cv2.GaussianBlur(contrast, (0, 0), _POOL_PX)
    eased = np.full_like(likely, _RIM_EASE)
    eased[_RIM_PX:-_RIM_PX, _RIM_PX:-_RIM_PX] = 1.0
    deviations = pooled / (likely * eased)
    return np.asarray(deviations, np.float32)


def psnr_db(one: Rgb, other: Rgb) -> float:
    """Return the peak signal-to-noise ratio of two pictures of one size; at most 99."""
    mse = float(((one.astype(np.float32) - other.astype(np.float32)) ** 2).mean())
    return min(99.0, 10 * float(np.log10(255**2 / max(mse, 1e-9))))
