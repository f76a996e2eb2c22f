"""A sharper picture as a file, whoever made it."""

from dataclasses import dataclass
from typing import Any

from crispdeck.picture.formats import PictureFormat


@dataclass(frozen=True)
class Sharpened:
    """A sharper picture and how it was made."""

    blob: bytes
    format: PictureFormat
    width_px: int
    height_px: int
    report: dict[str, Any]
    """What was measured; crispdeck.picture.upscale_report names the keys."""
