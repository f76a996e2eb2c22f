"""Drawings built or bent to do harm: soon done with, in little memory, with no errors but ours."""

import gzip
import struct
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from crispdeck.errors import (
    PictureTooLargeError,
    UnreadablePictureError,
    UnsupportedPictureError,
)
from crispdeck.picture.drawings import DrawnBitmap, NewBitmap, find, find_bitmap
from crispdeck.picture.formats import SNIFF_BYTES, PictureFormat, sniff
from crispdeck.picture.inspect import inspect
from crispdeck.picture.reading import decode
from crispdeck.picture.thumbnail import thumbnail
from crispdeck.picture.writing import encode
from tests.decks import drawings as made
from tests.decks import pictures
from tests.decks.drawings import nested_emf

IMAGE = pictures.drawing()
HEADER = made.plus_header(dual=False)
WIDE_PX = 2000


@contextmanager
def soon(seconds: float = 2.0) -> Iterator[None]:
    started = time.thread_time()
    yield
    assert time.thread_time() - started < seconds


@contextmanager
def within(most_bytes: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most_bytes
    finally:
        tracemalloc.stop()


def blended_emf(side_px: int) -> bytes:
    """Faint colour under alpha, the same everywhere."""
    rows = bytes((10, 20, 30, 60)) * side_px**2
    head = struct.pack("<IiiHHIIiiII", 40, side_px, side_px, 1, 32, 0, len(rows), 0, 0, 0, 0)
    return made.emf(made.alpha_blend(head + rows))


def scattered_emf(parts: int) -> bytes:
    """An EMF+ image whose parts lie in a comment each."""
    pieces = made.plus_object(made.plus_raw_image(IMAGE.convert("RGBA")), parts=parts)
    return made.emf(
        made.plus(HEADER),
        *[made.plus(piece) for piece in pieces],
        made.plus(made.plus_draw(*IMAGE.size), made.PLUS_END),
    )


def enlarged(blob: bytes) -> bytes:
    source = decode(blob, max_px=10**6)
    return encode(source.pixels, source, scale=1).blob


def test_an_image_in_thousands_of_parts_is_joined_once() -> None:
    data = made.plus_raw_image(pictures.drawing(1200, 1200).convert("RGBA"))
    parts = made.plus_object(data, parts=6000)
    draw = made.plus_draw(1200, 1200)
    blob = made.emf(made.plus(HEADER, *parts, draw, made.PLUS_END))
    with soon():
        assert inspect(blob).width_px == 1200


def test_an_image_in_thousands_of_comments_is_replaced_in_time_by_their_number() -> None:
    blob = scattered_emf(20_000)
    source = decode(blob, max_px=10**6)
    with soon():
        new = encode(source.pixels, source, scale=1).blob
    assert len(new) < len(blob) / 2
    assert inspect(new).width_px == IMAGE.width


class TestABitmapOfManyPixels:
    def test_is_measured_from_its_headers(self) -> None:
        blob = blended_emf(WIDE_PX)
        with within(4 * len(blob)):
            assert inspect(blob).has_alpha

    def test_is_refused_before_a_pixel_is_made(self) -> None:
        blob = blended_emf(WIDE_PX)
        with within(4 * len(blob)), pytest.raises(PictureTooLargeError):
            decode(blob, max_px=10**6)

    def test_is_decoded_in_a_few_bytes_a_pixel(self) -> None:
        blob = blended_emf(WIDE_PX)
        with within(32 * WIDE_PX**2):
            pixels = decode(blob, max_px=10**7).pixels
        assert pixels.colour[0, 0].tolist() == [128, 85, 42]
        assert pixels.alpha is not None
        assert (pixels.alpha == 60).all()

    def test_is_written_in_a_few_bytes_a_pixel(self) -> None:
        blob = blended_emf(WIDE_PX)
        source = decode(blob, max_px=10**7)
        with within(40 * WIDE_PX**2):
            new = encode(source.pixels, source, scale=1).blob
        assert decode(new, max_px=10**7).pixels.colour[0, 0].tolist() == [128, 85, 42]


def test_a_drawing_in_a_drawing_is_no_bitmap() -> None:
    for levels in (1, 1200):
        with pytest.raises(UnsupportedPictureError, match="no pixels"):
            inspect(nested_emf(levels))


def test_a_drawing_in_a_bitmap_of_a_drawing_is_no_bitmap() -> None:
    inner = made.one_bitmap("emf")
    head = struct.pack("<IiiHHIIiiII", 40, 120, 90, 1, 0, 5, len(inner), 0, 0, 0, 0)
    with pytest.raises(UnsupportedPictureError, match="no pixels"):
        inspect(made.emf(made.stretch_di_bits(head + inner)))


@pytest.mark.parametrize(
    "subset", ["", ' PUBLIC "-//W3C//DTD SVG 1.1//EN" "a.dtd"', " [<!ENTITY a '<path/>'>]"]
)
def test_an_svg_with_a_doctype_is_no_bitmap(subset: str) -> None:
    whole = made.one_bitmap("svg")
    blob = whole.replace(b"<svg", f"<!DOCTYPE svg{subset}>\n<svg".encode(), 1)
    assert find_bitmap(whole, PictureFormat.SVG) is not None
    assert find_bitmap(blob, sniff(blob[:SNIFF_BYTES])) is None


@pytest.mark.parametrize("escape", ["%", "%20", "&#10;", "&#65;"])
def test_an_svg_of_nothing_but_escapes_takes_little_memory(escape: str) -> None:
    data = escape * (3 * 2**20 // len(escape))
    blob = made.svg(f'<image width="4" height="3" href="data:image/png;base64,{data}"/>')
    with within(32 * 2**20), soon():
        assert find_bitmap(blob, PictureFormat.SVG) is None


def test_a_packed_drawing_is_unpacked_to_its_limit_only() -> None:
    blob = gzip.compress(made.svg(" " * 64 * 2**20 + made.svg_image(pictures.png())))
    assert len(blob) < 2**17
    with within(4 * 2**20):
        assert find_bitmap(blob, PictureFormat.SVG, max_bytes=2**20) is None


def test_numbers_without_room_for_a_larger_bitmap_are_an_error_of_ours() -> None:
    def too_large() -> tuple[bytes, str]:
        return struct.pack("<H", 1 << 16), ""

    pixels = decode(made.one_bitmap("emf+"), max_px=10**6).pixels
    drawn = find_bitmap(made.one_bitmap("emf+"), PictureFormat.EMF)
    assert drawn is not None
    assert drawn.put is not None
    with pytest.raises(UnreadablePictureError, match="no room"):
        drawn.put(NewBitmap(pixels, pixels, too_large))


@pytest.mark.parametrize("kind", ["ppm", "tga", "ico"])
def test_only_pictures_that_decks_hold_are_looked_for_in_an_emf_plus(kind: str) -> None:
    data = made.plus_image(
        pictures.saved(IMAGE, kind, **({"sizes": [(120, 90)]} if kind == "ico" else {}))
    )
    records = [*made.plus_object(data), made.plus_draw(*IMAGE.size), made.PLUS_END]
    blob = made.emf(made.plus(HEADER, *records))
    assert find_bitmap(blob, sniff(blob[:SNIFF_BYTES])) is None


@pytest.mark.parametrize(
    "blob",
    [
        made.svg("<image/>" * 800_000),
        made.emf(*[(made.SET_MAP_MODE, b"")] * 400_000),
        made.emf(made.plus(HEADER, *[(0x4003, 0, b"")] * 400_000)),
        made.wmf(*[(0x0103, b"")] * 800_000),
    ],
    ids=["svg", "emf", "emf+", "wmf"],
)
def test_a_drawing_of_many_pieces_takes_little_memory(blob: bytes) -> None:
    with within(32 * 2**20 + 3 * len(blob)):
        assert find_bitmap(blob, sniff(blob[:SNIFF_BYTES])) is None


class TestHeadersThatCountWrong:
    def test_an_emf_is_counted_anew(self) -> None:
        blob = bytearray(scattered_emf(3))
        struct.pack_into("<2I", blob, 48, 0, 0)
        new = enlarged(bytes(blob))
        assert struct.unpack_from("<2I", new, 48) == (len(new), 5)

    def test_a_wmf_is_counted_anew(self) -> None:
        blob = bytearray(made.wmf(made.stretch_dib(made.dib(IMAGE.convert("RGBA")))))
        struct.pack_into("<I", blob, 22 + 6, 0)
        new = enlarged(bytes(blob))
        assert struct.unpack_from("<I", new, 22 + 6)[0] * 2 == len(new) - 22

    def test_a_density_beyond_all_numbers_stays_within_them(self) -> None:
        dib = made.dib(IMAGE)
        odd = dib[:24] + struct.pack("<2i", -(2**31), 2**31 - 1) + dib[32:]
        source = decode(made.emf(made.stretch_di_bits(odd)), max_px=10**6)
        doubled = type(source.pixels)(source.pixels.colour.repeat(2, axis=0).repeat(2, axis=1))
        assert inspect(encode(doubled, source, scale=2).blob).width_px == 240

    def test_an_emf_without_a_whole_header_is_no_bitmap(self) -> None:
        whole = made.emf(made.stretch_di_bits(made.dib(IMAGE)))
        blob = struct.pack("<2I", 1, 48) + whole[8:48] + whole[108:]
        assert sniff(blob[:SNIFF_BYTES]) is PictureFormat.EMF
        assert find_bitmap(blob, PictureFormat.EMF) is None


def test_a_bitmap_of_os2_is_read_as_its_short_header_says() -> None:
    samples = np.full((4, 6, 4), (5, 4, 3, 0), np.uint8)
    dib = struct.pack("<IiiHH", 16, 6, 4, 1, 32) + samples.tobytes()
    pixels = decode(made.wmf(made.stretch_dib(dib)), max_px=100).pixels
    assert pixels.colour.shape == (4, 6, 3)
    assert (pixels.colour == (3, 4, 5)).all()


@pytest.mark.parametrize(
    "use",
    [
        lambda blob: decode(blob, max_px=10**6),
        lambda blob: thumbnail(blob, max_px=10**6),
    ],
    ids=["decode", "thumbnail"],
)
def test_a_drawing_is_searched_once(
    use: Callable[[bytes], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[bytes] = []
    finder = find._FINDERS[PictureFormat.EMF]

    def watched(blob: bytes) -> DrawnBitmap | None:
        searched.append(blob)
        return finder(blob)

    monkeypatch.setitem(find._FINDERS, PictureFormat.EMF, watched)
    use(made.one_bitmap("emf"))
    assert len(searched) == 1
