"""Metafiles and SVGs made record by record, so that a test says each number that matters."""

import base64
import io
import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crispdeck.picture.drawings import RawBitmap
from tests.decks.pictures import drawing, saved

SOURCE_COPY, SOURCE_AND = 0x00CC0020, 0x008800C6
STRETCH_BLT, SET_DI_BITS, STRETCH_DI_BITS, ALPHA_BLEND = 77, 80, 81, 114
LINE_TO, SET_MAP_MODE, COMMENT = 54, 17, 70

Records = Sequence[tuple[int, bytes]]


def dib(image: Image.Image, *, from_top: bool = False) -> bytes:
    """Return what Pillow writes as a BMP, without its file header."""
    blob = saved(image, "bmp")[14:]
    if not from_top:
        return blob
    width, height = image.size
    row = (width * 3 + 3) // 4 * 4
    rows = [blob[40 + row * at : 40 + row * (at + 1)] for at in range(height)]
    return blob[:8] + struct.pack("<i", -height) + blob[12:40] + b"".join(reversed(rows))


def blended_dib(image: Image.Image) -> bytes:
    """Return 32 bits with premultiplied alpha, from the bottom."""
    rgba = np.asarray(image.convert("RGBA")).astype(float)
    colour = np.rint(rgba[..., 2::-1] * rgba[..., 3:] / 255)
    rows: NDArray[np.uint8] = np.dstack((colour, rgba[..., 3])).astype(np.uint8)[::-1]
    head = struct.pack("<IiiHHIIiiII", 40, *image.size, 1, 32, 0, rows.size, 2835, 2835, 0, 0)
    return head + rows.tobytes()


def head_bytes(bitmap: bytes) -> int:
    """Return the length of a bitmap's header and colour table."""
    bits, colours = struct.unpack_from("<H", bitmap, 14)[0], struct.unpack_from("<I", bitmap, 32)[0]
    return 40 + 4 * (colours or (1 << bits if bits <= 8 else 0))


def stretch_di_bits(
    bitmap: bytes,
    *,
    source: tuple[int, int, int, int] | None = None,
    usage: int = 0,
    operation: int = SOURCE_COPY,
) -> tuple[int, bytes]:
    """An EMR_STRETCHDIBITS that shows all of a bitmap, or a part."""
    width, height = struct.unpack_from("<ii", bitmap, 4)
    head = head_bytes(bitmap)
    places = struct.pack("<4I", 80, head, 80 + head, len(bitmap) - head)
    return STRETCH_DI_BITS, (
        struct.pack("<4i", 0, 0, 399, 299)
        + struct.pack("<6i", 0, 0, *(source or (0, 0, width, abs(height))))
        + places
        + struct.pack("<2I2i", usage, operation, 400, 300)
        + bitmap
    )


def stretch_blt(
    bitmap: bytes, *, kind: int = STRETCH_BLT, operation: int = SOURCE_COPY
) -> tuple[int, bytes]:
    """An EMR_STRETCHBLT or EMR_ALPHABLEND that shows all of a bitmap."""
    width, height = struct.unpack_from("<ii", bitmap, 4)
    head = head_bytes(bitmap)
    return kind, (
        struct.pack("<8i", 0, 0, 399, 299, 0, 0, 400, 300)
        + struct.pack("<I2i6f", operation, 0, 0, 1, 0, 0, 1, 0, 0)
        + struct.pack("<6I2i", 0, 0, 108, head, 108 + head, len(bitmap) - head, width, abs(height))
        + bitmap
    )


def alpha_blend(bitmap: bytes) -> tuple[int, bytes]:
    """An EMR_ALPHABLEND by the bitmap's own alpha."""
    return stretch_blt(bitmap, kind=ALPHA_BLEND, operation=0x01FF0000)


def set_di_bits(bitmap: bytes) -> tuple[int, bytes]:
    """An EMR_SETDIBITSTODEVICE: each pixel is one of the device."""
    width, height = struct.unpack_from("<ii", bitmap, 4)
    head = head_bytes(bitmap)
    return SET_DI_BITS, (
        struct.pack("<4i", 0, 0, width - 1, height - 1)
        + struct.pack("<6i", 0, 0, 0, 0, width, height)
        + struct.pack("<4I", 76, head, 76 + head, len(bitmap) - head)
        + struct.pack("<3I", 0, 0, height)
        + bitmap
    )


def emf(*records: tuple[int, bytes]) -> bytes:
    """An enhanced metafile of 4 by 3 in, 100 units each."""
    end = (14, struct.pack("<3I", 0, 16, 20))
    padded = [(kind, data + bytes(-len(data) % 4)) for kind, data in (*records, end)]
    size = 108 + sum(len(data) + 8 for _, data in padded)
    head = struct.pack("<4i4i", 0, 0, 399, 299, 0, 0, 10160, 7620) + b" EMF"
    head += struct.pack("<IIIHHIII", 0x10000, size, len(padded) + 1, 1, 0, 0, 0, 0)
    head += struct.pack("<2i2i2iI2i", 400, 300, 102, 76, 0, 0, 0, 101600, 76200)[: 100 - len(head)]
    body = [(1, head.ljust(100, b"\0")), *padded]
    return b"".join(struct.pack("<II", kind, len(data) + 8) + data for kind, data in body)


