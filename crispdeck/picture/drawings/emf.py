"""Bitmaps in enhanced metafiles (MS-EMF), with those of their EMF+ part (MS-EMFPLUS)."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from crispdeck.picture.drawings.dib import Dib, read_dib
from crispdeck.picture.drawings.emf_plus import plus_bitmaps
from crispdeck.picture.drawings.model import DrawnBitmap, NewBitmap, RecordBitmap, counted

# MS-EMF 2.1.1: types of records.
_HEADER, _END, _STRETCH_BLT, _STRETCH_DI_BITS, _ALPHA_BLEND, _COMMENT = 1, 14, 77, 81, 114, 70
_HEADER_BYTES = 88  # MS-EMF 2.3.4.2: the shortest header
_BITMAPS = {76: 84, 77: 84, 78: 84, 79: 96, 80: 48, 81: 48, 114: 84, 116: 84}
"""Record type → where offBmiSrc lies (MS-EMF 2.3.1): BitBlt, StretchBlt, MaskBlt, PlgBlt,
SetDIBitsToDevice, StretchDIBits, AlphaBlend, TransparentBlt."""
_FIXED_BYTES = {_STRETCH_BLT: 108, _STRETCH_DI_BITS: 80, _ALPHA_BLEND: 108}
"""Of the records whose bitmap may be replaced: what stands in front of it."""
_DRAWS = {
    *range(2, 9),
    *(15, 41, 42, 43, 44, 45, 46, 47, 53, 54, 55, 56, 62, 63, 64, 71, 72, 73, 74, 83, 84),
    *range(85, 93),
    *(96, 97, 108, 118),
}
_TOTALS_AT = 48
"""Where the header says how many bytes and how many records there are (MS-EMF 2.2.9)."""
_SOURCE_COPY = 0x00CC0020  # MS-WMF 2.1.1.31, SRCCOPY: the bitmap as it is
_IDENTITY = struct.pack("<6f", 1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class _Record:
    kind: int
    start: int
    end: int

    @property
    def is_header(self) -> bool:
        return self.kind == _HEADER and self.end - self.start >= _HEADER_BYTES


def bitmap_in_emf(blob: bytes) -> DrawnBitmap | None:
    """Return the one bitmap, None where there is more or less.

    Raises:
        struct.error: a record is cut off.
        UnreadablePictureError: a bitmap is damaged, or there are far too many records.
    """
    view = memoryview(blob)
    first_record = next(_records(view), None)
    if first_record is None or not first_record.is_header:
        return None
    plus = plus_bitmaps(view, lambda: _comments(view))
    plain = list(islice((one for record in _records(view) for one in _drawn(view, record)), 2))
    if len(plus) > 1 or len(plain) > 1 or not (plus or plain):
        return None
    # A file with both parts (EMF+ dual) shows its picture in both; programs choose one.
    shown = [*plus, *plain]
    first = shown[0]
    if first is None or None in shown:
        return None
    if not first.changes:
        return DrawnBitmap(first.picture)
    changes = [one.changes for one in shown if one is not None and one.changes]
    return DrawnBitmap(first.picture, lambda new: _rewritten(view, [give(new) for give in changes]))


def _records(blob: memoryview) -> Iterator[_Record]:
    return counted(_all_records(blob))


def _all_records(blob: memoryview) -> Iterator[_Record]:
    at = 0
    while at + 8 <= len(blob):
        kind, size = struct.unpack_from("<II", blob, at)
        if size < 8 or size % 4 or at + size > len(blob):
            raise struct.error("a record does not end")
        yield _Record(kind, at, at + size)
        at += size
        if kind == _END:
            break


def _comments(blob: memoryview) -> Iterator[tuple[int, int]]:
    return ((one.start, one.end) for one in _records(blob) if one.kind == _COMMENT)


def _drawn(blob: memoryview, record: _Record) -> list[RecordBitmap | None]:
    if record.kind in _DRAWS:
        return [None]
    place = _BITMAPS.get(record.kind)
    if place is None or record.end - record.start <= place + 8:
        return []
    data = blob[record.start : record.end]
    head_at, head_bytes, rows_at, rows_bytes = struct.unpack_from("<4I", data, place)
    if not head_bytes:
        return [None]
    head = bytes(data[head_at : head_at + head_bytes])
    dib = read_dib(head, data[rows_at : rows_at + rows_bytes])
    is_blended = record.kind == _ALPHA_BLEND and data[43] == 1
    picture = dib.blended() if is_blended else dib.as_file()
    if picture is None:
        return [None]
    in_order = _FIXED_BYTES.get(record.kind, 0) <= head_at and head_at + head_bytes <= rows_at
    if not in_order or not _may_be_replaced(record.kind, data, dib):
        return [RecordBitmap(picture)]

    def changes(new: NewBitmap) -> Mapping[int, bytes]:
        # A part without alpha beside one that has it stays as it is.
        is_fit = is_blended or new.pixels.alpha is None
        return {record.start: _with_dib(record.kind, data, dib, new)} if is_fit else {}

    return [RecordBitmap(picture, changes)]


def _may_be_replaced(kind: int, data: memoryview, dib: Dib) -> bool:
    """Tell whether a record shows its whole bitmap stretched, and lays nothing over another."""
    if not dib.is_plain:
        return False
    if kind == _STRETCH_DI_BITS:
        source = struct.unpack_from("<4i", data, 32)
        usage, operation = struct.unpack_from("<2I", data, 64)
    elif kind in {_STRETCH_BLT, _ALPHA_BLEND}:
        source = (*struct.unpack_from("<2i", data, 44), *struct.unpack_from("<2i", data, 100))
        (usage,) = struct.unpack_from("<I", data, 80)
        (operation,) = struct.unpack_from("<I", data, 40)
        # One bit of colour is painted with the text's colour and the ground's.
        if data[52:76] != _IDENTITY or dib.bits == 1:
            return False
    else:
        return False
    copies = kind == _ALPHA_BLEND or operation == _SOURCE_COPY
    is_whole = source[:2] == (0, 0) and tuple(map(abs, source[2:])) == dib.size_px
    return copies and usage == 0 and is_whole


def _with_dib(kind: int, data: memoryview, old: Dib, new: NewBitmap) -> bytes:
    """Return a record with another bitmap, all of which it shows."""
    place, size_at = _BITMAPS[kind], 40 if kind == _STRETCH_DI_BITS else 100
    (head_at,) = struct.unpack_from("<I", data, place)
    head, rows = old.with_pixels(new, blended=kind == _ALPHA_BLEND and data[43] == 1)
    fixed = bytearray(data[:head_at])
    rows_at = head_at + len(head)
    struct.pack_into("<4I", fixed, place, head_at, len(head), rows_at, len(rows))
    signs = [-1 if side < 0 else 1 for side in struct.unpack_from("<2i", data, size_at)]
    size = new.pixels.width_px * signs[0], new.pixels.height_px * signs[1]
    struct.pack_into("<2i", fixed, size_at, *size)
    padding = bytes(-(rows_at + len(rows)) % 4)
    struct.pack_into("<II", fixed, 0, kind, rows_at + len(rows) + len(padding))
    return b"".join((fixed, head, rows, padding))


def _rewritten(blob: memoryview, changes: Sequence[Mapping[int, bytes]]) -> bytes:
    """Put other records in the place of some, by their offsets; the header counts anew."""
    changed = {at: piece for each in changes for at, piece in each.items()}
    head = bytearray(blob[: _TOTALS_AT + 8])
    pieces: list[bytes | bytearray | memoryview] = [head]
    at, total, count = len(head), 0, 0
    for record in _records(blob):
        piece = changed.get(record.start)
        total += record.end - record.start if piece is None else len(piece)
        count += piece != b""
        if piece is not None:
            pieces += (blob[at : record.start], piece)
            at = record.end
    struct.pack_into("<2I", head, _TOTALS_AT, total, count)
    return b"".join((*pieces, blob[at:]))
