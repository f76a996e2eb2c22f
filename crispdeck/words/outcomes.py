"""What became of pictures, in words."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from crispdeck.words.numbers import count_words


class Measured(Protocol):
    """A picture whose true size may be known."""

    @property
    def width_px(self) -> int | None: ...  # noqa: D102 - as in PicturePart
    @property
    def height_px(self) -> int | None: ...  # noqa: D102
    @property
    def true_width_px(self) -> int | None: ...  # noqa: D102
    @property
    def true_height_px(self) -> int | None: ...  # noqa: D102


def enlarged_words(picture: Measured) -> str:
    """Say that a picture was enlarged before: "looks like 300 × 200 pixels enlarged to 1200 × 800".

    Empty where it was not.
    """
    if not picture.true_width_px:
        return ""
    return (
        f"looks like {picture.true_width_px} × {picture.true_height_px} pixels"
        f" enlarged to {picture.width_px} × {picture.height_px}"
    )


def is_only_enlarged(made_by: Mapping[str, Any]) -> bool:
    """Whether interpolation stepped in for the network, by the report of an upscale."""
    return bool(made_by.get("fallback"))


def outcome_words(made_by: Iterable[Mapping[str, Any]], noun: str = "picture", of: str = "") -> str:
    """Say "4 pictures made sharp, 2 only enlarged": interpolation makes nothing sharper.

    Args:
        made_by: the reports of all upscales; one that is not known may be empty.
        of: words after the noun.
    """
    plainly = [is_only_enlarged(report) for report in made_by]
    sharp, plain = plainly.count(False), plainly.count(True)
    if plain and not sharp:
        return f"{count_words(plain, noun)}{of} only enlarged"
    words = f"{count_words(sharp, noun)}{of} made sharp"
    return f"{words}, {plain} only enlarged" if plain else words


def faithful_words(made_by: Mapping[str, Any]) -> str:
    """Say how faithful an upscale is to its original; empty where that was not measured.

    Args:
        made_by: the report of an upscale.
    """
    found = made_by.get("faithful")
    if not found:
        return ""
    if found["consistency"] == "exact":
        promise = f"shrinks back to the original ({found['shrinks_back_db']:.0f} dB)"
    else:
        promise = f"agrees with the original once both are blurred ({found['coarse_db']:.0f} dB)"
    shift = f"colours within {max(0.1, found['colour_shift_levels']):.1f} of 255 levels"
    share = 100 * found["budget_share_clipped"]
    held_back = f"{share:.1f} % of the detail held back" if share >= 0.05 else "no detail held back"
    return f"{promise}; {shift}; {held_back}"
