"""Headers are measured as Pillow measures them, from streams too, and little is read."""

import io
import struct
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipFile

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from crispdeck.errors import CrispdeckError, UnreadablePictureError, UnsupportedPictureError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.inspect import PictureInfo, inspect

Save = Callable[..., bytes]
Scene = NDArray[np.uint8]


class OneWayStream(io.RawIOBase):
    """A stream that cannot seek, and counts what is taken from it."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._inner = io.BytesIO(data)
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        data = self._inner.read(size)
        self.taken += len(data)
        return data

    def readable(self) -> bool:
        return True


def inspect_stream(blob: bytes) -> PictureInfo:
    return inspect(cast("BinaryIO", OneWayStream(blob)))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "1"),
        ("PNG", "L"),
        ("PNG", "LA"),
        ("PNG", "P"),
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("JPEG", "L"),
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("GIF", "P"),
        ("BMP", "P"),
        ("BMP", "RGB"),
        ("TIFF", "1"),
        ("TIFF", "L"),
        ("TIFF", "RGB"),
        ("TIFF", "RGBA"),
        ("TIFF", "CMYK"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
    ],
)
def test_size_and_mode_are_those_that_pillow_finds(
    scene: Scene, save: Save, kind: str, mode: str
) -> None:
    picture = Image.fromarray(scene)
    picture.putalpha(Image.fromarray(scene[..., 0]))
    blob = save(picture, kind, mode)
    info = inspect(blob)
    pillow = Image.open(io.BytesIO(blob))
    assert (info.width_px, info.height_px) == pillow.size == (40, 30)
    assert info.mode == pillow.mode
    assert info.format == kind.lower()
    assert info.has_alpha == pillow.has_transparency_data
    assert info.frames == 1
    assert inspect_stream(blob) == info
    assert inspect(io.BytesIO(blob)) == info


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
def test_the_dpi_tag_is_read(scene: Scene, save: Save, kind: str) -> None:
    dpi = inspect(save(scene, kind, dpi=(150, 150))).dpi
    assert dpi == pytest.approx((150, 150), abs=0.02)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_without_a_dpi_tag_there_is_no_dpi(scene: Scene, save: Save, kind: str) -> None:
    assert inspect(save(scene, kind)).dpi is None


def test_a_jpeg_without_jfif_density_takes_its_dpi_from_exif(scene: Scene, save: Save) -> None:
    exif = Image.Exif()
    exif[282], exif[283], exif[296] = 300.0, 300.0, 2
    assert inspect(save(scene, "JPEG", exif=exif.tobytes())).dpi == (300, 300)


def test_dots_per_centimetre_become_dots_per_inch(scene: Scene, save: Save) -> None:
    blob = bytearray(save(scene, "JPEG", dpi=(100, 50)))
    jfif = blob.index(b"JFIF\0")
    blob[jfif + 7] = 2
    assert inspect(bytes(blob)).dpi == pytest.approx((254, 127))


def test_a_density_of_zero_is_no_dpi(scene: Scene, save: Save) -> None:
    blob = save(scene, "JPEG", dpi=(100, 100)).replace(b"\x01\0\x64\0\x64", b"\x01\0\0\0\0", 1)
    assert inspect(blob).dpi is None


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_the_orientation_is_told_and_the_size_not_turned(
    scene: Scene, save: Save, kind: str, orientation: int
) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    info = inspect(save(scene, kind, exif=exif))
    assert info.exif_orientation == orientation
    assert (info.width_px, info.height_px) == (40, 30)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_a_colour_profile_is_noticed(scene: Scene, save: Save, kind: str) -> None:
    assert inspect(save(scene, kind, icc_profile=b"profile" * 30)).has_icc
    assert not inspect(save(scene, kind)).has_icc


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_palette_depths_are_told(
    make_png: Callable[..., bytes], png_chunk: Callable[..., bytes], bits: int
) -> None:
    blob = make_png(8, 1, bits, 3, [bytes(bits)], png_chunk(b"PLTE", bytes(6)))
    info = inspect(blob)
    assert (info.mode, info.bits, info.has_alpha) == ("P", bits, False)


@pytest.mark.parametrize(("colour", "mode"), [(0, "L"), (2, "RGB"), (4, "LA"), (6, "RGBA")])
def test_sixteen_bits_are_told(make_png: Callable[..., bytes], colour: int, mode: str) -> None:
    info = inspect(make_png(1, 1, 16, colour, [bytes(8)]))
    assert (info.mode, info.bits) == (mode, 16)


def test_a_transparent_colour_counts_as_alpha(scene: Scene, save: Save) -> None:
    assert inspect(save(scene, "PNG", transparency=(0, 0, 30))).has_alpha
    assert inspect(save(scene, "GIF", transparency=3)).has_alpha


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_a_second_frame_is_found(scene: Scene, save: Save, kind: str) -> None:
    later = [Image.fromarray(np.roll(scene, step, axis=1)) for step in (3, 9)]
    blob = save(scene, kind, save_all=True, append_images=later)
    assert inspect(blob).frames > 1
    assert inspect_stream(blob).frames > 1


def test_a_png_with_a_broken_text_chunk_is_measured(
    scene: Scene, save: Save, png_chunk: Callable[[bytes, bytes], bytes]
) -> None:
    good = save(scene, "PNG")
    broken = bytearray(png_chunk(b"zTXt", b"mxfile\0\0" + b"no zlib stream"))
    broken[-1] ^= 0xFF
    assert inspect(good[:33] + bytes(broken) + good[33:]) == inspect(good)


def test_little_is_read_of_a_large_picture(save: Save) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1200, 1600, 3), np.uint8)
    for kind in ("PNG", "JPEG", "BMP", "WEBP"):
        stream = OneWayStream(save(noise, kind))
        inspect(cast("BinaryIO", stream))
        assert stream.taken <= 8 * 1024, kind


@pytest.mark.parametrize("order", ["<", ">"])
def test_tiffs_of_both_byte_orders_are_measured(
    make_tiff: Callable[..., bytes], order: str
) -> None:
    info = inspect(make_tiff(np.zeros((5, 7, 3), np.uint16), order))
    assert (info.width_px, info.height_px, info.mode, info.bits) == (7, 5, "RGB", 16)


def test_a_bitmap_with_rows_from_the_top_has_a_positive_height(scene: Scene, save: Save) -> None:
    blob = bytearray(save(scene, "BMP"))
    blob[22:26] = struct.pack("<i", -30)
    assert inspect(bytes(blob)).height_px == 30


@pytest.mark.parametrize("head", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0"])
def test_what_is_no_picture_is_unreadable(head: bytes) -> None:
    with pytest.raises(UnreadablePictureError):
        inspect(head)


@pytest.mark.parametrize("head", [b"<svg/>", b"%PDF-1.4", b"II\xbc\x01 rest"])
def test_vectors_and_exotic_formats_are_unsupported(head: bytes) -> None:
    with pytest.raises(UnsupportedPictureError):
        inspect(head)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_a_header_cut_anywhere_is_an_error_of_ours_or_still_measured(
    scene: Scene, save: Save, kind: str
) -> None:
    blob = save(scene, kind, dpi=(96, 96))
    whole = inspect(blob)
    for end in range(0, len(blob), 3):
        try:
            cut = inspect(blob[:end])
        except CrispdeckError:
            continue
        assert (cut.width_px, cut.height_px) == (whole.width_px, whole.height_px)


def test_an_endless_header_is_given_up(png_chunk: Callable[[bytes, bytes], bytes]) -> None:
    header = struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)
    many = png_chunk(b"tEXt", b"") * 500_000
    blob = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + many
    with pytest.raises(UnreadablePictureError, match="longer than any real one"):
        inspect(blob)
    with pytest.raises(UnreadablePictureError, match="longer than any real one"):
        inspect(b"\xff\xd8\xff\xe0\x00\x02" + bytes(1_000_000))


def test_all_pictures_of_the_shared_decks_are_measured_as_pillow_does(shared_data: Path) -> None:
    checked = 0
    for path in sorted((shared_data / "decks" / "talks").iterdir()):
        try:
            deck = ZipFile(path)
        except BadZipFile:
            continue
        with deck:
            for name in deck.namelist():
                checked += name.startswith("ppt/media/") and _agrees(deck, name)
    assert checked > 300


def _agrees(deck: ZipFile, name: str) -> bool:
    blob = deck.read(name)
    try:
        info = inspect(blob)
    except CrispdeckError:
        return False
    with warnings.catch_warnings(action="ignore"):
        image = Image.open(io.BytesIO(blob))
    assert (info.width_px, info.height_px, info.mode) == (*image.size, image.mode), name
    assert (info.frames > 1) == (getattr(image, "n_frames", 1) > 1), name
    assert info.has_alpha == image.has_transparency_data, name
    assert info.has_icc == bool(image.info.get("icc_profile")), name
    with deck.open(name) as stream:
        assert inspect(cast("BinaryIO", stream)) == info, name
    return info.format is not PictureFormat.UNKNOWN
