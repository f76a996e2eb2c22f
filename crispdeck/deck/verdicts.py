"""From pixels and inches to a verdict and a factor; knows no XML and no zip."""

from collections.abc import Sequence

from crispdeck.deck.model import Crop, Placement, Reason, ScanOptions, Verdict

SCALES = (2, 4)
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


def size_reason(
    width_px: int,
    height_px: int,
    shown_in: tuple[float, float],
    options: ScanOptions,
) -> Reason | None:
    """Say why pixels or inches alone exclude a picture; None where they do not."""
    if min(width_px, height_px) < options.min_side_px:
        return Reason.TOO_FEW_PIXELS
    if min(shown_in) < options.min_shown_in:
        return Reason.SHOWN_SMALL
    if width_px * height_px > options.max_input_px:
        return Reason.TOO_MANY_PIXELS
    return None


def ppi_reason(ppi: float, options: ScanOptions, cap_ppi: float | None) -> Reason | None:
    """Say why a picture is sharp enough; None where it is low.

    Args:
        ppi: effective.
        options: what counts as low.
        cap_ppi: what PowerPoint would reduce pictures to on the next save; None for no limit.
    """
    if ppi >= options.low_ppi:
        return Reason.ALREADY_SHARP
    if cap_ppi is not None and ppi >= cap_ppi * _REACHED:
        return Reason.DPI_CAP
    return None


def scale_for(
    ppi: float, size_px: tuple[int, int], options: ScanOptions, cap_ppi: float | None
) -> int | None:
    """Return the smallest factor that reaches the target, else the largest allowed.

    None where even the smallest makes too many pixels.
    """
    target = options.target_ppi if cap_ppi is None else min(options.target_ppi, cap_ppi)
    most_px = options.max_output_px / (size_px[0] * size_px[1])
    allowed = [s for s in SCALES if s <= options.max_scale and s * s <= most_px]
    reaching = [s for s in allowed if s * ppi >= target * _REACHED]
    return next(iter(reaching), allowed[-1] if allowed else None)


def part_verdict(placements: Sequence[Placement]) -> tuple[Verdict, Reason | None]:
    """Sum up one picture: low where any use is low; else the reason of its most telling use."""
    if any(one.verdict is Verdict.LOW for one in placements):
        return Verdict.LOW, None
    reasons = [one.reason for one in placements if one.reason is not None]
    eligible = [one.reason for one in placements if one.is_eligible]
    telling = [reason for reason in reasons if reason is not Reason.MARKUP_FALLBACK]
    return Verdict.LEFT, next(iter(eligible or telling or reasons), None)
