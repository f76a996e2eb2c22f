"""Device-independent bitmaps as metafiles hold them (MS-WMF 2.2.2.9): to files and back."""

import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from crispdeck.errors import UnreadablePictureError
from crispdeck.picture.drawings.model import NewBitmap, RawBitmap
from crispdeck.picture.headers.bmp import BmpHeader, read_bmp_header
from crispdeck.picture.headers.png import INCH_M
from crispdeck.picture.headers.source import ForwardReader
from crispdeck.picture.palette import to_palette
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.premultiplied import premultiplied

_INFO_BYTES, _V5_BYTES = 40, 124  # wingdi.h: two of the headers, by size
_RGB, _BITFIELDS, _JPEG, _PNG = 0, 3, 4, 5  # wingdi.h, biCompression
_FILE_HEADER_BYTES = 14  # BITMAPFILEHEADER (wingdi.h)
_MAX_HEAD_BYTES = 1 << 19
"""Header, masks and the longest colour table that is passed over."""
_MAX_DENSITY = 2**31 - 1  # pixels per metre in a field of 32 bits with a sign
_PROFILES = (b"LINK"[::-1], b"MBED"[::-1])
"""A colour profile behind the pixels (wingdi.h, PROFILE_LINKED and PROFILE_EMBEDDED)."""


@dataclass(frozen=True, eq=False)
class Dib:
    """A bitmap: its header with masks and colours, and its rows."""

    head: bytes = field(repr=False)
    rows: memoryview = field(repr=False)
    header: BmpHeader

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return self.header.width_px, self.header.height_px

    @property
    def bits(self) -> int:
        """Bits for each pixel."""
        return self.header.bits

    @property
    def is_plain(self) -> bool:
        """True where pixels and colour table say all; no file inside, no colour profile."""
        has_profile = self.header.size_bytes >= _V5_BYTES and self.head[56:60] in _PROFILES
        return self.header.compression not in {_JPEG, _PNG} and not has_profile

    def as_file(self) -> bytes:
        """Return it as a BMP; a JPEG or PNG inside as that."""
        if self.header.compression in {_JPEG, _PNG}:
            return bytes(self.rows)
        start = _FILE_HEADER_BYTES + len(self.head)
        before = struct.pack("<2sIII", b"BM", start + len(self.rows), 0, start)
        return b"".join((before, self.head, self.rows))

    def blended(self) -> RawBitmap | None:
        """Return it if its 32 bits hold premultiplied alpha; None where it has others.

        Raises:
            UnreadablePictureError: it ends before its last row.
        """
        is_stored_plainly = self.header.compression in {_RGB, _BITFIELDS}
        if self.bits != 32 or not is_stored_plainly or not self.header.has_plain_masks:
            return None
        return RawBitmap(
            width_px=self.header.width_px,
            height_px=self.header.height_px,
            rows=self.rows,
            stride_bytes=self.header.width_px * 4,
            has_alpha=True,
            is_premultiplied=True,
            from_top=self.header.from_top,
        )

    def with_pixels(self, new: NewBitmap, *, blended: bool = False) -> tuple[bytes, memoryview]:
        """Return head and rows of a bitmap of other pixels, with rows in the same order.

        A colour table of 256 is used where nobody can tell.

        Args:
            new: what takes its place.
            blended: with premultiplied alpha, 32 bits; else alpha does not count.
        """
        table = b""
        if blended:
            samples, bits = premultiplied(_rgb(new.pixels))[..., [2, 1, 0, 3]], 32
        else:
            indexed = _indexed(new) if self.bits <= 8 else None
            if indexed is None:
                samples, bits = np.asarray(_rgb(new.pixels).colour[..., ::-1], np.uint8), 24
            else:
                samples, bits = indexed[0][..., None], 8
                table = indexed[1]
        from_top = self.header.from_top
        packed = _rows(samples if from_top else samples[::-1])
        width, height = new.pixels.width_px, new.pixels.height_px
        head = struct.pack(
            "<IiiHHIIiiII",
            _INFO_BYTES,
            width,
            -height if from_top else height,
            1,
            bits,
            _RGB,
            len(packed),
            *self._density(width),
            len(table) // 4,
            0,
        )
        return head + table, packed

    def _density(self, width_px: int) -> tuple[int, int]:
        """Let pixels per metre grow with the pixels, so that the natural size stays."""
        if self.header.dpi is None:
            return 0, 0
        grown = width_px / self.header.width_px
        across, down = (round(dpi / INCH_M * grown) for dpi in self.header.dpi)
        return min(_MAX_DENSITY, across), min(_MAX_DENSITY, down)


def read_dib(head: bytes, rows: memoryview) -> Dib:
    """Read the header of a DIB whose rows lie apart, as in EMF.

    Raises:
        UnreadablePictureError: the header is cut off, or the bitmap has no size.
        struct.error: the header is of an unknown kind.
    """
    header = read_bmp_header(ForwardReader(head))
    if header.width_px <= 0 or header.height_px <= 0:
        raise UnreadablePictureError("The bitmap has no size.")
    return Dib(head, rows, header)


def split_dib(blob: memoryview) -> Dib:
    """Split a DIB that lies in one piece, as in WMF, by what its header says; as `read_dib`."""
    header = read_bmp_header(ForwardReader(bytes(blob[:_MAX_HEAD_BYTES])))
    behind = header.size_bytes + header.mask_bytes + header.table_bytes
    return read_dib(bytes(blob[:behind]), blob[behind:])


def _rgb(pixels: Pixels) -> Pixels:
    """Return 8-bit RGB, with alpha where there is some."""
    shift = 0 if pixels.max_value == 255 else 8
    colour = (pixels.colour >> shift).astype(np.uint8, copy=False)
    rgb = colour if colour.shape[2] == 3 else np.repeat(colour[..., :1], 3, axis=2)
    alpha = None if pixels.alpha is None else (pixels.alpha >> shift).astype(np.uint8, copy=False)
    return Pixels(rgb, alpha)


def _indexed(new: NewBitmap) -> tuple[NDArray[np.uint8], bytes] | None:
    """Return indices and a table of blue, green, red and 0; None where it would be seen."""
    found = to_palette(Pixels(_rgb(new.pixels).colour), Pixels(_rgb(new.small).colour))
    if found is None:
        return None
    table = np.zeros_like(found.table)
    table[:, :3] = found.table[:, 2::-1]
    return found.indices, table.tobytes()


def _rows(samples: NDArray[np.uint8]) -> memoryview:
    """Pad each row to whole groups of four bytes."""
    height, width, count = samples.shape
    padded = np.zeros((height, (width * count + 3) // 4 * 4), np.uint8)
    padded[:, : width * count] = samples.reshape(height, width * count)
    return padded.data.cast("B")
