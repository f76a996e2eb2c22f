"""Bitmaps in the EMF+ part of a metafile (MS-EMFPLUS), which lies in comments of its records."""

import io
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from crispdeck.picture.drawings.model import NewBitmap, RecordBitmap

_MARK = b"EMF+"
_HEAD_BYTES = 16
"""Of a comment: type, size, size of the data, mark (MS-EMF 2.3.3.2)."""
_OBJECT, _IMAGE, _CONTINUED = 0x4008, 5, 0x8000  # MS-EMFPLUS 2.1.1.1, 2.1.1.22, 2.3.5.1
_DRAW_IMAGE, _DRAW_IMAGE_POINTS = 0x401A, 0x401B  # MS-EMFPLUS 2.1.1.1: types of records
_DRAWS = {*range(0x4009, 0x401D), 0x4036, 0x4037}
_BITMAP, _RAW, _PACKED = 1, 0, 1  # MS-EMFPLUS 2.1.1.15 and 2.1.1.2: what an image holds
_PIXELS = 2  # MS-EMFPLUS 2.1.1.32, UnitTypePixel
_BITMAP_HEAD_BYTES = 28  # MS-EMFPLUS 2.2.1.4 and 2.2.2.2: what stands before the pixels
_RAW_FORMATS = {
    0x0026200A: (4, "BGRA"),
    0x00022009: (4, "BGRX"),
    0x00021808: (3, "BGR"),
}
"""PixelFormat (2.1.1.24) → bytes of each pixel, and their order in Pillow's words."""


@dataclass(frozen=True, slots=True)
class _Record:
    comment: int
    """Offset of the comment around it."""
    kind: int
    flags: int
    data: bytes

    @property
    def is_image(self) -> bool:
        return self.kind == _OBJECT and self.flags >> 8 & 0x7F == _IMAGE

    def packed(self) -> bytes:
        size = len(self.data)
        padded = self.data + bytes(-size % 4)
        return struct.pack("<HHII", self.kind, self.flags, 12 + len(padded), size) + padded


@dataclass(frozen=True, slots=True)
class _Image:
    """An image object with its records, more than one where it is long."""

    records: tuple[_Record, ...]
    data: bytes


def plus_bitmaps(comments: Sequence[tuple[int, bytes]]) -> list[RecordBitmap | None]:
    """Return an entry for each thing that is drawn, up to two: a bitmap, or None for all else.

    Args:
        comments: offset and bytes of each comment record.

    Raises:
        struct.error: a record is cut off.
    """
    records = [one for at, comment in comments for one in _records(at, comment)]
    images: dict[int, _Image] = {}
    found: list[RecordBitmap | None] = []
    for image, record in _joined(records):
        if len(found) > 1:
            break
        if image is not None:
            images[record.flags & 0xFF] = image
        elif record.kind in {_DRAW_IMAGE, _DRAW_IMAGE_POINTS}:
            shown = images.get(record.flags & 0xFF)
            found.append(None if shown is None else _bitmap(records, shown, record))
        elif record.kind in _DRAWS:
            found.append(None)
    return found


def _records(at: int, comment: bytes) -> list[_Record]:
    if comment[12:16] != _MARK:
        return []
    (size,) = struct.unpack_from("<I", comment, 8)
    end, place = min(12 + size, len(comment)), _HEAD_BYTES
    found: list[_Record] = []
    while place + 12 <= end:
        kind, flags, length, used = struct.unpack_from("<HHII", comment, place)
        if length < 12 or place + length > end or used > length - 12:
            raise struct.error("a record does not end")
        found.append(_Record(at, kind, flags, comment[place + 12 : place + 12 + used]))
        place += length
    return found


def _joined(records: Sequence[_Record]) -> list[tuple[_Image | None, _Record]]:
    """Join images that go on through several records (2.3.5.1); all else as it is."""
    found: list[tuple[_Image | None, _Record]] = []
    parts: list[_Record] = []
    data = b""
    for record in records:
        if not record.is_image:
            found.append((None, record))
            continue
        if record.flags & _CONTINUED or parts:
            (total,) = struct.unpack_from("<I", record.data)
            # The last part may or may not begin with the total.
            is_told = bool(record.flags & _CONTINUED) or len(data) + len(record.data) - 4 == total
            data += record.data[4:] if is_told else record.data
            parts.append(record)
            if not record.flags & _CONTINUED or len(data) >= total:
                found.append((_Image(tuple(parts), data), record))
                parts, data = [], b""
        else:
            found.append((_Image((record,), record.data), record))
    return found


def _bitmap(records: Sequence[_Record], image: _Image, draw: _Record) -> RecordBitmap | None:
    if (
        len(image.data) < _BITMAP_HEAD_BYTES
        or struct.unpack_from("<I", image.data, 4)[0] != _BITMAP
    ):
        return None
    width, height, stride, pixel_format, kind = struct.unpack_from("<iiiII", image.data, 8)
    body = image.data[_BITMAP_HEAD_BYTES:]
    picture = body if kind == _PACKED else _raw_as_file(width, height, stride, pixel_format, body)
    if picture is None:
        return None
    unit, left, top, across, down = struct.unpack_from("<I4f", draw.data, 4)
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            size_px = opened.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    is_whole = abs(left) < 1 and abs(top) < 1 and abs(across - size_px[0]) <= 1
    if unit != _PIXELS or not is_whole or abs(down - size_px[1]) > 1:
        return RecordBitmap(picture)
    return RecordBitmap(picture, lambda new: _changes(records, image, draw, new))


def _raw_as_file(
    width: int, height: int, stride: int, pixel_format: int, body: bytes
) -> bytes | None:
    """Return raw pixels as a PNG; None for formats that hardly occur."""
    if pixel_format not in _RAW_FORMATS:
        return None
    count, order = _RAW_FORMATS[pixel_format]
    if width <= 0 or height <= 0 or stride < width * count or len(body) < stride * height:
        return None
    rows = np.frombuffer(body[: stride * height], np.uint8).reshape(height, stride)
    mode = "RGBA" if order == "BGRA" else "RGB"
    packed = np.ascontiguousarray(rows[:, : width * count]).tobytes()
    out = io.BytesIO()
    Image.frombytes(mode, (width, height), packed, "raw", order).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _changes(
    records: Sequence[_Record], image: _Image, draw: _Record, new: NewBitmap
) -> Mapping[int, bytes]:
    """Write the comments anew that hold the image and the record that draws it."""
    blob, _ = new.file()
    version = image.data[:4]
    head = version + struct.pack("<IiiiII", _BITMAP, 0, 0, 0, 0, _PACKED)
    first = image.records[0]
    changed: dict[int, _Record | None] = {id(one): None for one in image.records}
    # Padded here, as the lengths of an object are whole groups of four bytes.
    padded = blob + bytes(-len(blob) % 4)
    changed[id(first)] = _Record(first.comment, _OBJECT, first.flags & ~_CONTINUED, head + padded)
    size = struct.pack("<2f", new.pixels.width_px, new.pixels.height_px)
    drawn = draw.data[:16] + size + draw.data[24:]
    changed[id(draw)] = _Record(draw.comment, draw.kind, draw.flags, drawn)
    touched = {draw.comment, *(one.comment for one in image.records)}
    return {
        at: _comment([changed.get(id(o), o) for o in records if o.comment == at]) for at in touched
    }


def _comment(records: Sequence[_Record | None]) -> bytes:
    body = _MARK + b"".join(record.packed() for record in records if record is not None)
    if body == _MARK:
        return b""
    return struct.pack("<III", 70, 12 + len(body), len(body)) + body
