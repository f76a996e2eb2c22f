"""Read a BMP's two headers (MS-WMF 2.2.2, wingdi.h); nothing is decoded."""

import struct

from crispdeck.errors import UnreadablePictureError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.headers.png import INCH_M
from crispdeck.picture.headers.source import ForwardReader
from crispdeck.picture.info import PictureInfo

_BITFIELDS = {3, 6}


def inspect_bmp(reader: ForwardReader) -> PictureInfo:
    """Measure a BMP; rows stored from the top (negative height) are fine."""
    reader.read(14)
    (size,) = struct.unpack("<I", reader.peek(4).ljust(4, b"\0"))
    header = reader.read(size)
    if size == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", header, 4)
        return _info(width, height, bits, None, has_alpha=False)
    width, height, _, bits, compression = struct.unpack_from("<iiHHI", header, 4)
    across, down = struct.unpack_from("<ii", header, 24)
    alpha = bits == 32 and compression in _BITFIELDS and size >= 56 and any(header[52:56])
    dpi = (across * INCH_M, down * INCH_M) if across > 0 and down > 0 else None
    return _info(width, abs(height), bits, dpi, has_alpha=alpha)


def _info(
    width_px: int, height_px: int, bits: int, dpi: tuple[float, float] | None, *, has_alpha: bool
) -> PictureInfo:
    if width_px <= 0 or height_px <= 0 or bits not in {1, 2, 4, 8, 16, 24, 32}:
        raise UnreadablePictureError("The BMP's header makes no sense.")
    direct = "RGBA" if has_alpha else "RGB"
    return PictureInfo(
        format=PictureFormat.BMP,
        width_px=width_px,
        height_px=height_px,
        mode="P" if bits <= 8 else direct,
        bits={16: 5, 24: 8, 32: 8}.get(bits, bits),
        has_alpha=has_alpha,
        dpi=dpi,
    )
