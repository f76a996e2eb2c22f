"""Read a WebP's first chunk (RFC 9649); nothing is decoded."""

import struct

from crispdeck.errors import UnreadablePictureError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.headers.source import ForwardReader
from crispdeck.picture.info import PictureInfo

_ANIMATION, _ALPHA, _ICC = 0x02, 0x10, 0x20  # RFC 9649, 2.7: flags of the VP8X chunk


def inspect_webp(reader: ForwardReader) -> PictureInfo:
    """Measure a WebP: lossy, lossless or extended."""
    reader.read(12)
    kind, _ = struct.unpack("<4sI", reader.read(8))
    read = {b"VP8X": _extended, b"VP8L": _lossless, b"VP8 ": _lossy}.get(kind)
    if read is None:
        raise UnreadablePictureError("The WebP starts with an unknown chunk.")
    return read(reader.read(10))


def _extended(data: bytes) -> PictureInfo:
    flags = data[0]
    width = int.from_bytes(data[4:7], "little") + 1
    height = int.from_bytes(data[7:10], "little") + 1
    return _info(width, height, flags)


def _lossless(data: bytes) -> PictureInfo:
    if data[0] != 0x2F:
        raise UnreadablePictureError("The WebP's header is damaged.")
    (packed,) = struct.unpack_from("<I", data, 1)
    width, height = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    return _info(width, height, _ALPHA if packed >> 28 & 1 else 0)


def _lossy(data: bytes) -> PictureInfo:
    if data[3:6] != b"\x9d\x01\x2a":
        raise UnreadablePictureError("The WebP's header is damaged.")
    width, height = struct.unpack_from("<HH", data, 6)
    return _info(width & 0x3FFF, height & 0x3FFF, 0)


def _info(width_px: int, height_px: int, flags: int) -> PictureInfo:
    if not width_px or not height_px:
        raise UnreadablePictureError("The WebP has no size.")
    return PictureInfo(
        format=PictureFormat.WEBP,
        width_px=width_px,
        height_px=height_px,
        mode="RGBA" if flags & _ALPHA else "RGB",
        has_alpha=bool(flags & _ALPHA),
        frames=2 if flags & _ANIMATION else 1,
        has_icc=bool(flags & _ICC),
    )
