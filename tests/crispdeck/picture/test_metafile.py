"""A metafile or an SVG that holds nothing but one bitmap is known for what it is."""

import base64
import gzip
import io
import struct

import pytest
from PIL import Image

from crispdeck.picture.formats import SNIFF_BYTES, sniff
from crispdeck.picture.metafile import only_bitmap

DIB = struct.pack("<IiiHHIIiiII", 40, 3, -2, 1, 24, 0, 24, 0, 0, 0, 0) + bytes(24)


def emf(*records: tuple[int, bytes]) -> bytes:
    head = struct.pack("<4i4i", 0, 0, 9, 9, 0, 0, 99, 99) + b" EMF" + bytes(64)
    body = [(1, head), *records, (14, bytes(12))]
    return b"".join(struct.pack("<II", kind, len(data) + 8) + data for kind, data in body)


STRETCH_DI_BITS = (
    81,
    bytes(16)
    + struct.pack("<6i", 0, 0, 0, 0, 3, 2)
    + struct.pack("<6I2i", 80, 40, 120, 24, 0, 0xCC0020, 9, 9)
    + DIB,
)
LINE_TO = (54, bytes(8))
SET_MAP_MODE = (17, bytes(4))


def wmf(*records: tuple[int, bytes]) -> bytes:
    head = struct.pack("<IHHHHHIHHHHHIH", 0x9AC6CDD7, 0, 0, 0, 9, 9, 96, 0, 0, 1, 9, 0x300, 0, 0)
    body = b"".join(struct.pack("<IH", (len(data) + 6) // 2, kind) + data for kind, data in records)
    return head.ljust(40, b"\0") + body + struct.pack("<IH", 3, 0)


STRETCH_DIB = (0x0F43, bytes(22) + DIB)


def svg(inside: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inside}</svg>'.encode()


def image() -> str:
    out = io.BytesIO()
    Image.new("RGB", (3, 2)).save(out, "PNG")
    data = base64.b64encode(out.getvalue()).decode()
    return f'<image width="9" height="9" href="data:image/png;base64,{data}"/>'


@pytest.mark.parametrize(
    ("blob", "size"),
    [
        (emf(SET_MAP_MODE, STRETCH_DI_BITS), (3, 2)),
        (emf(STRETCH_DI_BITS, LINE_TO), None),
        (emf(STRETCH_DI_BITS, STRETCH_DI_BITS), None),
        (emf(LINE_TO), None),
        (emf(), None),
        (gzip.compress(emf(STRETCH_DI_BITS)), (3, 2)),
        (wmf((0x0103, bytes(2)), STRETCH_DIB), (3, 2)),
        (wmf(STRETCH_DIB, (0x0213, bytes(4))), None),
        (svg(f"<g>{image()}</g>"), (3, 2)),
        (svg(image() + image()), None),
        (svg(image() + "<path d='M0 0L9 9'/>"), None),
        (svg('<image href="data:image/png;base64,AAAA"/>'), None),
    ],
)
def test_one_bitmap_and_nothing_else(blob: bytes, size: tuple[int, int] | None) -> None:
    assert only_bitmap(blob, sniff(blob[:SNIFF_BYTES])) == size


@pytest.mark.parametrize("cut", range(0, 260, 7))
def test_a_file_cut_anywhere_does_no_harm(cut: int) -> None:
    blob = emf(STRETCH_DI_BITS)
    only_bitmap(blob[:cut], sniff(blob[:SNIFF_BYTES]))
