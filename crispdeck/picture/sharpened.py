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
    """How it was made and what was measured. JSON: `network` (or what stepped in), `chosen` (the
    network that was to work on it: by it a kept result is found), `scale`, `dtype`, `device`,
    `fallback` (None, or why plain interpolation stepped in), `crispness` as asked for, `faithful`,
    `looks` (what its pixels tell of their past), `seconds`."""
