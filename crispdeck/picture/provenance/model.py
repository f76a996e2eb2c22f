"""What a look at the pixels says; plain values, nothing is decided here."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a picture came to its pixels; decides what may be promised of the larger one."""

    SHRUNK = "shrunk"
    """Made from more pixels by an anti-aliasing kernel, or by a lens: shrinking the truth gives
    these very pixels."""
    RENDERED = "rendered"
    """Drawn at this size on whole pixels, as screens draw letters and lines."""
    JPEG = "jpeg"
    """Went through JPEG, whatever file it lies in now."""
    PALETTE = "palette"
    """Brought to a table of colours by dithering."""
    UNKNOWN = "unknown"
    """Too small or too empty to tell."""


class Kernel(StrEnum):
    """How a picture was enlarged."""

    NEAREST = "nearest"
    """By repeating pixels."""
    SMOOTH = "smooth"
    """By interpolation: bilinear, bicubic, Lanczos and their kin."""


class Code(StrEnum):
    """Pictures whose pixels are cells that must stay square."""

    PIXEL_ART = "pixel_art"
    QR_CODE = "qr_code"
    BAR_CODE = "bar_code"


@dataclass(frozen=True, kw_only=True)
class Enlargement:
    """A picture that was enlarged before: there is nothing in it beyond `width_px`×`height_px`.

    Attributes:
        factor: by how much it was enlarged; 1.25 to 8.6.
        confidence: 0..1; below MIN_CONFIDENCE nothing is reported at all.
    """

    width_px: int
    height_px: int
    factor: float
    kernel: Kernel
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """Cells of one colour each, which only whole factors keep square.

    Attributes:
        cell_px: side of a cell in pixels; 1 where each pixel is one.
    """

    code: Code
    cell_px: int


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """All that a look says of one picture."""

    kind: Kind
    kind_confidence: float
    """0..1."""
    enlarged: Enlargement | None = None
    blocks: Blocks | None = None
