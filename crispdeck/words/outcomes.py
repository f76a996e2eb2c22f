"""What became of pictures, in words."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from crispdeck.picture.source_notes import SourceNote
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


SOURCE_WORDS: Mapping[str, str] = {
    SourceNote.NO_END: "the end of its file was missing",
    SourceNote.WRONG_CHECKSUM: "a checksum in its file was wrong",
    SourceNote.STRAY_BYTES: "its file had stray bytes, or none at its end",
    SourceNote.SMALL_SCREEN: "its file named a size smaller than the picture",
    SourceNote.GAIN_MAP_LOST: "its gain map (HDR) is left out",
}


def source_words(report: Mapping[str, Any]) -> list[str]:
    """Say what was forgiven in a picture's file, and what of it could not be carried over.

    Args:
        report: of an upscale.
    """
    return [SOURCE_WORDS.get(note, str(note)) for note in report.get("source") or ()]


def is_only_enlarged(made_by: Mapping[str, Any]) -> bool:
    """Whether interpolation stepped in for the network, by the report of an upscale."""
    return bool(made_by.get("fallback"))


def outcome_words(made_by: Iterable[Mapping[str, Any]], noun: str = "picture", of: str = "") -> str:
    """Say "4 pictures made sharp, 2 only enlarged": interpolation makes nothing sharper.

    Args:
        made_by: the reports of all upscales; one that is not known may be empty.
        of: words after the noun.
    """
    reports = list(made_by)
    plainly = [is_only_enlarged(report) for report in reports]
    sharp, plain = plainly.count(False), plainly.count(True)
    if plain and not sharp:
        return f"{count_words(plain, noun)}{of} only enlarged"
    words = f"{count_words(sharp, noun)}{of} made sharp"
    found = sum(original_words(report) != "" for report in reports)
    if found:
        words += (
            f" ({found} from {'its' if found == 1 else 'their'} true original{'s'[: found > 1]})"
        )
    return f"{words}, {plain} only enlarged" if plain else words


def original_words(made_by: Mapping[str, Any]) -> str:
    """Say whose pixels were taken: "the original, Brand/logo.png (1600 × 800 pixels)".

    Empty where a network made them.

    Args:
        made_by: the report of an upscale.
    """
    found = made_by.get("original")
    if not found:
        return ""
    turned = ", turned" if found["quarter_turns"] or found["mirrored"] else ""
    matched = ", colours matched" if found["colour_matched"] else ""
    return (
        f"the original, {found['name']} ({found['width_px']} × {found['height_px']} pixels"
        f"{turned}{matched})"
    )


def faithful_words(made_by: Mapping[str, Any]) -> str:
    """Say how faithful an upscale is to its original; empty where that was not measured.

    Args:
        made_by: the report of an upscale.
    """
    original = made_by.get("original")
    if original:
        return f"shrinks back to the picture that was there ({original['shrinks_back_db']:.0f} dB)"
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
