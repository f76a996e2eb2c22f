"""Read a JPEG's marker segments (ITU-T T.81, annex B); stops at the first scan."""

import struct

from crispdeck.errors import UnreadablePictureError, UnsupportedPictureError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.headers.exif import CM_PER_INCH, read_exif
from crispdeck.picture.headers.source import ForwardReader
from crispdeck.picture.info import PictureInfo

_MODES = {1: "L", 3: "RGB", 4: "CMYK"}
_APP0, _APP1, _APP2 = 0xE0, 0xE1, 0xE2  # ITU-T T.81, table B.1: second byte of a marker
_SOS, _EOI = 0xDA, 0xD9  # the same: start of scan, end of image
# TEM, RST0 to RST7 and SOI stand alone.
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
# Baseline, extended and progressive, Huffman or arithmetic coded.
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}
# Lossless and hierarchical: no deck holds them and no office program shows them.
_RARE_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF}


def inspect_jpeg(reader: ForwardReader) -> PictureInfo:
    """Measure a JPEG of any usual kind."""
    reader.read(2)
    segments: dict[int, bytes] = {}
    while (marker := _next_marker(reader)) != _SOS:
        if marker == _EOI:
            raise UnreadablePictureError("The JPEG ends before its pixels.")
        if marker in _WITHOUT_LENGTH:
            continue
        (length,) = struct.unpack(">H", reader.read(2))
        data = reader.read(max(0, length - 2))
        if marker in _RARE_FRAMES:
            raise UnsupportedPictureError("Lossless and hierarchical JPEGs are not sharpened.")
        _keep(segments, marker, data)
    return _info(segments)


def _next_marker(reader: ForwardReader) -> int:
    """Pass fill bytes and, as decoders do, stray bytes between two segments."""
    while reader.read(1) != b"\xff":
        pass
    while (code := reader.read(1)[0]) == 0xFF:
        pass
    return code


def _keep(segments: dict[int, bytes], marker: int, data: bytes) -> None:
    """Keep what matters: the frame under 0xC0, JFIF, EXIF and the first ICC segment."""
    if marker in _FRAMES:
        segments[0xC0] = data
    wanted = {_APP0: b"JFIF\0", _APP1: b"Exif\0\0", _APP2: b"ICC_PROFILE\0"}.get(marker)
    if wanted and data.startswith(wanted):
        segments.setdefault(marker, data)


def _info(segments: dict[int, bytes]) -> PictureInfo:
    frame = segments.get(0xC0, b"")
    if len(frame) < 6:
        raise UnreadablePictureError("The JPEG has no header that says its size.")
    bits, height, width, components = struct.unpack(">BHHB", frame[:6])
    if not width or not height or components not in _MODES:
        raise UnreadablePictureError("The JPEG's header is damaged.")
    if bits != 8:
        raise UnsupportedPictureError("JPEGs of more than 8 bits are not sharpened.")
    exif = read_exif(segments.get(_APP1, b""))
    return PictureInfo(
        format=PictureFormat.JPEG,
        width_px=width,
        height_px=height,
        mode=_MODES[components],
        dpi=_jfif_dpi(segments.get(_APP0, b"")) or (exif.dpi if exif else None),
        has_icc=_APP2 in segments,
        exif_orientation=exif.orientation if exif else 1,
    )


def _jfif_dpi(data: bytes) -> tuple[float, float] | None:
    if len(data) < 12:
        return None
    unit, across, down = struct.unpack_from(">BHH", data, 7)
    factor = {1: 1.0, 2: CM_PER_INCH}.get(unit)
    return (across * factor, down * factor) if factor and across and down else None
