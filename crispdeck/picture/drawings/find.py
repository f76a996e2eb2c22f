"""Find the one bitmap of a drawing, whatever its format."""

import binascii
import gzip
import struct
import zlib

from crispdeck.picture.drawings.emf import bitmap_in_emf
from crispdeck.picture.drawings.model import DrawnBitmap
from crispdeck.picture.drawings.svg import bitmap_in_svg
from crispdeck.picture.drawings.wmf import bitmap_in_wmf
from crispdeck.picture.formats import PictureFormat

MAX_DRAWING_BYTES = 64 * 2**20
"""Of a drawing, unpacked; larger ones are not looked through."""

_FINDERS = {
    PictureFormat.EMF: bitmap_in_emf,
    PictureFormat.WMF: bitmap_in_wmf,
    PictureFormat.SVG: bitmap_in_svg,
}


def find_bitmap(blob: bytes, found: PictureFormat) -> DrawnBitmap | None:
    """Return the one bitmap that is all a drawing shows; None where it shows more, or is damaged.

    Args:
        blob: an EMF, WMF or SVG, packed by gzip or not.
        found: which of them it is.
    """
    is_packed = blob[:2] == b"\x1f\x8b"
    finder = _FINDERS.get(found)
    try:
        plain = _unpacked(blob) if is_packed else blob
        drawn = finder(plain) if finder and len(plain) <= MAX_DRAWING_BYTES else None
    except (struct.error, binascii.Error, zlib.error):
        return None
    put = None if drawn is None else drawn.put
    if drawn is None or put is None or not is_packed:
        return drawn
    return DrawnBitmap(drawn.picture, lambda new: gzip.compress(put(new), mtime=0))


def _unpacked(blob: bytes) -> bytes:
    return zlib.decompressobj(31).decompress(blob, MAX_DRAWING_BYTES + 1)
