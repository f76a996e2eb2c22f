"""Picture files of every kind, made by Pillow or byte by byte; nothing is downloaded."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

Save = Callable[..., bytes]
PngMaker = Callable[..., bytes]
TiffMaker = Callable[..., bytes]
Chunk = Callable[[bytes, bytes], bytes]


@pytest.fixture(scope="session")
def scene() -> NDArray[np.uint8]:
    """40 x 30 RGB with smooth shades, hard edges and every value in between."""
    rows, columns = np.mgrid[0:30, 0:40]
    red = columns * 6
    green = rows * 8
    blue = np.where((columns // 5 + rows // 5) % 2, 220, 30)
    return np.stack((red, green, blue), axis=2).astype(np.uint8)


@pytest.fixture(scope="session")
def save() -> Save:
    """Return a function that saves an array or an Image with Pillow and gives the bytes."""

    def save_picture(picture: Any, kind: str, mode: str | None = None, **options: Any) -> bytes:
        image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
        out = io.BytesIO()
        (image.convert(mode) if mode else image).save(out, kind, **options)
        return out.getvalue()

    return save_picture


@pytest.fixture(scope="session")
def png_chunk() -> Chunk:
    def make(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    return make


@pytest.fixture(scope="session")
def make_png(png_chunk: Chunk) -> PngMaker:
    """Return a PNG writer independent of the one under test: filter 0, rows as given."""

    def make(
        width: int, height: int, bits: int, colour: int, rows: list[bytes], extra: bytes = b""
    ) -> bytes:
        header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
        pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
        return (
            b"\x89PNG\r\n\x1a\n"
            + png_chunk(b"IHDR", header)
            + extra
            + png_chunk(b"IDAT", pixels)
            + png_chunk(b"IEND", b"")
        )

    return make


@pytest.fixture(scope="session")
def make_tiff() -> TiffMaker:
    """Return a writer of uncompressed TIFFs with any samples, either byte order."""

    def make(samples: NDArray[Any], order: Literal["<", ">"] = "<", **tags: int) -> bytes:
        height, width, count = samples.shape
        data = samples.astype(samples.dtype.newbyteorder(order)).tobytes()
        bits = samples.dtype.itemsize * 8
        photometric = {1: 1, 2: 1, 3: 2, 4: 2}[count]
        numbers = {256: width, 257: height, 259: 1, 262: photometric, 277: count, 278: height}
        numbers |= {273: 8 + 2 * count, 279: len(data)}
        if count in {2, 4}:
            numbers[338] = tags.pop("extra_samples", 2)
        numbers |= {int(key.removeprefix("tag_")): value for key, value in tags.items()}
        entries = {tag: struct.pack(order + "HHII", tag, 4, 1, n) for tag, n in numbers.items()}
        if count == 1:
            entries[258] = struct.pack(order + "HHIHxx", 258, 3, 1, bits)
        elif count == 2:
            entries[258] = struct.pack(order + "HHIHH", 258, 3, 2, bits, bits)
        else:
            entries[258] = struct.pack(order + "HHII", 258, 3, count, 8)
        for short in (262, 277, 338, 274):
            if short in numbers:
                entries[short] = struct.pack(order + "HHIHxx", short, 3, 1, numbers[short])
        directory = struct.pack(order + "H", len(entries))
        directory += b"".join(entry for _, entry in sorted(entries.items())) + bytes(4)
        sizes = struct.pack(f"{order}{count}H", *[bits] * count)
        head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(
            order + "I", 8 + len(sizes) + len(data)
        )
        return head + sizes + data + directory

    return make
