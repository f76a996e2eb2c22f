"""What a report says, as plain values; how it is shown is the business of its neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crispdeck.deck.model import Reason


@dataclass(frozen=True)
class ShownPicture:
    """A picture for looking at: cropped as on the slide, PNG or JPEG, of bounded size."""

    blob: bytes = field(repr=False)
    content_type: str
    width_px: int
    height_px: int


@dataclass(frozen=True)
class Pair:
    """The same view, before and after.

    Attributes:
        ratio: width by height as shown on the slide, which may stretch the pixels.
    """

    before: ShownPicture
    after: ShownPicture
    ratio: float


@dataclass(frozen=True, kw_only=True)
class SharpenedPicture:
    """One picture that was swapped, at the place where it was shown largest.

    Attributes:
        where: "slide 3", or "layout" or "master".
        uses: in how many places it is shown.
        sharpness_before: picture pixels for each pixel of a full-HD screen.
        true_width_px, true_height_px: before it was enlarged; None where it was not.
        upscale: what was measured on the upscale; empty where it is not known.
        view: the whole picture; detail: its busiest corner, None for small pictures.
    """

    part: str
    new_part: str
    where: str
    slide: int | None
    name: str
    alt_text: str
    uses: int
    shown_width_in: float
    shown_height_in: float
    width_px: int
    height_px: int
    new_width_px: int
    new_height_px: int
    ppi_before: float
    ppi_after: float
    sharpness_before: float | None
    sharpness_after: float | None
    bytes_before: int
    bytes_after: int
    true_width_px: int | None = None
    true_height_px: int | None = None
    upscale: Mapping[str, Any] = field(default_factory=dict)
    view: Pair
    detail: Pair | None = None


@dataclass(frozen=True, kw_only=True)
class LeftPicture:
    """One picture that was left alone, and why."""

    part: str
    where: tuple[str, ...]
    ppi: float | None
    width_px: int | None
    height_px: int | None
    reason: Reason | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """Before and after of one deck."""

    deck_name: str
    slides: int
    slide_width_in: float
    low_ppi: float
    target_ppi: float
    bytes_before: int
    bytes_after: int
    sharpened: tuple[SharpenedPicture, ...]
    left: tuple[LeftPicture, ...]
