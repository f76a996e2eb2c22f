"""Read a BMP's two headers (MS-WMF 2.2.2, wingdi.h); nothing is decoded."""

import struct
from dataclasses import dataclass

from crispdeck.errors import UnreadablePictureError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.headers.png import INCH_M
from crispdeck.picture.headers.source import ForwardReader
from crispdeck.picture.info import PictureInfo

_RGB, _BITFIELDS, _ALPHABITFIELDS = 0, 3, 6  # wingdi.h, biCompression
_INDEXED = {1, 2, 4, 8}  # bits of a pixel that is an index into a table
_MAX_COLOURS = 1 << 16  # entries of a table that are passed over; no real one has more than 256
_PLAIN_MASKS = {
    16: (0x7C00, 0x03E0, 0x001F),
    32: (0xFF0000, 0xFF00, 0xFF),
}
"""Red, green and blue where the header names none."""


@dataclass(frozen=True)
class BmpHeader:
    """A BMP's second header.

    Attributes:
        size_bytes: of the second header; 12 and 16 are OS/2's.
        from_top: the first row stored is the uppermost.
        masks: which bits of a 16- or 32-bit pixel are red, green and blue; () for other depths.
        mask_bytes: of masks that stand behind the header.
        table_bytes: of the colour table behind them.
    """

    size_bytes: int
    width_px: int
    height_px: int
    from_top: bool
    bits: int
    compression: int
    dpi: tuple[float, float] | None
    masks: tuple[int, ...]
    mask_bytes: int
    table_bytes: int

    @property
    def has_plain_masks(self) -> bool:
        """True where 32 bits are blue, green, red and a fourth sample, 8 bits each."""
        return self.masks == _PLAIN_MASKS[32]


def read_bmp_header(reader: ForwardReader) -> BmpHeader:
    """Read from behind the file header."""
    (size,) = struct.unpack("<I", reader.peek(4).ljust(4, b"\0"))
    header = reader.read(size)
    if size == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", header, 4)
        table = 3 << bits if bits in _INDEXED else 0
        masks = _masks(bits, b"")
        return BmpHeader(size, width, height, False, bits, _RGB, None, masks, 0, table)
    width, height, _, bits = struct.unpack_from("<iiHH", header, 4)
    compression = across = down = used = 0
    if size >= 40:
        (compression,) = struct.unpack_from("<I", header, 16)
        across, down, used = struct.unpack_from("<iiI", header, 24)
    named, behind = b"", 0
    if compression in {_BITFIELDS, _ALPHABITFIELDS} and bits in _PLAIN_MASKS:
        behind = 0 if size >= 52 else (16 if compression == _ALPHABITFIELDS else 12)
        named = header[40:52] if size >= 52 else reader.read(12)
    dpi = (across * INCH_M, down * INCH_M) if across > 0 and down > 0 else None
    table = 4 * min(used or (1 << bits if bits in _INDEXED else 0), _MAX_COLOURS)
    masks = _masks(bits, named)
    return BmpHeader(
        size, width, abs(height), height < 0, bits, compression, dpi, masks, behind, table
    )


def _masks(bits: int, named: bytes) -> tuple[int, ...]:
    return struct.unpack("<3I", named) if named else _PLAIN_MASKS.get(bits, ())


def inspect_bmp(reader: ForwardReader) -> PictureInfo:
    """Measure a BMP; rows stored from the top (negative height) are fine.

    Alpha does not count: Windows, LibreOffice and PowerPoint show every BMP opaque, and many
    programs leave zeros there that would make the picture vanish.
    """
    reader.read(14)
    header = read_bmp_header(reader)
    bits = header.bits
    if header.width_px <= 0 or header.height_px <= 0 or bits not in {1, 2, 4, 8, 16, 24, 32}:
        raise UnreadablePictureError("The BMP's header is damaged.")
    return PictureInfo(
        format=PictureFormat.BMP,
        width_px=header.width_px,
        height_px=header.height_px,
        mode="P" if bits <= 8 else "RGB",
        bits={16: 5, 24: 8, 32: 8}.get(bits, bits),
        dpi=header.dpi,
    )
