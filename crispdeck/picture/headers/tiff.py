"""Read a TIFF's first directory (TIFF 6.0); nothing is decoded."""

import io
import struct
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from typing import BinaryIO, cast

from crispdeck.errors import UnreadablePictureError, UnsupportedPictureError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.headers.exif import Directory, byte_order, read_directory
from crispdeck.picture.info import PictureInfo

PHOTOMETRIC = 262  # tag of TIFF 6.0, section 8: what a sample of 0 means
_WIDTH, _HEIGHT, _BITS, _SAMPLES, _EXTRA, _ICC = 256, 257, 258, 277, 338, 34675
"""Tags of TIFF 6.0; ICC.1, B.4."""
_SUBFILE_TYPE, _REDUCED, _MASK = 254, 1, 4  # NewSubfileType and two of its bits
_MAX_DIRECTORIES = 16  # looked through for a second page; a guess, since they may form a ring
_MODES = {0: "L", 1: "L", 2: "RGB", 3: "P", 5: "CMYK", 6: "RGB"}
_COLOURS = {"L": 1, "RGB": 3, "P": 1, "CMYK": 4}  # samples of a pixel, clear ones not counted

MAX_TIFF_BYTES = 512 * 2**20
"""Bytes; as much as the largest part of a deck (`DeckLimits.part_bytes`)."""
_IN_MEMORY_BYTES = 4 * 2**20  # bytes; a larger one is spooled to disk. A guess
_CHUNK_BYTES = 64 * 1024  # spooled at a time; a guess


def inspect_tiff(stream: BinaryIO) -> PictureInfo:
    """Measure a TIFF; a stream that cannot seek is spooled to a temporary file.

    The directory may stand behind the pixels, and mostly does.
    """
    with ExitStack() as stack:
        if not stream.seekable():
            spool = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES))
            stream = _spool(stream, cast("BinaryIO", spool))
        stream.seek(0)
        head = stream.read(8)
        if len(head) < 8:
            raise UnreadablePictureError("The TIFF ends too early.")
        order = byte_order(head)
        first = read_directory(stream, order, struct.unpack(order + "I", head[4:])[0])
        return _info(first, frames=1 + _has_second_picture(stream, order, first))


def _has_second_picture(stream: BinaryIO, order: str, first: Directory) -> bool:
    """Tell whether a directory behind the first is a page, and not a thumbnail or a mask."""
    offset, seen = first.next_offset, 0
    while offset and seen < _MAX_DIRECTORIES:
        try:
            directory = read_directory(stream, order, offset)
        except (UnreadablePictureError, struct.error):
            return False
        if not directory.number(_SUBFILE_TYPE) & (_REDUCED | _MASK):
            return True
        offset, seen = directory.next_offset, seen + 1
    return False


def with_tags(blob: bytes, values: Mapping[int, int]) -> bytes:
    """Return the TIFF with short numbers of its first directory set, as far as they are in it."""
    order = byte_order(blob)
    (start,) = struct.unpack(order + "I", blob[4:8])
    (count,) = struct.unpack(order + "H", blob[start : start + 2])
    changed = bytearray(blob)
    for at in range(start + 2, start + 2 + count * 12, 12):
        (tag,) = struct.unpack(order + "H", blob[at : at + 2])
        if tag in values:
            struct.pack_into(order + "HIHH", changed, at + 2, 3, 1, values[tag], 0)
    return bytes(changed)


def is_white_zero(blob: bytes) -> bool:
    """Tell whether 0 is white (TIFF 6.0, section 8, PhotometricInterpretation)."""
    order = byte_order(blob)
    (start,) = struct.unpack(order + "I", blob[4:8])
    return read_directory(io.BytesIO(blob), order, start).number(PHOTOMETRIC, 1) == 0


def _spool(stream: BinaryIO, spool: BinaryIO) -> BinaryIO:
    total = 0
    while data := stream.read(_CHUNK_BYTES):
        total += len(data)
        if total > MAX_TIFF_BYTES:
            raise UnreadablePictureError("The TIFF is larger than any that is taken.")
        spool.write(data)
    return spool


def _info(directory: Directory, *, frames: int) -> PictureInfo:
    width, height = directory.number(_WIDTH), directory.number(_HEIGHT)
    if width <= 0 or height <= 0:
        raise UnreadablePictureError("The TIFF has no size.")
    mode = _MODES.get(directory.number(PHOTOMETRIC, 1))
    bits = directory.number(_BITS, 1)
    if mode is None or bits not in {1, 2, 4, 8, 16}:
        raise UnsupportedPictureError("TIFFs of this rare kind are not sharpened.")
    has_alpha = directory.number(_SAMPLES, 1) > _COLOURS[mode] and directory.number(_EXTRA) in {
        1,
        2,
    }
    if mode == "L" and bits == 1:
        mode = "1"
    return PictureInfo(
        format=PictureFormat.TIFF,
        width_px=width,
        height_px=height,
        mode=mode + "A" if has_alpha and mode in {"L", "RGB"} else mode,
        bits=bits,
        has_alpha=has_alpha,
        frames=frames,
        dpi=directory.dpi,
        has_icc=_ICC in directory.present,
        exif_orientation=directory.orientation,
    )
