"""The words of a scan: placements, pictures, verdicts and reasons; plain values, no zip, no XML."""

from dataclasses import dataclass, field
from enum import StrEnum

from crispdeck.deck.thresholds import ScanOptions
from crispdeck.picture.formats import PictureFormat


class Verdict(StrEnum):
    """What a scan says of a placement or a picture."""

    LOW = "low"
    """Blurred at the size it is shown: worth an upscale."""
    LEFT = "left"
    """Left alone; the reason says why."""


class Reason(StrEnum):
    """Why a picture is left alone. The only list of reasons; docs/reasons.md prints it."""

    ALREADY_SHARP = "already_sharp"
    LINKED = "linked"
    MISSING = "missing"
    VECTOR = "vector"
    DRAWN_BITMAP = "drawn_bitmap"
    SVG_FALLBACK = "svg_fallback"
    ANIMATED = "animated"
    ARTISTIC_EFFECT = "artistic_effect"
    COLOUR_KEY = "colour_key"
    MARKUP_FALLBACK = "markup_fallback"
    OLE_PREVIEW = "ole_preview"
    CHART = "chart"
    SMARTART = "smartart"
    BULLET = "bullet"
    THEME_FILL = "theme_fill"
    TEXT_FILL = "text_fill"
    TABLE_FILL = "table_fill"
    TILE_FILL = "tile_fill"
    POSTER = "poster"
    LAYOUT_OR_MASTER = "layout_or_master"
    NOTES_OR_HANDOUT = "notes_or_handout"
    UNUSED_SLIDE = "unused_slide"
    UNKNOWN_SIZE = "unknown_size"
    SHOWN_SMALL = "shown_small"
    TOO_FEW_PIXELS = "too_few_pixels"
    TOO_MANY_PIXELS = "too_many_pixels"
    UNSUPPORTED_FORMAT = "unsupported_format"
    UNREADABLE = "unreadable"
    NOT_CHOSEN = "not_chosen"
    GROWTH_BUDGET = "growth_budget"
    DPI_CAP = "dpi_cap"
    OTHER_USE = "other_use"


class Scope(StrEnum):
    """Which kind of page a placement stands on."""

    SLIDE = "slide"
    LAYOUT = "layout"
    MASTER = "master"
    OTHER = "other"


class PlacementKind(StrEnum):
    """In which role a picture is used."""

    PICTURE = "picture"
    SHAPE_FILL = "shape_fill"
    BACKGROUND = "background"
    TABLE_CELL = "table_cell"
    OTHER = "other"


@dataclass(frozen=True)
class Crop:
    """srcRect as fractions of the picture (ECMA-376 Part 1, 20.1.8.55); negative adds margin."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Placement:
    """One use of a picture on a page, with its size and crop."""

    id: str
    """Stable for one deck's bytes: "1", "2", … in order of slides and shapes."""
    scope: Scope
    kind: PlacementKind
    slide: int | None
    """Number in the order of the show, from 1; None on layouts and masters."""
    page_part: str
    """The XML part that holds the placement, without the leading slash."""
    shape_id: int | None
    shape_name: str
    alt_text: str
    rel_id: str | None
    part: str | None
    """The media part, None where there is none."""
    crop: Crop = Crop()
    shown_width_in: float | None = None
    shown_height_in: float | None = None
    rotation_deg: float = 0.0
    left_in: float | None = None
    top_in: float | None = None
    """The box on the slide before rotation, for marking it on a thumbnail."""
    effective_ppi: float | None = None
    """By the true size where the picture was enlarged before."""
    sharpness_hd: float | None = None
    """Picture pixels for each pixel of a screen of 1920 × 1080 that shows the slide full."""
    sharpness_4k: float | None = None
    verdict: Verdict = Verdict.LEFT
    reason: Reason | None = None

    @property
    def is_eligible(self) -> bool:
        """True where the picture may be changed in this place: low, or sharp enough already."""
        return self.verdict is Verdict.LOW or self.reason in {Reason.ALREADY_SHARP, Reason.DPI_CAP}


@dataclass(frozen=True, kw_only=True)
class PicturePart:
    """One media part and the verdict over all its placements."""

    part: str
    content_type: str
    format: PictureFormat
    width_px: int | None
    height_px: int | None
    size_bytes: int
    crc32: int
    placements: tuple[str, ...]
    effective_ppi: float | None = None
    """Lowest of the eligible placements."""
    true_width_px: int | None = None
    true_height_px: int | None = None
    """Size before it was enlarged; None where it was not, or was not looked at."""
    scale: int | None = None
    """The factor (2 or 4) that reaches the target or comes nearest; None where left alone.
    1 for a picture whose pixels suffice but were made by enlarging a smaller one."""
    verdict: Verdict = Verdict.LEFT
    reason: Reason | None = None

    @property
    def is_viewable(self) -> bool:
        """True where its pixels can be read: a picture's own, or those of a drawing."""
        unread = {Reason.LINKED, Reason.VECTOR, Reason.DRAWN_BITMAP}
        return bool(self.width_px) and self.reason not in unread

    def __post_init__(self) -> None:
        """Refuse what nobody could work on: a low picture without a size or a factor."""
        is_workable = self.width_px and self.height_px and self.scale
        if self.verdict is Verdict.LOW and not is_workable:
            raise ValueError(f"{self.part} is low but has no size or no factor")


@dataclass(frozen=True, kw_only=True)
class DeckScan:
    """All that a scan found."""

    kind: str
    """presentation, template or show, with a leading "macro " for .pptm, .potm, .ppsm."""
    strict: bool
    """ISO/IEC 29500 Strict namespaces."""
    signed: bool
    slides: int
    slide_width_in: float
    slide_height_in: float
    default_image_dpi: int | None
    options: ScanOptions
    placements: tuple[Placement, ...] = field(default=())
    pictures: tuple[PicturePart, ...] = field(default=())
    unreadable_parts: tuple[str, ...] = field(default=())
    """XML parts of a broken deck that could not be read; what they show is left alone."""

    @property
    def low(self) -> tuple[PicturePart, ...]:
        """The pictures worth an upscale, worst first."""
        found = [p for p in self.pictures if p.verdict is Verdict.LOW]
        return tuple(sorted(found, key=lambda p: (p.effective_ppi or 0.0, p.part)))
