"""A small drawing as an Enhanced Metafile ([MS-EMF]): a picture that is never blurred."""

import struct

_HUNDREDTHS_MM_PER_UNIT = 10  # chosen: one unit of the drawing is a tenth of a millimetre
_RECORD_HEADER, _RECORD_EOF = 1, 14  # [MS-EMF] 2.1.1, RecordType
_RECORD_SELECT, _RECORD_BRUSH, _RECORD_ELLIPSE, _RECORD_BOX = 37, 39, 42, 43  # the same
_NULL_PEN = 0x80000008  # [MS-EMF] 2.1.31, StockObject NULL_PEN: no outline


def metafile() -> bytes:
    """Return a sun, a house and a meadow, drawn by seven records."""
    width, height = 400, 300
    shapes = (
        (_RECORD_BOX, (0, 0, width, height), 0xFDE7D3),
        (_RECORD_ELLIPSE, (290, 30, 370, 110), 0x24BFFB),
        (_RECORD_BOX, (0, 210, width, height), 0x6AAB5B),
        (_RECORD_BOX, (90, 120, 230, 240), 0x8FB4E8),
        (_RECORD_BOX, (140, 170, 180, 240), 0x2B4C7E),
    )
    records = [_record(_RECORD_SELECT, _NULL_PEN)]
    for number, (kind, box, colour) in enumerate(shapes, start=1):
        records.append(_record(_RECORD_BRUSH, number, 0, colour, 0))
        records.append(_record(_RECORD_SELECT, number))
        records.append(_record(kind, *box))
    records.append(_record(_RECORD_EOF, 0, 16, 20))
    return _header(width, height, records, len(shapes) + 1) + b"".join(records)


def _record(kind: int, *numbers: int) -> bytes:
    body = struct.pack(f"<{len(numbers)}L", *numbers)
    return struct.pack("<2L", kind, 8 + len(body)) + body


def _header(width: int, height: int, records: list[bytes], handles: int) -> bytes:
    """Return the header record (2.3.4.2): bounds in units, frame in 0.01 mm, a 1:10 device."""
    size = 88
    frame = (0, 0, width * _HUNDREDTHS_MM_PER_UNIT, height * _HUNDREDTHS_MM_PER_UNIT)
    total = size + sum(map(len, records))
    return struct.pack(
        "<2L4l4l4s3L2H3L2l2l",
        *(_RECORD_HEADER, size),
        *(0, 0, width, height),
        *frame,
        *(b" EMF", 0x10000, total, len(records) + 1),
        *(handles, 0),
        *(0, 0, 0),
        *(width, height),
        *(width * _HUNDREDTHS_MM_PER_UNIT // 100, height * _HUNDREDTHS_MM_PER_UNIT // 100),
    )
