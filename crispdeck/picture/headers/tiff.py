"""Read a TIFF's first directory (TIFF 6.0); nothing is decoded."""

import struct
import tempfile
from contextlib import ExitStack
from typing import BinaryIO, cast

from crispdeck.errors import UnreadablePictureError, UnsupportedPictureError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.headers.exif import ORIENTATION, Directory, byte_order, read_directory
from crispdeck.picture.info import PictureInfo

_WIDTH, _HEIGHT, _BITS, _PHOTOMETRIC, _SAMPLES, _EXTRA, _ICC = 256, 257, 258, 262, 277, 338, 34675
_MODES = {0: "L", 1: "L", 2: "RGB", 3: "P", 5: "CMYK", 6: "RGB"}
_COLOURS = {"L": 1, "RGB": 3, "P": 1, "CMYK": 4}

MAX_TIFF_BYTES = 512 * 2**20
_IN_MEMORY_BYTES = 4 * 2**20
_CHUNK_BYTES = 64 * 1024


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
        return _info(read_directory(stream, order, struct.unpack(order + "I", head[4:])[0]))


def with_upright_pixels(blob: bytes) -> bytes:
    """Return the TIFF with its orientation set to 1, so that no decoder turns the pixels."""
    order = byte_order(blob)
    (start,) = struct.unpack(order + "I", blob[4:8])
    (count,) = struct.unpack(order + "H", blob[start : start + 2])
    for at in range(start + 2, start + 2 + count * 12, 12):
        if struct.unpack(order + "H", blob[at : at + 2]) == (ORIENTATION,):
            return blob[: at + 8] + struct.pack(order + "HH", 1, 0) + blob[at + 12 :]
    return blob


def _spool(stream: BinaryIO, spool: BinaryIO) -> BinaryIO:
    total = 0
    while data := stream.read(_CHUNK_BYTES):
        total += len(data)
        if total > MAX_TIFF_BYTES:
            raise UnreadablePictureError("The TIFF does not end.")
        spool.write(data)
    return spool


def _info(directory: Directory) -> PictureInfo:
    width, height = directory.number(_WIDTH), directory.number(_HEIGHT)
    if width <= 0 or height <= 0:
        raise UnreadablePictureError("The TIFF has no size.")
    mode = _MODES.get(directory.number(_PHOTOMETRIC, 1))
    bits = directory.number(_BITS, 1)
    if mode is None or bits not in {1, 2, 4, 8, 16}:
        raise UnsupportedPictureError("A TIFF of an unusual kind.")
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
        frames=2 if directory.next_offset else 1,
        dpi=directory.dpi,
        has_icc=_ICC in directory.present,
        exif_orientation=directory.orientation,
    )
