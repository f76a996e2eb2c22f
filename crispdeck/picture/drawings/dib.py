"""Device-independent bitmaps as metafiles hold them (MS-WMF 2.2.2.9): to files and back."""

import io
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crispdeck.picture.drawings.model import NewBitmap
from crispdeck.picture.palette import to_palette
from crispdeck.picture.pixels import Pixels

_CORE_BYTES, _INFO_BYTES, _V5_BYTES = 12, 40, 124  # wingdi.h: the three headers, by size
_RGB, _BITFIELDS, _JPEG, _PNG = 0, 3, 4, 5  # wingdi.h, biCompression
_FILE_HEADER_BYTES = 14  # BITMAPFILEHEADER (wingdi.h)
_PROFILES = (b"LINK"[::-1], b"MBED"[::-1])
"""A colour profile behind the pixels (wingdi.h, PROFILE_LINKED and PROFILE_EMBEDDED)."""


@dataclass(frozen=True)
class Dib:
    """A bitmap: its header with masks and colours, and its rows."""

    head: bytes
    rows: bytes

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height; a negative height counts rows from the top.

        Raises:
            struct.error: the header is cut off.
        """
        if self._header_bytes == _CORE_BYTES:
            width, height = struct.unpack_from("<HH", self.head, 4)
            return width, height
        width, height = struct.unpack_from("<ii", self.head, 4)
        return width, height

    @property
    def bits(self) -> int:
        """Bits for each pixel."""
        at = 10 if self._header_bytes == _CORE_BYTES else 14
        return int(struct.unpack_from("<H", self.head, at)[0])

    @property
    def _header_bytes(self) -> int:
        return int(struct.unpack_from("<I", self.head)[0])

    @property
    def _compression(self) -> int:
        is_core = self._header_bytes == _CORE_BYTES
        return 0 if is_core else int(struct.unpack_from("<I", self.head, 16)[0])

    @property
    def is_plain(self) -> bool:
        """True where pixels and colour table say all; no file inside, no colour profile."""
        has_profile = self._header_bytes >= _V5_BYTES and self.head[56:60] in _PROFILES
        return self._compression not in {_JPEG, _PNG} and not has_profile

    def as_file(self) -> bytes:
        """Return it as a BMP; a JPEG or PNG inside as that."""
        if self._compression in {_JPEG, _PNG}:
            return self.rows
        start = _FILE_HEADER_BYTES + len(self.head)
        return (
            struct.pack("<2sIII", b"BM", start + len(self.rows), 0, start) + self.head + self.rows
        )

    def blended_as_file(self) -> bytes | None:
        """Return it as a PNG if its 32 bits hold premultiplied alpha; None where it has others."""
        width, height = self.size_px
        if self.bits != 32 or self._compression not in {_RGB, _BITFIELDS}:
            return None
        if width <= 0 or len(self.rows) < width * abs(height) * 4:
            return None
        samples = np.frombuffer(self.rows[: width * abs(height) * 4], np.uint8)
        rows = samples.reshape(abs(height), width, 4)[:: 1 if height < 0 else -1]
        alpha = rows[..., 3]
        share = np.maximum(alpha, 1)[..., None] / 255
        colour = np.minimum(np.rint(rows[..., 2::-1] / share), 255).astype(np.uint8)
        out = io.BytesIO()
        Image.fromarray(np.dstack((colour, alpha))).save(out, "PNG", compress_level=1)
        return out.getvalue()

    def with_pixels(self, new: NewBitmap, *, blended: bool = False) -> "Dib":
        """Return a bitmap of other pixels, with rows in the same order.

        A colour table of 256 is used where nobody can tell.

        Args:
            new: what takes its place.
            blended: with premultiplied alpha, 32 bits; else alpha does not count.
        """
        from_top = self.size_px[1] < 0
        table = b""
        if blended:
            rows, bits = _premultiplied(new.pixels), 32
        else:
            indexed = _indexed(new) if self.bits <= 8 else None
            if indexed is None:
                rows, bits = _rgb(new.pixels)[..., ::-1], 24
            else:
                rows, bits = indexed[0][..., None], 8
                table = indexed[1]
        packed = _rows(rows if from_top else rows[::-1])
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
        return Dib(head + table, packed)

    def _density(self, width_px: int) -> tuple[int, int]:
        """Let pixels per metre grow with the pixels, so that the natural size stays."""
        if self._header_bytes == _CORE_BYTES:
            return 0, 0
        across, down = struct.unpack_from("<ii", self.head, 24)
        grown = width_px / max(1, self.size_px[0])
        limit = 2**31 - 1
        return min(limit, round(across * grown)), min(limit, round(down * grown))


def split_dib(blob: bytes) -> Dib:
    """Split a DIB that lies in one piece, as in WMF, by what its header says.

    Raises:
        struct.error: the header is cut off.
    """
    (header,) = struct.unpack_from("<I", blob)
    if header == _CORE_BYTES:
        (bits,) = struct.unpack_from("<H", blob, 10)
        behind = 3 << bits if bits <= 8 else 0
    else:
        (bits,) = struct.unpack_from("<H", blob, 14)
        compression, used = struct.unpack_from("<I12xI", blob, 16)
        behind = 12 if compression == _BITFIELDS and header == _INFO_BYTES else 0
        behind += 4 * min(used or (1 << bits if bits <= 8 else 0), 1 << 16)
    return Dib(blob[: header + behind], blob[header + behind :])


def _rgb(pixels: Pixels) -> NDArray[np.uint8]:
    colour = pixels.colour if pixels.max_value == 255 else pixels.colour >> 8
    rgb = colour if colour.shape[2] == 3 else np.repeat(colour[..., :1], 3, axis=2)
    return np.asarray(rgb, np.uint8)


def _premultiplied(pixels: Pixels) -> NDArray[np.uint8]:
    alpha = np.full(pixels.colour.shape[:2], 255) if pixels.alpha is None else pixels.alpha
    colour = np.rint(_rgb(pixels)[..., ::-1] * (alpha[..., None] / 255))
    return np.dstack((colour, alpha)).astype(np.uint8)


def _indexed(new: NewBitmap) -> tuple[NDArray[np.uint8], bytes] | None:
    """Return indices and a table of blue, green, red and 0; None where it would be seen."""
    found = to_palette(Pixels(_rgb(new.pixels)), Pixels(_rgb(new.small)))
    if found is None:
        return None
    table = np.zeros_like(found.table)
    table[:, :3] = found.table[:, 2::-1]
    return found.indices, table.tobytes()


def _rows(samples: NDArray[np.uint8]) -> bytes:
    """Pad each row to whole groups of four bytes."""
    height, width, count = samples.shape
    padded = np.zeros((height, (width * count + 3) // 4 * 4), np.uint8)
    padded[:, : width * count] = samples.reshape(height, width * count)
    return padded.tobytes()
