"""Read a PNG's header chunks (W3C PNG, third edition); stops at the first pixel data."""

import struct
from dataclasses import dataclass

from crispdeck.errors import UnreadablePictureError, UnsupportedPictureError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.headers.exif import orientation_of
from crispdeck.picture.headers.source import ForwardReader
from crispdeck.picture.info import PictureInfo

SIGNATURE_BYTES = 8  # W3C PNG, third edition, 5.2
INCH_M = 0.0254  # metres; pHYs counts pixels per metre

_MODES = {0: "L", 2: "RGB", 3: "P", 4: "LA", 6: "RGBA"}
_BITS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
_WANTED = {b"pHYs", b"tRNS", b"iCCP", b"acTL", b"eXIf"}
_MAX_CHUNK_BYTES = 64 * 1024
"""Read of one chunk; a guess: of a longer profile only its presence matters."""


@dataclass(frozen=True)
class PngHeader:
    """IHDR, without the three method bytes that must be known anyway."""

    width_px: int
    height_px: int
    bits: int
    colour_type: int
    interlaced: bool


def read_png_header(data: bytes) -> PngHeader:
    """Parse the 13 bytes of IHDR.

    Raises:
        UnreadablePictureError: sizes or depths that PNG does not know.
    """
    width, height, bits, colour, method, filtering, interlace = struct.unpack(">IIBBBBB", data)
    if not (0 < width < 2**31 and 0 < height < 2**31):
        raise UnreadablePictureError("The PNG has no size.")
    if bits not in _BITS.get(colour, set()) or method or filtering or interlace > 1:
        raise UnreadablePictureError("The PNG's header is damaged.")
    return PngHeader(width, height, bits, colour, bool(interlace))


def inspect_png(reader: ForwardReader) -> PictureInfo:
    """Measure a PNG; text chunks, broken ones too, are passed unread."""
    reader.read(SIGNATURE_BYTES)
    header: PngHeader | None = None
    chunks: dict[bytes, bytes] = {}
    while True:
        length, kind = struct.unpack(">I4s", reader.read(8))
        if kind == b"IHDR" and length == 13 and header is None:
            header = read_png_header(reader.read(13))
        elif header is None:
            raise _without_header(kind)
        elif kind == b"IDAT":
            return _info(header, chunks)
        elif kind in _WANTED:
            chunks[kind] = reader.read(min(length, _MAX_CHUNK_BYTES))
            reader.skip(length - len(chunks[kind]))
        else:
            reader.skip(length)
        reader.skip(4)


def _without_header(kind: bytes) -> UnreadablePictureError | UnsupportedPictureError:
    if kind == b"CgBI":
        return UnsupportedPictureError("This PNG is of a kind that only iOS reads.")
    return UnreadablePictureError("The PNG has no header.")


def _info(header: PngHeader, chunks: dict[bytes, bytes]) -> PictureInfo:
    mode = _MODES[header.colour_type]
    if mode == "L" and header.bits == 1:
        mode = "1"
    frames = chunks.get(b"acTL", b"")
    return PictureInfo(
        format=PictureFormat.PNG,
        width_px=header.width_px,
        height_px=header.height_px,
        mode=mode,
        bits=header.bits,
        has_alpha=header.colour_type in {4, 6} or b"tRNS" in chunks,
        frames=max(1, struct.unpack(">I", frames[:4])[0]) if len(frames) >= 4 else 1,
        dpi=_dpi(chunks.get(b"pHYs", b"")),
        has_icc=b"iCCP" in chunks,
        exif_orientation=orientation_of(chunks.get(b"eXIf", b"")),
    )


def _dpi(data: bytes) -> tuple[float, float] | None:
    if len(data) < 9:
        return None
    across, down, unit = struct.unpack(">IIB", data[:9])
    return (across * INCH_M, down * INCH_M) if unit == 1 and across and down else None
