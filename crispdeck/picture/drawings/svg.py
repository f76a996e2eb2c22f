"""Bitmaps in SVGs: `<image>` with its bytes in a data URI (SVG 2, 12.3)."""

import base64
import binascii
import re
from functools import partial
from itertools import islice

from crispdeck.picture.drawings.model import DrawnBitmap, NewBitmap

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
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)\b")
"""A DOCTYPE may define what `&name;` draws and what attributes say, here or at another address."""
_ESCAPED = {
    **{f"%{ord(one):02X}".encode(): one.encode() for one in "+/="},
    **{f"%{ord(one):02x}".encode(): one.encode() for one in "+/="},
    **dict.fromkeys((b"%0A", b"%0a", b"%0D", b"%0d", b"%09", b"%20"), b""),
    **{b"&#%d;" % blank: b"" for blank in b"\n\r\t "},
    **dict.fromkeys((b"&#xA;", b"&#xa;", b"&#xD;", b"&#xd;", b"&#x9;", b"&#x20;"), b""),
}
"""How base64 (RFC 4648, 4) and blanks in it are written in addresses and attributes, and what they
stand for. Anything else that is escaped is no base64."""


def bitmap_in_svg(blob: bytes) -> DrawnBitmap | None:
    """Return the one bitmap, None where there is more or less, or one outside the file.

    None as well where a DOCTYPE may say more than can be seen.

    Raises:
        binascii.Error: its bytes are damaged.
    """
    if _DTD.search(blob):
        return None
    seen = blob
    for begin, end in _HIDDEN:
        seen = _blanked(seen, begin, end)
    images = list(islice(_IMAGE.finditer(seen), 2))
    if len(images) != 1 or _DRAWS.search(seen):
        return None
    data = _DATA.search(blob, images[0].start(), images[0].end())
    if data is None:
        return None
    picture = base64.b64decode(_unescaped(data["data"]))
    # Without a size of its own the image is as large as its pixels.
    is_sized = all(side.search(images[0][0]) for side in _SIZED)
    spans = data.span("type"), data.span("data")
    return DrawnBitmap(picture, partial(_with_image, blob, spans) if is_sized else None)


def _unescaped(data: bytes) -> bytes:
    """Undo what stands for base64; in the memory of a copy, however many escapes there are."""
    for escaped, plain in _ESCAPED.items():
        data = data.replace(escaped, plain)
    if b"%" in data or b"&" in data:
        raise binascii.Error("no base64")
    return data


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
