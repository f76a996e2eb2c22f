"""Measure a picture made of pixels from its header; drawings are not looked into."""

import io
import struct
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

_FORWARD = {
    PictureFormat.PNG: inspect_png,
    PictureFormat.JPEG: inspect_jpeg,
    PictureFormat.GIF: inspect_gif,
    PictureFormat.BMP: inspect_bmp,
    PictureFormat.WEBP: inspect_webp,
}


def inspect_raster(blob: bytes | BinaryIO, reader: ForwardReader | None = None) -> PictureInfo:
    """Measure a picture of pixels: its bytes, or a stream that need not seek.

    Args:
        blob: the picture.
        reader: one that has peeked at it; without, it is read from where it stands.

    Raises:
        UnreadablePictureError: damaged, or not a picture at all.
        UnsupportedPictureError: a format that is not upscaled, each drawing among them.
    """
    reader = reader or ForwardReader(blob)
    found = sniff(reader.peek(SNIFF_BYTES))
    if found is PictureFormat.UNKNOWN:
        raise UnreadablePictureError("The file is not a picture of a known format.")
    if found.is_vector:
        raise UnsupportedPictureError(f"{found.label} pictures have no pixels to sharpen.")
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
