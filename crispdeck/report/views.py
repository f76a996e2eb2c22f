"""Cut and shrink pictures for looking at, as they are seen on the slide."""

import io
import math

import numpy as np
from PIL import Image

from crispdeck.deck.model import Crop, Placement
from crispdeck.picture.codec import decode
from crispdeck.picture.thumbnail import to_image
from crispdeck.report.model import Pair, ShownPicture

MAX_PX = 1_000_000
"""Most pixels of a picture in a report: sharp across half a page on any screen."""
MAX_PNG_BYTES = 500_000
"""A larger PNG without transparency is shown as a JPEG; reports stay small enough to mail."""

_MAX_DECODED_PX = 64_000_000
_DETAIL_SHARE = 0.3
_MIN_DETAIL_PX = 24


def compare(before: bytes, after: bytes, placement: Placement) -> tuple[Pair, Pair | None]:
    """Return the whole picture and its busiest part, before and after, cropped as on the slide.

    Raises:
        PictureRefusedError: one of the two cannot be read.
    """
    old = _cropped(before, placement.crop)
    new = _cropped(after, placement.crop)
    window = _busiest_window(old)
    detail = Pair(_shown(_cut(old, window)), _shown(_cut(new, window))) if window else None
    return Pair(_shown(old), _shown(new)), detail


def _cropped(blob: bytes, crop: Crop) -> Image.Image:
    """Apply srcRect; a negative side adds clear margin."""
    image = to_image(decode(blob, max_px=_MAX_DECODED_PX).pixels)
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


def _busiest_window(image: Image.Image) -> tuple[float, float, float, float] | None:
    """Find the window, a third of the picture wide and high, that has most edges in it."""
    width, height = (math.ceil(side * _DETAIL_SHARE) for side in image.size)
    if min(width, height) < _MIN_DETAIL_PX:
        return None
    grey = np.asarray(image.convert("L"), np.float32)
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


def _shown(image: Image.Image) -> ShownPicture:
    if image.width * image.height > MAX_PX:
        share = math.sqrt(MAX_PX / (image.width * image.height))
        size = (max(1, int(image.width * share)), max(1, int(image.height * share)))
        image = image.resize(size, Image.Resampling.LANCZOS)
    blob, content_type = _saved(image, "PNG"), "image/png"
    if len(blob) > MAX_PNG_BYTES and image.mode == "RGB":
        blob, content_type = _saved(image, "JPEG"), "image/jpeg"
    return ShownPicture(blob, content_type, image.width, image.height)


def _saved(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    options = {"quality": 92, "subsampling": 0} if kind == "JPEG" else {}
    image.save(out, kind, **options)
    return out.getvalue()
