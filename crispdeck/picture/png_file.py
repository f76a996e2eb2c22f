"""Take PNG files apart and put them together, chunk by chunk; writes the 16 bits Pillow cannot."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from crispdeck.errors import UnreadablePictureError
from crispdeck.picture.source_notes import SourceNote

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER_END = len(SIGNATURE) + 25
"""Where IHDR ends: chunks that must stand before the palette are put here."""

_PIXEL_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_COLOUR_CHUNKS = {b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"mDCV", b"cLLI"}
_NOTES = {b"eXIf", b"tEXt", b"zTXt", b"iTXt"}
_MAX_NOTE_BYTES = 2**20
"""Of all text together, unpacked: what Pillow opens of one chunk."""
_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # channels to colour type: W3C PNG, third edition, 6.1
_ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""Where each pass of an interlaced PNG begins and its steps, across and down."""
_INCH_M = 0.0254  # metres; pHYs counts pixels per metre
# As fast as zlib's level 1 and smaller than its 6 in Pillow's zlib-ng; see `encode`.
_COMPRESS_LEVEL = 6


def chunks(blob: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (kind, data) of every chunk up to IEND, or up to the end of the file.

    Whether all pixels are there is for `damage` to say: a missing end and wrong checksums take
    nothing away, and every viewer passes over them.

    Raises:
        UnreadablePictureError: the header's checksum is wrong.
    """
    at = len(SIGNATURE)
    kind = b""
    while kind != b"IEND" and at + 8 <= len(blob):
        length, kind = struct.unpack_from(">I4s", blob, at)
        data = blob[at + 8 : at + 8 + length]
        at += 12 + length
        # A wrong size would make everything after it wrong; other checksums are for `damage`.
        if kind == b"IHDR" and zlib.crc32(kind + data).to_bytes(4) != blob[at - 4 : at]:
            raise UnreadablePictureError("The PNG's header is damaged.")
        yield kind, data


def damage(blob: bytes) -> tuple[SourceNote, ...]:
    """Say what is wrong with a PNG beside its pixels, none where nothing is."""
    found: list[SourceNote] = []
    at, kind = len(SIGNATURE), b""
    while kind != b"IEND" and at + 8 <= len(blob):
        length, kind = struct.unpack_from(">I4s", blob, at)
        data, end = blob[at + 8 : at + 8 + length], at + 12 + length
        if kind in _PIXEL_CHUNKS and zlib.crc32(kind + data).to_bytes(4) != blob[end - 4 : end]:
            found.append(SourceNote.WRONG_CHECKSUM)
        at = end
    if kind != b"IEND" or at > len(blob):
        found.append(SourceNote.NO_END)
    return tuple(dict.fromkeys(found))


def sound_notes(blob: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield EXIF and text chunks, but for damaged ones and those that fill the memory."""
    at, kind, left = len(SIGNATURE), b"", _MAX_NOTE_BYTES
    while kind != b"IEND" and at + 12 <= len(blob):
        length, kind = struct.unpack_from(">I4s", blob, at)
        data, end = blob[at + 8 : at + 8 + length], at + 12 + length
        if kind in _NOTES and zlib.crc32(kind + data).to_bytes(4) == blob[end - 4 : end]:
            left -= _text_bytes(kind, data)
            if left >= 0:
                yield kind, data
        at = end


def _text_bytes(kind: bytes, data: bytes) -> int:
    """Return how much a chunk holds unpacked; more than any limit where it cannot be unpacked."""
    keyword, _, rest = data.partition(b"\0")
    is_packed = kind == b"zTXt" or (kind == b"iTXt" and rest[:1] == b"\1")
    if not is_packed:
        return len(data)
    packed = rest[1:] if kind == b"zTXt" else rest[2:].split(b"\0", 2)[-1]
    try:
        unpacked = zlib.decompressobj().decompress(packed, _MAX_NOTE_BYTES)
    except zlib.error:
        return _MAX_NOTE_BYTES + 1
    return len(keyword) + len(unpacked)


def whole_pixels(parts: list[tuple[bytes, bytes]], pixel_bytes: int) -> list[tuple[bytes, bytes]]:
    """Return the chunks with pixel data that a strict decoder takes.

    Args:
        parts: of a PNG whose checksums or end are damaged.
        pixel_bytes: of all rows with their filter bytes, unpacked.

    Raises:
        UnreadablePictureError: some of the pixels are missing.
    """
    packed = b"".join(data for kind, data in parts if kind == b"IDAT")
    # Without zlib's header there is no checksum at the end that could be wrong.
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        # Never more than the picture has: the stream may inflate to gigabytes.
        rows = inflate.decompress(packed[2:], pixel_bytes)
    except zlib.error as error:
        raise UnreadablePictureError("The PNG's pixels are damaged.") from error
    if len(rows) < pixel_bytes:
        raise UnreadablePictureError("The PNG ends before its last pixel.")
    kept = [(kind, data) for kind, data in parts if kind not in {b"IDAT", b"IEND"}]
    return [*kept, (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")]


def rows_bytes(width_px: int, height_px: int, pixel_bits: int, *, interlaced: bool) -> int:
    """Return the bytes of all rows, each with its filter byte (PNG, clauses 7.2 and 8.2)."""
    passes = _ADAM7 if interlaced else ((0, 0, 1, 1),)
    total = 0
    for left, top, across, down in passes:
        columns = -(-(width_px - left) // across)
        rows = -(-(height_px - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * pixel_bits + 7) // 8)
    return total


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