def plus(*records: tuple[int, int, bytes]) -> tuple[int, bytes]:
    """A comment of EMF+ records: type, flags, data."""
    pieces = [b"EMF+"]
    for kind, flags, data in records:
        padded = data + bytes(-len(data) % 4)
        pieces += (struct.pack("<HHII", kind, flags, 12 + len(padded), len(padded)), padded)
    body = b"".join(pieces)
    return COMMENT, struct.pack("<I", len(body)) + body


def plus_header(*, dual: bool) -> tuple[int, int, bytes]:
    """An EmfPlusHeader."""
    return 0x4001, int(dual), struct.pack("<4I", 0xDBC01002, 1, 96, 96)


PLUS_END = (0x4002, 0, b"")
PLUS_CLEAR = (0x4009, 0, struct.pack("<I", 0xFFFFFFFF))


def plus_image(picture: bytes) -> bytes:
    """An image object: the bytes of a PNG or JPEG."""
    return struct.pack("<2I3i2I", 0xDBC01002, 1, 0, 0, 0, 0, 1) + picture


def plus_raw_image(image: Image.Image) -> bytes:
    """An image object of raw pixels with alpha."""
    samples = np.asarray(image.convert("RGBA"))[..., [2, 1, 0, 3]]
    width, height = image.size
    head = struct.pack("<2I3i2I", 0xDBC01002, 1, width, height, width * 4, 0x0026200A, 0)
    return head + samples.tobytes()


def plus_object(data: bytes, *, parts: int = 1) -> list[tuple[int, int, bytes]]:
    """The record of an image object, or several that go on."""
    data += bytes(-len(data) % 4)
    if parts == 1:
        return [(0x4008, 0x0500, data)]
    step = -(-len(data) // parts // 4) * 4
    pieces = [data[at : at + step] for at in range(0, len(data), step)]
    return [(0x4008, 0x8500, struct.pack("<I", len(data)) + piece) for piece in pieces]


def plus_draw(width: int, height: int, *, unit: int = 2) -> tuple[int, int, bytes]:
    """An EmfPlusDrawImage of object 0 to 400 by 300 units."""
    return 0x401A, 0, struct.pack("<2I8f", 0, unit, 0, 0, width, height, 0, 0, 400, 300)


def wmf(*records: tuple[int, bytes]) -> bytes:
    """A placeable metafile of 4 by 3 in."""
    packed = [struct.pack("<IH", (len(data) + 6) // 2, kind) + data for kind, data in records]
    packed.append(struct.pack("<IH", 3, 0))
    key = struct.pack("<IH4hHI", 0x9AC6CDD7, 0, 0, 0, 400, 300, 100, 0)
    check = 0
    for word in struct.unpack("<10H", key):
        check ^= word
    body = b"".join(packed)
    longest = max(len(one) for one in packed) // 2
    words = (18 + len(body)) // 2
    head = struct.pack("<HHHIHIH", 1, 9, 0x300, words, 0, longest, 0)
    window = b""
    return key + struct.pack("<H", check) + head + window + body


WMF_WINDOW = (
    (0x020B, struct.pack("<2h", 0, 0)),
    (0x020C, struct.pack("<2h", 300, 400)),
)


def stretch_dib(bitmap: bytes, *, operation: int = SOURCE_COPY) -> tuple[int, bytes]:
    """A META_STRETCHDIB that shows all of a bitmap."""
    width, height = struct.unpack_from("<ii", bitmap, 4)
    places = (abs(height), width, 0, 0, 300, 400, 0, 0)
    return 0x0F43, struct.pack("<IH8h", operation, 0, *places) + bitmap


def svg(inside: str) -> bytes:
    """An SVG of 4 by 3 in."""
    return (
        '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" width="384" height="288" '
        f'viewBox="0 0 400 300">{inside}</svg>\n'
    ).encode()


def svg_image(picture: bytes, kind: str = "png", *, size: str = 'width="400" height="300"') -> str:
    """An image with its bytes in it."""
    data = base64.encodebytes(picture).decode()
    return f'<image x="0" y="0" {size} xlink:href="data:image/{kind};base64,{data}"/>'


def one_bitmap(kind: str) -> bytes:
    """Return a drawing of each kind that holds nothing but one picture of 120 by 90 pixels."""
    image = drawing()
    if kind == "emf":
        return emf((SET_MAP_MODE, struct.pack("<I", 8)), stretch_di_bits(dib(image)))
    if kind == "emf+":
        records = [plus_header(dual=False), *plus_object(plus_image(saved(image, "png")))]
        return emf(plus(*records, plus_draw(*image.size), PLUS_END))
    if kind == "wmf":
        return wmf(*WMF_WINDOW, stretch_dib(dib(image)))
    return svg(svg_image(saved(image, "png")))


def nested_emf(levels: int) -> bytes:
    """An EMF whose EMF+ part shows nothing but an EMF, and so on; a PNG in the last."""
    blob = saved(drawing(), "png")
    size = drawing().size
    for level in range(levels + 1):
        records = [plus_header(dual=False), *plus_object(plus_image(blob)), plus_draw(*size)]
        blob = emf(plus(*records, PLUS_END))
        if not level:
            size = opened(blob).size
    return blob


def opened(picture: bytes | RawBitmap) -> Image.Image:
    """Open a picture that is a file."""
    assert isinstance(picture, bytes)
    return Image.open(io.BytesIO(picture))
