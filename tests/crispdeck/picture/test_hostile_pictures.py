"""Pictures built or bent to do harm: an error of ours, soon, and in little memory."""

import contextlib
import io
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from crispdeck.errors import CrispdeckError, PictureTooLargeError
from crispdeck.picture.inspect import inspect
from crispdeck.picture.reading import decode
from tests.fuzzing import searching

Chunk = Callable[[bytes, bytes], bytes]


def refused_cheaply(blob: bytes, error: type[CrispdeckError]) -> None:
    tracemalloc.start()
    started_s = time.perf_counter()
    try:
        with pytest.raises(error):
            decode(blob, max_px=16_000_000)
        assert time.perf_counter() - started_s < 2
        assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    finally:
        tracemalloc.stop()


def large_png(make_chunk: Chunk, side_px: int) -> bytes:
    header = struct.pack(">IIBBBBB", side_px, side_px, 1, 0, 0, 0, 0)
    squeezed = zlib.compressobj(9)
    row = bytes(1 + (side_px + 7) // 8)
    data = b"".join(squeezed.compress(row) for _ in range(side_px)) + squeezed.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + make_chunk(b"IHDR", header)
        + make_chunk(b"IDAT", data)
        + make_chunk(b"IEND", b"")
    )


def test_a_huge_png_of_a_few_kilobytes_is_too_large(png_chunk: Chunk) -> None:
    blob = large_png(png_chunk, 30_000)
    assert len(blob) < 120_000
    assert inspect(blob).px == 900_000_000
    refused_cheaply(blob, PictureTooLargeError)


def test_a_limit_above_that_of_pillow_does_not_lift_it(png_chunk: Chunk) -> None:
    with pytest.raises(PictureTooLargeError):
        decode(large_png(png_chunk, 20_000), max_px=10**12)


def test_a_gif_whose_frame_outgrows_its_screen_counts_by_its_frame() -> None:
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 60_000, 60_000, 0) + b"\x02\x02\x4c\x01\x00;"
    screen = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    refused_cheaply(screen + frame, PictureTooLargeError)


def test_a_colour_profile_that_unpacks_without_end_is_cut(png_chunk: Chunk) -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    blob = out.getvalue()
    bomb = png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(300_000_000), 9))
    tracemalloc.start()
    with contextlib.suppress(CrispdeckError):
        decode(blob[:33] + bomb + blob[33:], max_px=1000)
    assert tracemalloc.get_traced_memory()[1] < 60 * 2**20
    tracemalloc.stop()


def _samples() -> list[bytes]:
    rows, columns = np.mgrid[0:24, 0:32]
    picture = np.stack((rows * 9, columns * 7, rows ^ columns), axis=2).astype(np.uint8)
    image = Image.fromarray(picture)
    image.info["dpi"] = (96, 96)
    found = []
    for kind, mode, options in (
        ("PNG", "RGB", {"dpi": (96, 96), "icc_profile": b"p" * 200}),
        ("PNG", "RGBA", {}),
        ("PNG", "P", {"transparency": 3}),
        ("PNG", "I;16", {}),
        ("JPEG", "RGB", {"dpi": (72, 72), "icc_profile": b"p" * 200}),
        ("JPEG", "CMYK", {"progressive": True}),
        ("GIF", "P", {"transparency": 3}),
        ("BMP", "RGB", {}),
        ("BMP", "P", {}),
        ("TIFF", "RGB", {"compression": "tiff_lzw"}),
        ("TIFF", "RGBA", {"dpi": (96, 96)}),
        ("WEBP", "RGBA", {"lossless": True}),
        ("WEBP", "RGB", {}),
    ):
        out = io.BytesIO()
        image.convert("L" if mode == "I;16" else mode).convert(mode).save(out, kind, **options)
        found.append(out.getvalue())
    return found


SAMPLES = _samples()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Some bytes changed, a piece cut out, or a piece of another picture put in."""
    blob = bytearray(draw(st.sampled_from(SAMPLES)))
    # Headers are where damage does most, so half of the hits are there.
    place = st.one_of(st.integers(0, 120), st.integers(0, len(blob) - 1))
    for at, value in draw(st.lists(st.tuples(place, st.integers(0, 255)), max_size=6)):
        blob[at % len(blob)] = value
    match draw(st.integers(0, 3)):
        case 0:
            del blob[draw(place) :]
        case 1:
            start = draw(place)
            del blob[start : start + draw(st.integers(1, 64))]
        case 2:
            other = draw(st.sampled_from(SAMPLES))
            start = draw(place)
            blob[start:start] = other[: draw(st.integers(1, 200))]
    return with_good_checksums(bytes(blob)) if draw(st.booleans()) else bytes(blob)


def with_good_checksums(blob: bytes) -> bytes:
    """Mend a PNG's checksums, for damage must come further than to them."""
    if not blob.startswith(b"\x89PNG"):
        return blob
    mended, at = blob[:8], 8
    while at + 12 <= len(blob):
        end = at + 8 + int.from_bytes(blob[at : at + 4])
        body = blob[at + 4 : end]
        mended += blob[at : at + 4] + body + struct.pack(">I", zlib.crc32(body))
        at = end + 4
    return mended


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@searching(1500)
@given(damaged())
def test_damage_gives_a_picture_or_an_error_of_ours(blob: bytes) -> None:
    with contextlib.suppress(CrispdeckError):
        inspect(blob)
    with contextlib.suppress(CrispdeckError):
        decoded = decode(blob, max_px=100_000)
        assert decoded.pixels.width_px * decoded.pixels.height_px <= 100_000


@searching(300)
@given(st.binary(max_size=400), st.sampled_from([s[:20] for s in SAMPLES]))
def test_rubbish_behind_a_good_start_gives_an_error_of_ours(rubbish: bytes, start: bytes) -> None:
    with contextlib.suppress(CrispdeckError):
        decode(start + rubbish, max_px=100_000)
