"""From pixels and inches to a verdict and a factor; knows no XML and no zip."""

from collections.abc import Sequence

from crispdeck.deck.model import Crop, PicturePart, Placement, Reason, Verdict
from crispdeck.deck.thresholds import ScanOptions

SCALES = (2, 4)  # the factors that there are networks for
MAX_GAIN = 4.0
"""The most detail that a network adds along a side; what goes beyond is interpolation."""
_REACHED = 0.85
"""This share of the target counts as reached. Screenshots pasted at 96 ppi, the largest group of
all, come to 192 by a factor of 2; the 28 ppi to a target of 220 would cost four times the pixels
and no projector shows them (full HD on a 13.33 in slide is 144 ppi)."""


def effective_ppi(
    width_px: int, height_px: int, crop: Crop, width_in: float, height_in: float
) -> float | None:
    """Return the lower of both axes: pixels left by the crop for each inch shown.

    None where the crop leaves nothing or nothing is shown.
    """
    left_x = width_px * (1 - crop.left - crop.right)
    left_y = height_px * (1 - crop.top - crop.bottom)
    if left_x <= 0 or left_y <= 0 or width_in <= 0 or height_in <= 0:
        return None
    return min(left_x / width_in, left_y / height_in)


WIDE_SLIDE_IN = (13 + 1 / 3, 7.5)
"""Width and height of a slide that the presets are made for, PowerPoint's own since 2013."""

_SCREEN_RATIO = 16 / 9  # of the screens and projectors of today

_STRIP_LENGTHS = 3
"""How many times the least size a strip has to be long to count: a line of code or a formula, a
title, a logo of 3 in is read however low it is."""


def screen_width_in(slide_in: tuple[float, float]) -> float:
    """Return how many of a slide's inches a screen of 16:9 spans across that shows it full.

    Slides of 4:3 and higher ones leave bars at the sides, for there the height is the limit.
    """
    width_in, height_in = slide_in
    return max(width_in, height_in * _SCREEN_RATIO)


def low_ppi_on(slide_in: tuple[float, float], options: ScanOptions) -> float:
    """Return the resolution below which a picture on slides of this size is low.

    What the audience sees is pixels of the screen, and a screen shows slides of any size equally
    large: 110 ppi are 0.76 picture pixels for each of full HD's on a slide of 13.33 × 7.5 in, but
    0.57 on one of 10 × 5.63 in, which needs 147. Larger slides are posters, which are printed:
    there inches count.
    """
    share = screen_width_in(WIDE_SLIDE_IN) / screen_width_in(slide_in)
    # Rounded, so that a picture of exactly the resolution asked for is never below it.
    return options.low_ppi * max(1.0, round(share, 6))


def size_reason(
    width_px: int,
    height_px: int,
    shown_in: tuple[float, float],
    options: ScanOptions,
) -> Reason | None:
    """Say why pixels or inches alone exclude a picture; None where they do not.

    Small is what has neither the area of a square of the least size nor the length of a strip.
    """
    if min(width_px, height_px) < options.min_side_px:
        return Reason.TOO_FEW_PIXELS
    least = options.min_shown_in
    is_strip = max(shown_in) >= _STRIP_LENGTHS * least
    if shown_in[0] * shown_in[1] < least * least and not is_strip:
        return Reason.SHOWN_SMALL
    if width_px * height_px > options.max_input_px:
        return Reason.TOO_MANY_PIXELS
    return None


def ppi_reason(ppi: float, low_ppi: float, cap_ppi: float | None) -> Reason | None:
    """Say why a picture is sharp enough; None where it is low.

    Args:
        ppi: effective.
        low_ppi: what counts as low, by `low_ppi_on`.
        cap_ppi: what PowerPoint would reduce pictures to on the next save; None for no limit.
    """
    if ppi >= low_ppi:
        return Reason.ALREADY_SHARP
    if cap_ppi is not None and ppi >= cap_ppi * _REACHED:
        return Reason.DPI_CAP
    return None


def reason_to_leave(
    size_px: tuple[int, int],
    shown_in: tuple[float, float],
    ppi: float,
    options: ScanOptions,
    *,
    cap_ppi: float | None = None,
    enlarged: float = 1.0,
    slide_in: tuple[float, float] = WIDE_SLIDE_IN,
) -> Reason | None:
    """Say why a picture is left alone at the size it is shown; None where it is low.

    The one rule for decks and for single pictures. Where it says None, `scale_for` of the same
    picture gives a factor.

    Args:
        size_px: as stored.
        shown_in: width and height on the slide, in inches.
        ppi: effective, by the true size where the picture was enlarged before.
        options: what counts as low, and the limits.
        cap_ppi: what PowerPoint would reduce pictures to on the next save; None for no limit.
        enlarged: by how much the picture was enlarged before it came into the deck.
        slide_in: width and height of the slide that it is on.
    """
    low_ppi = low_ppi_on(slide_in, options)
    # That it is sharp matters more than that it is small.
    reason = ppi_reason(ppi, low_ppi, cap_ppi) or size_reason(*size_px, shown_in, options)
    if reason is None and scale_for(ppi, size_px, options, cap_ppi, enlarged) is None:
        return Reason.TOO_MANY_PIXELS
    return reason


def scale_for(
    ppi: float,
    size_px: tuple[int, int],
    options: ScanOptions,
    cap_ppi: float | None,
    enlarged: float = 1.0,
) -> int | None:
    """Return the smallest factor that reaches the target, else the largest that adds detail.

    None where even the smallest makes too many pixels.

    Args:
        ppi: effective, by the true size where the picture was enlarged before.
        size_px: as stored.
        options: the target, and how many times as large a picture may become.
        cap_ppi: what PowerPoint would reduce pictures to on the next save; None for no limit.
        enlarged: by how much it was enlarged before. That much is regained at a factor of 1.
    """
    target = options.target_ppi if cap_ppi is None else min(options.target_ppi, cap_ppi)
    most_px = options.max_output_px / (size_px[0] * size_px[1])
    scales = SCALES if enlarged == 1 else (1, *SCALES)
    allowed = [s for s in scales if s <= options.max_scale and s * s <= most_px]
    for scale in allowed:
        gain = scale * enlarged
        is_all = enlarged > 1 and gain >= options.max_scale
        if is_all or min(gain, options.max_scale) * ppi >= target * _REACHED:
            return scale
    return allowed[-1] if allowed else None


def detail_gain(picture: PicturePart, new_width_px: int) -> float:
    """Return how many times as much detail a larger version of a picture holds across."""
    if picture.true_width_px:
        return min(MAX_GAIN, new_width_px / picture.true_width_px)
    return new_width_px / (picture.width_px or new_width_px or 1)


def part_verdict(placements: Sequence[Placement]) -> tuple[Verdict, Reason | None]:
    """Sum up one picture: low where any use is low; else the reason of its most telling use."""
    if any(one.verdict is Verdict.LOW for one in placements):
        return Verdict.LOW, None
    reasons = [one.reason for one in placements if one.reason is not None]
    eligible = [one.reason for one in placements if one.is_eligible]
    telling = [reason for reason in reasons if reason is not Reason.MARKUP_FALLBACK]
    return Verdict.LEFT, next(iter(eligible or telling or reasons), None)
