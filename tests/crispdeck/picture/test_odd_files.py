"""Files that are a little wrong, or of a rare kind, are read as viewers read them."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from crispdeck.errors import UnreadablePictureError, UnsupportedPictureError
from crispdeck.picture import formats
from crispdeck.picture.decoded import DecodedPicture
from crispdeck.picture.inspect import inspect
from crispdeck.picture.reading import decode
from crispdeck.picture.source_notes import SourceNote
from crispdeck.picture.writing import encode

Save = Callable[..., bytes]
Scene = NDArray[np.uint8]


def read(blob: bytes) -> DecodedPicture:
    return decode(blob, max_px=1_000_000)


def shown(blob: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(blob)).convert("RGB"))


class TestPngsThatAreDamaged:
    """All pixels are there, so the picture is: and what is wrong is said."""

    @pytest.mark.parametrize("interlaced", [False, True])
    @pytest.mark.parametrize("mode", ["1", "P", "L", "RGB", "RGBA"])
    @pytest.mark.parametrize(
        "harm", ["no end", "end cut", "bad end", "bad checksum", "bad Adler-32", "no Adler-32"]
    )
    def test_every_pixel_is_read(
        self, scene: Scene, mode: str, harm: str, interlaced: bool
    ) -> None:
        image = Image.fromarray(scene).convert(mode)
        blob = self._interlaced(image) if interlaced and mode == "L" else self._saved(image)
        data = self._data(blob)
        good = read(blob).pixels.colour
        broken = {
            "no end": blob[:-12],
            "end cut": blob[:-6],
            "bad end": blob[:-1] + b"\0",
            "bad checksum": self._with(blob, data, checksum=7),
            "bad Adler-32": self._with(blob, data[:-4] + b"abcd"),
            "no Adler-32": self._with(blob, data[:-4]),
        }[harm]
        found = read(broken)
        np.testing.assert_array_equal(found.pixels.colour, good)
        assert found.repairs or harm == "no Adler-32"

    @pytest.mark.parametrize("share", [0.5, 0.7, 0.9])
    @pytest.mark.parametrize("has_end", [True, False])
    def test_what_is_cut_off_is_refused(self, scene: Scene, share: float, *, has_end: bool) -> None:
        blob = self._saved(Image.fromarray(scene))
        data = self._data(blob)
        cut = self._with(blob, data[: int(len(data) * share)])
        with pytest.raises(UnreadablePictureError):
            read(cut if has_end else cut[:-16])

    @staticmethod
    def _saved(image: Image.Image) -> bytes:
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()

    def _interlaced(self, image: Image.Image) -> bytes:
        grey = np.asarray(image)
        rows = b""
        steps = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2)]
        for left, top, across, down in [*steps, (0, 1, 1, 2)]:
            part = grey[top::down, left::across]
            rows += b"".join(b"\0" + row.tobytes() for row in part if part.shape[1])
        header = struct.pack(">IIBBBBB", image.width, image.height, 8, 0, 0, 0, 1)
        blob = b"\x89PNG\r\n\x1a\n"
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")):
            blob += struct.pack(">I", len(data)) + kind + data
            blob += struct.pack(">I", zlib.crc32(kind + data))
        return blob

    @staticmethod
    def _data(blob: bytes) -> bytes:
        at = blob.index(b"IDAT")
        return blob[at + 4 : at + 4 + int.from_bytes(blob[at - 4 : at])]

    @staticmethod
    def _with(blob: bytes, data: bytes, checksum: int | None = None) -> bytes:
        at = blob.index(b"IDAT")
        end = at + 8 + int.from_bytes(blob[at - 4 : at])
        crc = zlib.crc32(b"IDAT" + data) if checksum is None else checksum
        chunk = struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", crc)
        return blob[: at - 4] + chunk + blob[end:]


class TestJpegsWithoutAnEnd:
    @pytest.mark.parametrize(
        "options", [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_blocks": 4}]
    )
    @pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
    def test_every_pixel_is_read(
        self, scene: Scene, save: Save, mode: str, options: dict[str, int]
    ) -> None:
        blob = save(scene, "JPEG", mode, quality=90, **options)
        found = read(blob[:-2])
        np.testing.assert_array_equal(found.pixels.colour, read(blob).pixels.colour)
        assert found.repairs == (SourceNote.NO_END,)
        assert read(blob).repairs == ()

    @pytest.mark.parametrize("progressive", [False, True])
    @pytest.mark.parametrize("share", [0.5, 0.7, 0.9])
    def test_what_is_cut_off_is_refused(
        self, scene: Scene, save: Save, share: float, *, progressive: bool
    ) -> None:
        blob = save(scene, "JPEG", quality=90, progressive=progressive)
        with pytest.raises(UnreadablePictureError):
            read(blob[: int(len(blob) * share)])


def test_of_several_pictures_in_a_jpeg_the_first_counts(scene: Scene, save: Save) -> None:
    first, out = Image.fromarray(scene), io.BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[first.rotate(180)], quality=90)
    blob = save(scene, "JPEG", quality=90)
    for each in (out.getvalue(), blob + save(scene[::-1], "JPEG")):
        assert (inspect(each).format, inspect(each).frames) == ("jpeg", 1)
        off = np.abs(read(each).pixels.colour.astype(int) - read(blob).pixels.colour)
        assert off.max() <= 8


class TestGifs:
    def _parts(self, scene: Scene, save: Save) -> tuple[bytes, int]:
        blob = save(scene, "GIF", interlace=False)
        # Pillow writes header, table, then the frame's descriptor.
        return blob, 13 + (3 << ((blob[10] & 7) + 1))

    @pytest.mark.parametrize("stray", [b"\0", b"\0\0\0", b"\x55junk"])
    @pytest.mark.parametrize("place", ["before the frame", "for a trailer", "before the trailer"])
    def test_stray_bytes_do_not_matter(
        self, scene: Scene, save: Save, stray: bytes, place: str
    ) -> None:
        blob, at = self._parts(scene, save)
        broken = {
            "before the frame": blob[:at] + stray + blob[at:],
            "for a trailer": blob[:-1] + stray,
            "before the trailer": blob[:-1] + stray + b";",
        }[place]
        np.testing.assert_array_equal(read(broken).pixels.colour, read(blob).pixels.colour)
        assert inspect(broken).frames == 1
        assert read(broken).repairs == (SourceNote.STRAY_BYTES,)
        assert read(blob).repairs == ()

    @pytest.mark.parametrize("screen", [(0, 0), (0, 9), (7, 0), (20, 10)])
    def test_a_screen_smaller_than_its_frame_grows(
        self, scene: Scene, save: Save, screen: tuple[int, int]
    ) -> None:
        blob, _ = self._parts(scene, save)
        broken = blob[:6] + struct.pack("<HH", *screen) + blob[10:]
        np.testing.assert_array_equal(read(broken).pixels.colour, read(blob).pixels.colour)
        assert read(broken).repairs == (SourceNote.SMALL_SCREEN,)

    def test_what_no_frame_covers_is_clear(self, scene: Scene, save: Save) -> None:
        blob, at = self._parts(scene, save)
        height, width = scene.shape[:2]
        at = blob.index(b"\x2c" + struct.pack("<4H", 0, 0, width, height))
        moved = b"\x2c" + struct.pack("<4H", 7, 5, width, height)
        larger = blob[:6] + struct.pack("<HH", width + 20, height + 10) + blob[10:at]
        source = read(larger + moved + blob[at + 9 :])
        alpha = np.zeros((height + 10, width + 20), np.uint8)
        alpha[5 : 5 + height, 7 : 7 + width] = 255
        assert source.pixels.alpha is not None
        np.testing.assert_array_equal(source.pixels.alpha, alpha)
        again = read(encode(source.pixels, source, scale=1).blob)
        assert again.pixels.alpha is not None
        np.testing.assert_array_equal(again.pixels.alpha, alpha)


def bmp(scene: Scene, masks: tuple[int, int, int, int], size: int, alpha: int = 0) -> bytes:
    bits = 16 if max(masks[:3]) < 1 << 16 else 32
    height, width = scene.shape[:2]
    values = np.zeros((height, width), np.uint32)
    for channel, mask in enumerate(masks):
        if mask:
            shift = (mask & -mask).bit_length() - 1
            level = (
                scene[..., channel].astype(float)
                if channel < 3
                else np.full((height, width), alpha)
            )
            values |= np.rint(level / 255 * (mask >> shift)).astype(np.uint32) << np.uint32(shift)
    row = values.astype("<u2" if bits == 16 else "<u4")[::-1]
    rows = b"".join(r.tobytes().ljust((len(r.tobytes()) + 3) // 4 * 4, b"\0") for r in row)
    named = struct.pack("<4I", *masks)
    header = struct.pack("<IiiHHIIiiII", size, width, height, 1, bits, 3, len(rows), 0, 0, 0, 0)
    header += (named + bytes(size - 56)) if size >= 56 else named[:12]
    start = 14 + len(header)
    return struct.pack("<2sIHHI", b"BM", start + len(rows), 0, 0, start) + header + rows


MASKS = {
    "XRGB": (0xFF0000, 0xFF00, 0xFF, 0),
    "RGBX": (0xFF000000, 0xFF0000, 0xFF00, 0),
    "BGRX": (0xFF, 0xFF00, 0xFF0000, 0),
    "10-10-10": (0x3FF00000, 0xFFC00, 0x3FF, 0),
    "4-4-4": (0xF00, 0xF0, 0xF, 0),
    "5-6-5": (0xF800, 0x7E0, 0x1F, 0),
}


class TestBmps:
    @pytest.mark.parametrize("size", [40, 56, 108, 124])
    @pytest.mark.parametrize("name", MASKS)
    def test_colours_may_lie_anywhere(self, scene: Scene, name: str, size: int) -> None:
        found = read(bmp(scene, MASKS[name], size))
        coarse = 9 if name == "4-4-4" else 5 if name == "5-6-5" else 0
        assert np.abs(found.pixels.colour.astype(int) - scene).max() <= coarse

    @pytest.mark.parametrize("alpha", [0, 128, 255])
    @pytest.mark.parametrize("size", [56, 108, 124])
    def test_alpha_does_not_count(self, scene: Scene, size: int, alpha: int) -> None:
        found = read(bmp(scene, (0xFF0000, 0xFF00, 0xFF, 0xFF000000), size, alpha))
        assert found.pixels.alpha is None
        np.testing.assert_array_equal(found.pixels.colour, scene)

    def test_one_cut_off_is_refused(self, scene: Scene) -> None:
        blob = bmp(scene, MASKS["XRGB"], 40)
        with pytest.raises(UnreadablePictureError, match="last row"):
            read(blob[:-400])


class TestTiffs:
    @pytest.mark.parametrize("order", ["<", ">"])
    def test_white_may_be_zero_in_16_bits_too(
        self, make_tiff: Callable[..., bytes], order: str
    ) -> None:
        samples = np.random.default_rng(3).integers(0, 65536, (9, 11, 1), np.uint16)
        found = read(make_tiff(samples, order, tag_262=0))
        np.testing.assert_array_equal(found.pixels.colour, 65535 - samples)

    @pytest.mark.parametrize(("kind", "frames"), [(0, 2), (1, 1), (2, 2), (4, 1)])
    def test_a_thumbnail_or_a_mask_is_no_second_page(
        self, scene: Scene, save: Save, kind: int, frames: int
    ) -> None:
        second = Image.fromarray(scene).resize((8, 6))
        second.encoderinfo = {"tiffinfo": {254: kind}}
        blob = save(scene, "TIFF", save_all=True, append_images=[second])
        assert inspect(blob).frames == frames
        if frames == 1:
            np.testing.assert_array_equal(read(blob).pixels.colour, scene)

    def test_rare_kinds_are_not_called_damaged(self, make_tiff: Callable[..., bytes]) -> None:
        samples = np.zeros((9, 11, 2), np.uint16)
        with pytest.raises(UnsupportedPictureError):
            read(make_tiff(samples, "<"))


def test_a_palette_of_greys_keeps_its_rgb_profile_by_staying_rgb(scene: Scene) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    grey = Image.fromarray(scene).convert("L").convert("P")
    grey.save(out, "PNG", icc_profile=profile, transparency=bytes(range(0, 256, 1)))
    source = read(out.getvalue())
    noisy = source.pixels.colour.repeat(9, axis=0).repeat(9, axis=1)
    encoded = encode(type(source.pixels)(noisy, None), source, scale=9)
    assert inspect(encoded.blob).mode in {"P", "RGB"}
    plain = encode(type(source.pixels)(source.pixels.colour, source.pixels.alpha), source, scale=1)
    assert inspect(plain.blob).mode in {"P", "RGBA"}


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_only_the_low_bits_of_a_clear_grey_count(
    make_png: Callable[..., bytes], png_chunk: Callable[[bytes, bytes], bytes], bits: int
) -> None:
    key = png_chunk(b"tRNS", struct.pack(">H", 0xFF00 & ~((1 << bits) - 1) | 1))
    row = bytes([0x11 if bits == 4 else 0x44 if bits == 2 else 0xAA])
    alpha = read(make_png(8 // bits, 1, bits, 0, [row], key)).pixels.alpha
    assert alpha is not None
    assert (alpha == 0).any()


class TestOtherFormats:
    @pytest.mark.parametrize(("kind", "name"), [("AVIF", "avif"), ("JPEG2000", "jp2")])
    @pytest.mark.parametrize("mode", ["RGB", "RGBA"])
    def test_avif_and_jpeg_2000_are_read(
        self, scene: Scene, save: Save, kind: str, name: str, mode: str
    ) -> None:
        blob = save(scene, kind, mode)
        info = inspect(io.BytesIO(blob))
        assert (info.format, info.width_px, info.height_px) == (name, 40, 30)
        source = read(blob)
        assert np.abs(source.pixels.colour.astype(int) - scene).mean() < 20
        assert encode(source.pixels, source, scale=1).format == "png"

    @pytest.mark.parametrize(
        ("head", "name"),
        [
            (b"\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0", "ICO"),
            (b"\xff\x0a\x50\x1f", "JPEG XL"),
            (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
            (b"II+\0\x08\0\0\0" + bytes(8), "BigTIFF"),
        ],
    )
    def test_what_is_not_read_is_named(self, head: bytes, name: str) -> None:
        with pytest.raises(UnsupportedPictureError, match=name):
            inspect(head + bytes(200))

    def test_heic_is_named_where_its_reader_is_missing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(formats, "reads_heic", lambda: False)
        with pytest.raises(UnsupportedPictureError, match="HEIC"):
            inspect(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200))


def test_a_jpeg_2000_of_16_bits_in_colour_is_told_and_not_shown_wrong(
    scene: Scene, save: Save
) -> None:
    blob = save(scene, "JPEG2000")
    at = blob.index(b"\xff\x4f\xff\x51") + 42
    assert blob[at] == 7
    with pytest.raises(UnsupportedPictureError, match="16 bits"):
        inspect(blob[:at] + b"\x0f" + blob[at + 1 :])
