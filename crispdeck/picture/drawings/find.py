"""Find the one bitmap of a drawing, whatever its format."""

import binascii
import gzip
import struct
import zlib
from dataclasses import replace
from functools import partial

from crispdeck.errors import UnreadablePictureError
from crispdeck.picture.drawings.emf import bitmap_in_emf
from crispdeck.picture.drawings.model import DrawnBitmap, NewBitmap, Put
from crispdeck.picture.drawings.svg import bitmap_in_svg
from crispdeck.picture.drawings.wmf import bitmap_in_wmf
from crispdeck.picture.formats import SNIFF_BYTES, PictureFormat, sniff

MAX_DRAWING_BYTES = 64 * 2**20
"""Of a drawing, unpacked; larger ones are not looked through."""

_FINDERS = {
    PictureFormat.EMF: bitmap_in_emf,
    PictureFormat.WMF: bitmap_in_wmf,
    PictureFormat.SVG: bitmap_in_svg,
}


def find_bitmap(
    blob: bytes, found: PictureFormat, *, max_bytes: int = MAX_DRAWING_BYTES
) -> DrawnBitmap | None:
    """Return the one bitmap that is all a drawing shows.

    None where it shows more, is damaged, or holds another drawing.

    Args:
        blob: an EMF, WMF or SVG, packed by gzip or not.
        found: which of them it is.
        max_bytes: of the drawing, unpacked; a larger one is not looked through.
    """
    is_packed = blob[:2] == b"\x1f\x8b"
    finder = _FINDERS.get(found)
    try:
        plain = _unpacked(blob, max_bytes) if is_packed else blob
        drawn = finder(plain) if finder and len(plain) <= max_bytes else None
    except (struct.error, binascii.Error, zlib.error, UnreadablePictureError):
        return None
    if drawn is None or not _is_raster(drawn):
        return None
    return replace(drawn, put=drawn.put and partial(_put, drawn.put, is_packed))


def _is_raster(drawn: DrawnBitmap) -> bool:
    return not isinstance(drawn.picture, bytes) or sniff(drawn.picture[:SNIFF_BYTES]).is_raster


def _put(put: Put, is_packed: bool, new: NewBitmap) -> bytes:
    """Write the drawing, packed as it was.

    Raises:
        UnreadablePictureError: its numbers have no room for the new bitmap's.
    """
    try:
        written = put(new)
    except struct.error as error:
        raise UnreadablePictureError("The drawing has no room for a larger bitmap.") from error
    return gzip.compress(written, mtime=0) if is_packed else written


def _unpacked(blob: bytes, max_bytes: int) -> bytes:
    return zlib.decompressobj(31).decompress(blob, max_bytes + 1)
