"""Cut and shrink pictures for looking at, as they are seen on the slide."""

import io
import math

import numpy as np
from PIL import Image

from crispdeck.deck.model import Crop, Placement
from crispdeck.picture.thumbnail import screen_image
from crispdeck.report.model import Pair, ShownPicture

MAX_PX = 640_000
"""Most pixels of a picture in a report: sharp across half a page on most screens."""
MIN_PX = 60_000  # least pixels of a picture, 300 × 200: smaller ones show no difference; a guess
ALL_PX = 16_000_000
"""Pixels of all pictures of a report; the more there are, the smaller they are shown."""
MAX_PNG_BYTES = 150_000
"""A larger PNG is shown as a JPEG on white; reports stay small enough to mail."""

_MAX_DECODED_PX = 64_000_000
"""Pixels of a result; as many as the default of `Settings.max_output_px`."""
_DETAIL_IN = 1.85
"""Shown across half a page of the report, that much of a slide is three times as large."""
_DETAIL_RATIO = 16 / 9  # width by height of the detail: as the slide's
_MIN_DETAIL_PX = 16  # a smaller side is all blocks once it is shown three times as large; a guess


def px_for_each(pictures: int) -> int:
    """Return the most pixels of one view when a report shows so many pictures."""
    return max(MIN_PX, min(MAX_PX, ALL_PX // max(1, pictures * 4)))


def compare(
    before: bytes, after: bytes, placement: Placement, max_px: int = MAX_PX
) -> tuple[Pair, Pair | None]:
    """Return the whole picture and its busiest part, before and after, cropped as on the slide.

    Args:
        placement: its shown size must be known.
        max_px: larger pictures are shrunk to it.

    Raises:
        PictureRefusedError: one of the two cannot be read.
    """
    old, new = _cropped(before, placement.crop), _cropped(after, placement.crop)
    width_in, height_in = placement.shown_width_in or 1.0, placement.shown_height_in or 1.0
    view = Pair(_shown(old, max_px), _shown(new, max_px), width_in / height_in)
    share_x = min(1.0, _DETAIL_IN / width_in)
    share_y = min(1.0, share_x * width_in / _DETAIL_RATIO / height_in)
    window = _busiest_window(old, share_x, share_y)
    if window is None:
        return view, None
    ratio = share_x * width_in / (share_y * height_in)
    before_, after_ = (_shown(_cut(image, window), max_px) for image in (old, new))
    return view, Pair(before_, after_, ratio)


def _cropped(blob: bytes, crop: Crop) -> Image.Image:
    """Apply srcRect; a negative side adds clear margin."""
    image = screen_image(blob, max_px=_MAX_DECODED_PX)
    if min(crop.left, crop.top, crop.right, crop.bottom) < 0:
        image = image.convert("RGBA")
    box = (crop.left, crop.top, 1 - crop.right, 1 - crop.bottom)
    return _cut(image, box)


def _cut(image: Image.Image, box: tuple[float, float, float, float]) -> Image.Image:
    """Cut a box given in fractions; at least one pixel stays."""
    left, top = round(box[0] * image.width), round(box[1] * image.height)
    right = max(left + 1, round(box[2] * image.width))
    bottom = max(top + 1, round(box[3] * image.height))
    if (left, top, right, bottom) == (0, 0, *image.size):
        return image
    return image.crop((left, top, right, bottom))


def _busiest_window(
    image: Image.Image, share_x: float, share_y: float
) -> tuple[float, float, float, float] | None:
    """Find the window with most edges in it, in fractions; None where it would be too small."""
    width = max(1, math.floor(image.width * share_x))
    height = max(1, math.floor(image.height * share_y))
    if min(width, height) < _MIN_DETAIL_PX:
        return None
    grey = np.asarray(image.convert("L"), np.float64)
    edges = np.zeros_like(grey)
    edges[:, 1:] += np.abs(np.diff(grey, axis=1))
    edges[1:] += np.abs(np.diff(grey, axis=0))
    sums = np.pad(edges.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    inside = sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width]
    inside += sums[:-height, :-width]
    top, left = (int(index) for index in np.unravel_index(inside.argmax(), inside.shape))
    return (
        left / image.width,
        top / image.height,
        (left + width) / image.width,
        (top + height) / image.height,
    )


def _shown(image: Image.Image, max_px: int) -> ShownPicture:
    if image.width * image.height > max_px:
        share = math.sqrt(max_px / (image.width * image.height))
        size = (max(1, int(image.width * share)), max(1, int(image.height * share)))
        image = image.resize(size, Image.Resampling.LANCZOS)
    blob, content_type = _saved(image, "PNG"), "image/png"
    if len(blob) > MAX_PNG_BYTES:
        blob, content_type = _saved(_on_white(image), "JPEG"), "image/jpeg"
    return ShownPicture(blob, content_type, image.width, image.height)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _saved(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    options = {"quality": 90, "subsampling": 0} if kind == "JPEG" else {}
    image.save(out, kind, **options)
    return out.getvalue()
