"""Bitmaps in SVGs: `<image>` with its bytes in a data URI (SVG 2, 12.3)."""

import base64
import re
from functools import partial
from urllib.parse import unquote_to_bytes

from crispdeck.picture.drawings.model import DrawnBitmap, NewBitmap
from crispdeck.picture.formats import SNIFF_BYTES, sniff

_HIDDEN = ((re.compile(rb"<!--"), b"-->"), (re.compile(rb"<(?:\w+:)?clipPath\b"), b"clipPath>"))
"""Begin and end of what is never seen itself: comments, and outlines that something is cut by."""
_DRAWS = re.compile(
    rb"<(?:\w+:)?(path|rect|circle|ellipse|line|polyline|polygon|text|use|mesh|foreignObject"
    rb"|pattern|mask|filter|feImage|animate)\b"
)
# Each of these takes time in proportion to the file, however it is built.
_IMAGE = re.compile(rb"<(?:\w+:)?image\b[^<>]*+>")
_DATA = re.compile(
    rb"href\s*+=\s*+([\"'])data:(?P<type>[^;,\"']*+)(?:;[^;,\"']*+)*?;base64,(?P<data>[^\"']*+)\1"
)
_SIZED = (re.compile(rb"\swidth\s*="), re.compile(rb"\sheight\s*="))
_ENTITY = re.compile(rb"&#(?:x[0-9a-fA-F]+|[0-9]+);")


def bitmap_in_svg(blob: bytes) -> DrawnBitmap | None:
    """Return the one bitmap, None where there is more or less, or one outside the file.

    Raises:
        binascii.Error: its bytes are damaged.
    """
    seen = blob
    for begin, end in _HIDDEN:
        seen = _blanked(seen, begin, end)
    images = list(_IMAGE.finditer(seen))
    if len(images) != 1 or _DRAWS.search(seen):
        return None
    data = _DATA.search(blob, images[0].start(), images[0].end())
    if data is None:
        return None
    picture = base64.b64decode(_ENTITY.sub(b"", unquote_to_bytes(data["data"])))
    if not sniff(picture[:SNIFF_BYTES]).is_raster:
        return None
    # Without a size of its own the image is as large as its pixels.
    is_sized = all(side.search(images[0][0]) for side in _SIZED)
    spans = data.span("type"), data.span("data")
    return DrawnBitmap(picture, partial(_with_image, blob, spans) if is_sized else None)


def _blanked(blob: bytes, begin: re.Pattern[bytes], end: bytes) -> bytes:
    """Put blanks in the place of all that lies between begin and end."""
    out, at = bytearray(blob), 0
    while match := begin.search(blob, at):
        at = blob.find(end, match.end()) + len(end)
        if at < len(end):
            break
        out[match.start() : at] = b" " * (at - match.start())
    return bytes(out)


def _with_image(
    blob: bytes, spans: tuple[tuple[int, int], tuple[int, int]], new: NewBitmap
) -> bytes:
    kind, data = spans
    picture, content_type = new.file()
    encoded = base64.b64encode(picture)
    return (
        blob[: kind[0]]
        + content_type.encode()
        + blob[kind[1] : data[0]]
        + encoded
        + blob[data[1] :]
    )
