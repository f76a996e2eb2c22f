"""Bitmaps in the EMF+ part of a metafile (MS-EMFPLUS), which lies in comments of its records."""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from crispdeck.errors import PictureRefusedError, UnsupportedPictureError
from crispdeck.picture.drawings.model import NewBitmap, RawBitmap, RecordBitmap, counted, measure

_COMMENT = 70  # MS-EMF 2.1.1
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
"""PixelFormat (2.1.1.24) → bytes of each pixel, and their order."""


Comments = Callable[[], Iterator[tuple[int, int]]]
"""Gives begin and end of each comment record, each time anew."""


@dataclass(frozen=True, slots=True)
class _Record:
    comment: int
    """Offset of the comment around it."""
    at: int
    kind: int
    flags: int
    data: memoryview
    whole: memoryview
    """With its head, and what pads it."""

    @property
    def is_image(self) -> bool:
        return self.kind == _OBJECT and self.flags >> 8 & 0x7F == _IMAGE


@dataclass(slots=True)
class _Image:
    """An image object, and where its first and its last record lie; all between are its own."""

    first: int
    last: int
    data: bytearray = field(default_factory=bytearray)

    def holds(self, record: _Record) -> bool:
        return record.is_image and self.first <= record.at <= self.last


def plus_bitmaps(blob: memoryview, comments: Comments) -> list[RecordBitmap | None]:
    """Return an entry for each thing that is drawn, up to two: a bitmap, or None for all else.

    Args:
        blob: the metafile.
        comments: its comments.

    Raises:
        struct.error: a record is cut off.
        UnreadablePictureError: far too many records.
    """

    def records() -> Iterator[_Record]:
        return counted(one for span in comments() for one in _records(blob, *span))

    images: dict[int, _Image] = {}
    found: list[RecordBitmap | None] = []
    for image, record in _joined(records()):
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


def _records(blob: memoryview, start: int, end: int) -> Iterator[_Record]:
    """Read the EMF+ records in a comment; none where it is another's."""
    if end - start < _HEAD_BYTES or blob[start + 12 : start + 16] != _MARK:
        return
    (size,) = struct.unpack_from("<I", blob, start + 8)
    stop, place = min(start + 12 + size, end), start + _HEAD_BYTES
    while place + 12 <= stop:
        kind, flags, length, used = struct.unpack_from("<HHII", blob, place)
        if length < 12 or place + length > stop or used > length - 12:
            raise struct.error("a record does not end")
        whole = blob[place : place + length]
        yield _Record(start, place, kind, flags, whole[12 : 12 + used], whole)
        place += length


def _joined(records: Iterator[_Record]) -> Iterator[tuple[_Image | None, _Record]]:
    """Join images that go on through several records (2.3.5.1); all else as it is."""
    begun: _Image | None = None
    for record in records:
        if not record.is_image:
            yield None, record
            continue
        is_continued = bool(record.flags & _CONTINUED)
        if begun is None and not is_continued:
            yield _Image(record.at, record.at, bytearray(record.data)), record
            continue
        begun = begun or _Image(record.at, record.at)
        begun.last = record.at
        (total,) = struct.unpack_from("<I", record.data)
        # The last part may or may not begin with the total.
        is_told = is_continued or len(begun.data) + len(record.data) - 4 == total
        begun.data += record.data[4:] if is_told else record.data
        if not is_continued or len(begun.data) >= total:
            yield begun, record
            begun = None


def _bitmap(
    records: Callable[[], Iterator[_Record]], image: _Image, draw: _Record
) -> RecordBitmap | None:
    if (
        len(image.data) < _BITMAP_HEAD_BYTES
        or struct.unpack_from("<I", image.data, 4)[0] != _BITMAP
    ):
        return None
    width, height, stride, pixel_format, kind = struct.unpack_from("<iiiII", image.data, 8)
    body = memoryview(image.data).toreadonly()[_BITMAP_HEAD_BYTES:]
    try:
        picture = (
            bytes(body) if kind == _PACKED else _raw(width, height, stride, pixel_format, body)
        )
        info = measure(picture)
    except PictureRefusedError:
        return None
    unit, left, top, across, down = struct.unpack_from("<I4f", draw.data, 4)
    is_whole = abs(left) < 1 and abs(top) < 1 and abs(across - info.width_px) <= 1
    if unit != _PIXELS or not is_whole or abs(down - info.height_px) > 1:
        return RecordBitmap(picture)
    return RecordBitmap(picture, lambda new: _changes(records(), image, draw.at, new))


def _raw(width: int, height: int, stride: int, pixel_format: int, body: memoryview) -> RawBitmap:
    """Return raw pixels.

    Raises:
        UnsupportedPictureError: a format that hardly occurs.
        UnreadablePictureError: the pixels end too early.
    """
    if pixel_format not in _RAW_FORMATS:
        raise UnsupportedPictureError("Pixels of this rare kind are not sharpened.")
    count, order = _RAW_FORMATS[pixel_format]
    return RawBitmap(
        width_px=width,
        height_px=height,
        rows=body,
        stride_bytes=stride,
        pixel_bytes=count,
        has_alpha=order == "BGRA",
    )


def _changes(
    records: Iterator[_Record], image: _Image, draw_at: int, new: NewBitmap
) -> Mapping[int, bytes]:
    """Write the comments anew that hold the image and the record that draws it."""
    blob, _ = new.file()
    head = image.data[:4] + struct.pack("<IiiiII", _BITMAP, 0, 0, 0, 0, _PACKED)
    # Padded here, as the lengths of an object are whole groups of four bytes.
    data = b"".join((head, blob, bytes(-len(blob) % 4)))
    size = struct.pack("<2f", new.pixels.width_px, new.pixels.height_px)

    def rewritten(record: _Record) -> bytes | memoryview:
        if record.at == draw_at:
            drawn = b"".join((record.data[:16], size, record.data[24:]))
            return _packed(record.kind, record.flags, drawn)
        if not image.holds(record):
            return record.whole
        is_first = record.at == image.first
        return _packed(_OBJECT, record.flags & ~_CONTINUED, data) if is_first else b""

    changes: dict[int, bytes] = {}
    for comment, group in groupby(records, key=lambda one: one.comment):
        members = list(group)
        if any(one.at == draw_at or image.holds(one) for one in members):
            changes[comment] = _comment(b"".join(map(rewritten, members)))
    return changes


def _packed(kind: int, flags: int, data: bytes) -> bytes:
    padding = bytes(-len(data) % 4)
    head = struct.pack("<HHII", kind, flags, 12 + len(data) + len(padding), len(data))
    return b"".join((head, data, padding))


def _comment(body: bytes) -> bytes:
    """Return a comment record of EMF+ records; nothing where none is left."""
    if not body:
        return b""
    size = len(_MARK) + len(body)
    padding = bytes(-size % 4)
    head = struct.pack("<III", _COMMENT, 12 + size + len(padding), size)
    return b"".join((head, _MARK, body, padding))
