"""Bitmaps in Windows metafiles (MS-WMF)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from crispdeck.errors import PictureTooLargeError
from crispdeck.picture.drawings.dib import Dib, split_dib
from crispdeck.picture.drawings.model import DrawnBitmap, NewBitmap, counted

_PLACEABLE, _PLACEABLE_BYTES, _HEADER_BYTES = b"\xd7\xcd\xc6\x9a", 22, 18
_STRETCH_DIB, _DIB_STRETCH_BLT = 0x0F43, 0x0B41  # MS-WMF 2.1.1.1: types of records
_BITMAPS = {_STRETCH_DIB: 22, _DIB_STRETCH_BLT: 20, 0x0940: 16, 0x0D33: 18}
"""Record function → where the DIB lies behind the record's head (MS-WMF 2.3.1)."""
_SIZES_AT = {_STRETCH_DIB: 6, _DIB_STRETCH_BLT: 4}
"""Where height, width, top and left of the part that is shown lie behind the record's head."""
_DRAWS = {
    *(0x0213, 0x0228, 0x012B, 0x012A, 0x0429, 0x0324, 0x0325, 0x041B, 0x0418, 0x0538, 0x0521),
    *(0x0A32, 0x061C, 0x081A, 0x0817, 0x0830, 0x0548, 0x0419, 0x041F, 0x061D),
}
_SOURCE_COPY = 0x00CC0020  # MS-WMF 2.1.1.31, SRCCOPY
_RECORD_BYTES = 6  # MS-WMF 2.3: size and type of a record
_MAX_SIDE_PX = 32_767  # the fields are signed, of 16 bits
_WORDS_AT = 6
"""Where the header says how many words the file has; the longest record's are 6 bytes on."""


@dataclass(frozen=True, slots=True)
class _Record:
    function: int
    start: int
    data: memoryview


def bitmap_in_wmf(blob: bytes) -> DrawnBitmap | None:
    """Return the one bitmap, None where there is more or less.

    Raises:
        struct.error: a record is cut off.
        UnreadablePictureError: the bitmap is damaged, or there are far too many records.
    """
    header = _PLACEABLE_BYTES if blob[:4] == _PLACEABLE else 0
    view = memoryview(blob)
    drawn = (one for one in counted(_records(view, header + _HEADER_BYTES)) if _is_drawn(one))
    shown = list(islice(drawn, 2))
    if len(shown) != 1 or shown[0].function in _DRAWS:
        return None
    return _bitmap(view, header, shown[0])


def _records(blob: memoryview, at: int) -> Iterator[_Record]:
    while at + _RECORD_BYTES <= len(blob):
        words, function = struct.unpack_from("<IH", blob, at)
        if words < 3 or not function:
            break
        record = _Record(function, at, blob[at : at + words * 2])
        if len(record.data) < words * 2:
            raise struct.error("a record does not end")
        yield record
        at += words * 2


def _is_drawn(record: _Record) -> bool:
    place = _BITMAPS.get(record.function)
    has_bitmap = place is not None and len(record.data) > _RECORD_BYTES + place + 12
    return record.function in _DRAWS or has_bitmap


def _bitmap(blob: memoryview, header: int, record: _Record) -> DrawnBitmap:
    dib = split_dib(record.data[_RECORD_BYTES + _BITMAPS[record.function] :])
    if not _may_be_replaced(record, dib):
        return DrawnBitmap(dib.as_file())
    return DrawnBitmap(dib.as_file(), lambda new: _with_dib(blob, header, record, dib, new))


def _may_be_replaced(record: _Record, dib: Dib) -> bool:
    """Tell whether a record shows its whole bitmap stretched, and lays nothing over another."""
    if record.function not in _SIZES_AT or not dib.is_plain:
        return False
    parameters = record.data[_RECORD_BYTES:]
    (operation,) = struct.unpack_from("<I", parameters)
    usage = struct.unpack_from("<H", parameters, 4)[0] if record.function == _STRETCH_DIB else 0
    # One bit of colour may be painted with the text's colour and the ground's.
    if operation != _SOURCE_COPY or usage or _is_painted(record, dib):
        return False
    down, across, top, left = struct.unpack_from("<4h", parameters, _SIZES_AT[record.function])
    return (left, top) == (0, 0) and (abs(across), abs(down)) == dib.size_px


def _is_painted(record: _Record, dib: Dib) -> bool:
    return record.function == _DIB_STRETCH_BLT and dib.bits == 1


def _with_dib(blob: memoryview, header: int, record: _Record, old: Dib, new: NewBitmap) -> bytes:
    width, height = new.pixels.width_px, new.pixels.height_px
    if max(width, height) > _MAX_SIDE_PX:
        raise PictureTooLargeError(f"A WMF holds sides of at most {_MAX_SIDE_PX:,} pixels.")
    head, rows = old.with_pixels(new)
    fixed = bytearray(record.data[: _RECORD_BYTES + _BITMAPS[record.function]])
    sizes_at = _RECORD_BYTES + _SIZES_AT[record.function]
    signs = [-1 if side < 0 else 1 for side in struct.unpack_from("<2h", fixed, sizes_at)]
    struct.pack_into("<2h", fixed, sizes_at, height * signs[0], width * signs[1])
    words = (len(fixed) + len(head) + len(rows)) // 2
    struct.pack_into("<I", fixed, 0, words)
    before, behind = bytearray(blob[: record.start]), blob[record.start + len(record.data) :]
    total = (len(before) - header + words * 2 + len(behind)) // 2
    (longest,) = struct.unpack_from("<I", before, header + _WORDS_AT + 6)
    struct.pack_into("<I", before, header + _WORDS_AT, total)
    struct.pack_into("<I", before, header + _WORDS_AT + 6, max(longest, words))
    return b"".join((before, fixed, head, rows, behind))
