"""Take PNG files apart and put them together, chunk by chunk; writes the 16 bits Pillow cannot."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from crispdeck.errors import UnreadablePictureError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER_END = len(SIGNATURE) + 25
"""Where IHDR ends: chunks that must stand before the palette are put here."""

_PIXEL_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_COLOUR_CHUNKS = {b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"mDCV", b"cLLI"}
_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
_INCH_M = 0.0254
# As fast as zlib's level 1 and smaller than its 6 in Pillow's zlib-ng; see `encode`.
_COMPRESS_LEVEL = 6


def chunks(blob: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (kind, data) of every chunk up to IEND.

    Raises:
        UnreadablePictureError: the file ends inside a chunk, or a chunk that holds pixels is
            damaged. Damage in all others is passed over.
    """
    at = len(SIGNATURE)
    kind = b""
    while kind != b"IEND":
        if at + 12 > len(blob):
            raise UnreadablePictureError("The PNG ends too early.")
        length, kind = struct.unpack_from(">I4s", blob, at)
        if at + 12 + length > len(blob):
            raise UnreadablePictureError("The PNG ends too early.")
        data = blob[at + 8 : at + 8 + length]
        at += 12 + length
        if kind in _PIXEL_CHUNKS and zlib.crc32(kind + data).to_bytes(4) != blob[at - 4 : at]:
            raise UnreadablePictureError("The PNG is damaged.")
        yield kind, data


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a whole chunk: length, kind, data, checksum."""
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def bare_png(parts: list[tuple[bytes, bytes]]) -> bytes:
    """Return the PNG with nothing but its pixels: broken text cannot hurt the decoder then."""
    return SIGNATURE + b"".join(chunk(k, data) for k, data in parts if k in _PIXEL_CHUNKS)


def colour_chunks(parts: list[tuple[bytes, bytes]]) -> bytes:
    """Return the chunks that say how colours are meant, each once."""
    found = {kind: data for kind, data in parts if kind in _COLOUR_CHUNKS}
    return b"".join(chunk(kind, data) for kind, data in found.items())


def icc_of(parts: list[tuple[bytes, bytes]], max_bytes: int = 16 * 2**20) -> bytes | None:
    """Unpack the colour profile; None where there is none or it is damaged."""
    data = dict(parts).get(b"iCCP")
    if data is None or b"\0" not in data:
        return None
    try:
        return zlib.decompressobj().decompress(data[data.index(b"\0") + 2 :], max_bytes) or None
    except zlib.error:
        return None


def icc_chunk(icc: bytes) -> bytes:
    """Return an iCCP chunk that holds a profile."""
    return chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(icc))


def dpi_chunk(dpi: tuple[float, float]) -> bytes:
    """Return a pHYs chunk, in whole pixels per metre."""
    across, down = (min(2**31 - 1, max(1, round(value / _INCH_M))) for value in dpi)
    return chunk(b"pHYs", struct.pack(">IIB", across, down, 1))


def insert_after_header(png: bytes, extra: bytes) -> bytes:
    """Put whole chunks right behind IHDR."""
    return png[:HEADER_END] + extra + png[HEADER_END:]


def write_png16(samples: NDArray[np.uint16]) -> bytes:
    """Write a 16-bit PNG.

    Args:
        samples: (H, W, C) uint16; C is 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA).
    """
    height, width, count = samples.shape
    header = struct.pack(">IIBBBBB", width, height, 16, _COLOUR_TYPES[count], 0, 0, 0)
    rows = samples.astype(">u2").view(np.uint8).reshape(height, width * count * 2)
    data = zlib.compress(_filtered(rows, count * 2), _COMPRESS_LEVEL)
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def _filtered(rows: NDArray[np.uint8], pixel_bytes: int) -> bytes:
    """Give each row the filter with the smallest sum of differences (PNG, clause 12.7)."""
    left = np.zeros_like(rows)
    left[:, pixel_bytes:] = rows[:, :-pixel_bytes]
    above = np.zeros_like(rows)
    above[1:] = rows[:-1]
    corner = np.zeros_like(rows)
    corner[1:, pixel_bytes:] = rows[:-1, :-pixel_bytes]
    average = ((left.astype(np.uint16) + above) >> 1).astype(np.uint8)
    candidates = (
        rows,
        rows - left,
        rows - above,
        rows - average,
        rows - _paeth(left, above, corner),
    )
    costs = np.stack([np.abs(c.view(np.int8).astype(np.int16)).sum(axis=1) for c in candidates])
    best = costs.argmin(axis=0)
    out = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    out[:, 0] = best
    for kind, candidate in enumerate(candidates):
        out[best == kind, 1:] = candidate[best == kind]
    return out.tobytes()


def _paeth(
    left: NDArray[np.uint8], above: NDArray[np.uint8], corner: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Predict each byte by its nearest neighbour (PNG, clause 9.4)."""
    a, b, c = (part.astype(np.int16) for part in (left, above, corner))
    estimate = a + b - c
    to_a, to_b, to_c = (np.abs(estimate - part) for part in (a, b, c))
    nearest = np.where((to_a <= to_b) & (to_a <= to_c), a, np.where(to_b <= to_c, b, c))
    return nearest.astype(np.uint8)
