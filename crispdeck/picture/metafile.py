"""Find the one bitmap that is all a metafile or an SVG holds; nothing is drawn.

Pasted screenshots often end up so in old decks: drawings by name, pixels in truth.
"""

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterator

from crispdeck.errors import PictureRefusedError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.inspect import inspect

MAX_BYTES = 64 * 2**20
"""Of a file behind gzip; more is not looked through."""

_EMF_BITMAPS = {76: 84, 77: 84, 78: 84, 79: 96, 80: 48, 81: 48, 114: 84, 116: 84}
"""Record type → where offBmiSrc lies (MS-EMF 2.3.1): BitBlt, StretchBlt, MaskBlt, PlgBlt,
SetDIBitsToDevice, StretchDIBits, AlphaBlend, TransparentBlt."""
_EMF_DRAWS = {
    *range(2, 9),
    *(15, 41, 42, 43, 44, 45, 46, 47, 53, 54, 55, 56, 62, 63, 64, 71, 72, 73, 74, 83, 84),
    *range(85, 93),
    *(96, 97, 108, 118),
}
_WMF_BITMAPS = {0x0F43: 22, 0x0B41: 20, 0x0940: 16, 0x0D33: 18}
"""Record function → where the DIB lies behind the record's head (MS-WMF 2.3.1)."""
_WMF_DRAWS = {
    *(0x0213, 0x0228, 0x012B, 0x012A, 0x0429, 0x0324, 0x0325, 0x041B, 0x0418, 0x0538, 0x0521),
    *(0x0A32, 0x061C, 0x081A, 0x0817, 0x0830, 0x0548, 0x0419, 0x041F, 0x061D),
}
_SVG_DRAWS = re.compile(
    rb"<(?:\w+:)?(path|rect|circle|ellipse|line|polyline|polygon|text|use|mesh|foreignObject)\b"
)
_SVG_IMAGE = re.compile(rb"<(?:\w+:)?image\b[^>]*?href\s*=\s*[\"']data:[^;,]*;base64,([^\"']*)")


def only_bitmap(blob: bytes, found: PictureFormat) -> tuple[int, int] | None:
    """Return width and height in pixels of the one bitmap in a file; None where it draws more."""
    if blob[:2] == b"\x1f\x8b":
        try:
            blob = zlib.decompressobj(31).decompress(blob, MAX_BYTES)
        except zlib.error:
            return None
    readers = {
        PictureFormat.EMF: _in_emf,
        PictureFormat.WMF: _in_wmf,
        PictureFormat.SVG: _in_svg,
    }
    reader = readers.get(found)
    try:
        sizes = list(reader(blob)) if reader else []
    except (struct.error, PictureRefusedError, binascii.Error):
        return None
    return sizes[0] if len(sizes) == 1 and sizes[0] is not None else None


_Sizes = Iterator[tuple[int, int] | None]
"""One for everything that is drawn: a bitmap's size, or None for all else."""


def _in_emf(blob: bytes) -> _Sizes:
    at = 0
    while at + 8 <= len(blob):
        kind, size = struct.unpack_from("<II", blob, at)
        if size < 8:
            return
        if kind in _EMF_DRAWS:
            yield None
        elif kind in _EMF_BITMAPS and size > _EMF_BITMAPS[kind] + 8:
            header, length = struct.unpack_from("<II", blob, at + _EMF_BITMAPS[kind])
            yield _dib_size(blob, at + header) if length else None
        at += size


def _in_wmf(blob: bytes) -> _Sizes:
    at = 22 + 18 if blob[:4] == b"\xd7\xcd\xc6\x9a" else 18
    while at + 6 <= len(blob):
        words, kind = struct.unpack_from("<IH", blob, at)
        if words < 3 or not kind:
            return
        if kind in _WMF_DRAWS:
            yield None
        elif kind in _WMF_BITMAPS and words * 2 > 6 + _WMF_BITMAPS[kind] + 40:
            yield _dib_size(blob, at + 6 + _WMF_BITMAPS[kind])
        at += words * 2


def _dib_size(blob: bytes, at: int) -> tuple[int, int] | None:
    size, width, height = struct.unpack_from("<Iii", blob, at)
    if size == 12:
        width, height = struct.unpack_from("<HH", blob, at + 4)
    return (width, abs(height)) if width > 0 and height else None


def _in_svg(blob: bytes) -> _Sizes:
    for _ in _SVG_DRAWS.finditer(blob):
        yield None
    for match in _SVG_IMAGE.finditer(blob):
        info = inspect(base64.b64decode(match[1], validate=False))
        yield info.width_px, info.height_px
