"""Measure a picture from its header; no pixel is decoded and little is read."""

import io
import struct
from dataclasses import replace
from typing import BinaryIO, cast

from crispdeck.errors import UnreadablePictureError, UnsupportedPictureError
from crispdeck.picture.formats import SNIFF_BYTES, PictureFormat, sniff
from crispdeck.picture.headers.bmp import inspect_bmp
from crispdeck.picture.headers.gif import inspect_gif
from crispdeck.picture.headers.jpeg import inspect_jpeg
from crispdeck.picture.headers.modern import inspect_modern
from crispdeck.picture.headers.png import inspect_png
from crispdeck.picture.headers.source import ForwardReader
from crispdeck.picture.headers.tiff import inspect_tiff
from crispdeck.picture.headers.webp import inspect_webp
from crispdeck.picture.info import PictureInfo

__all__ = ["PictureInfo", "inspect"]

_FORWARD = {
    PictureFormat.PNG: inspect_png,
    PictureFormat.JPEG: inspect_jpeg,
    PictureFormat.GIF: inspect_gif,
    PictureFormat.BMP: inspect_bmp,
    PictureFormat.WEBP: inspect_webp,
}


def inspect(blob: bytes | BinaryIO) -> PictureInfo:
    """Measure a picture: its bytes, or a stream at its start that need not seek.

    A few KB are read, and behind them only what must be passed to get to the header's end;
    nothing of it is kept in memory.

    Raises:
        UnreadablePictureError: damaged, or not a picture at all.
        UnsupportedPictureError: a raster format that is not upscaled, or a drawing, unless it holds
            one bitmap and nothing else, which is measured in its place.
    """
    reader = ForwardReader(blob)
    found = sniff(reader.peek(SNIFF_BYTES))
    if found is PictureFormat.UNKNOWN:
        raise UnreadablePictureError("The file is not a picture of a known format.")
    if found.is_vector:
        return _inspect_drawing(reader, found)
    if not found.is_raster:
        raise UnsupportedPictureError(f"{found.label} pictures are not sharpened.")
    try:
        if found is PictureFormat.TIFF:
            return inspect_tiff(_from_start(blob, reader))
        if found not in _FORWARD:
            return inspect_modern(reader, found)
        return _FORWARD[found](reader)
    except struct.error as error:
        raise UnreadablePictureError("The picture's header is damaged.") from error


def _inspect_drawing(reader: ForwardReader, found: PictureFormat) -> PictureInfo:
    # Here, since they load numpy: the headers of all other formats are read without.
    from crispdeck.picture.drawings import MAX_DRAWING_BYTES, find_bitmap

    name = found.label
    drawn = find_bitmap(reader.peek(MAX_DRAWING_BYTES + 1)[: MAX_DRAWING_BYTES + 1], found)
    if drawn is None:
        raise UnsupportedPictureError(f"{name} pictures have no pixels to sharpen.")
    if drawn.put is None:
        raise UnsupportedPictureError(f"The bitmap in this {name} cannot be replaced by itself.")
    return replace(inspect(drawn.picture), format=found)


def _from_start(blob: bytes | BinaryIO, reader: ForwardReader) -> BinaryIO:
    """TIFF alone jumps about; what was peeked from a stream is put back in front of it."""
    if isinstance(blob, bytes):
        return io.BytesIO(blob)
    return blob if blob.seekable() else cast("BinaryIO", _Rewound(reader.buffered, blob))


class _Rewound(io.RawIOBase):
    """A stream that cannot seek, with its first bytes back in their place."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        return len(data)
