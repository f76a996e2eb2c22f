"""Every kind of picture comes in with its true pixels and goes out as its like, enlarged."""

import hashlib
import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, IptcImagePlugin, PngImagePlugin

from crispdeck.errors import (
    PictureTooLargeError,
    UnreadablePictureError,
    UnsupportedPictureError,
)
from crispdeck.picture import interpolate
from crispdeck.picture.decoded import DecodedPicture, EncodedPicture
from crispdeck.picture.inspect import inspect
from crispdeck.picture.notes import original_of
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.reading import decode
from crispdeck.picture.writing import encode

Save = Callable[..., bytes]
Scene = NDArray[np.uint8]
Chunk = Callable[[bytes, bytes], bytes]

MAX_PX = 1_000_000


def read(blob: bytes) -> DecodedPicture:
    return decode(blob, max_px=MAX_PX)


def enlarged(source: DecodedPicture, scale: int = 2) -> tuple[Pixels, EncodedPicture]:
    pixels = source.pixels
    larger = interpolate.resize(pixels, pixels.width_px * scale, pixels.height_px * scale)
    return larger, encode(larger, source, scale=scale)


def assert_same(left: Pixels, right: Pixels) -> None:
    np.testing.assert_array_equal(left.colour, right.colour)
    assert (left.alpha is None) == (right.alpha is None)
    if left.alpha is not None and right.alpha is not None:
        np.testing.assert_array_equal(left.alpha, right.alpha)


@pytest.fixture
def with_alpha(scene: Scene) -> Image.Image:
    picture = Image.fromarray(scene)
    picture.putalpha(Image.fromarray(scene[..., 0]))
    return picture


class TestLosslessRoundTrips:
    """What goes into a PNG comes out of it to the last bit."""

    @pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
    @pytest.mark.parametrize("kind", ["PNG", "TIFF"])
    def test_grey_and_colour_with_and_without_alpha(
        self, with_alpha: Image.Image, save: Save, kind: str, mode: str
    ) -> None:
        source = read(save(with_alpha, kind, mode))
        larger, encoded = enlarged(source)
        assert (encoded.format, encoded.mode) == ("png", mode)
        assert_same(read(encoded.blob).pixels, larger)

    @pytest.mark.parametrize("mode", ["RGB", "RGBA"])
    def test_lossless_webp_becomes_png(
        self, with_alpha: Image.Image, save: Save, mode: str
    ) -> None:
        source = read(save(with_alpha, "WEBP", mode, lossless=True, exact=True))
        assert source.lossless
        expected = np.asarray(with_alpha.convert(mode))
        np.testing.assert_array_equal(source.pixels.colour, expected[..., :3])
        assert enlarged(source)[1].format == "png"

    def test_lossy_webp_says_so(self, scene: Scene, save: Save) -> None:
        assert not read(save(scene, "WEBP", quality=80)).lossless

    @pytest.mark.parametrize("mode", ["1", "P", "RGB"])
    def test_bitmaps_become_png(self, scene: Scene, save: Save, mode: str) -> None:
        blob = save(scene, "BMP", mode)
        source = read(blob)
        shown = np.asarray(Image.open(io.BytesIO(blob)).convert("RGB"))
        np.testing.assert_array_equal(np.broadcast_to(source.pixels.colour, shown.shape), shown)
        larger, encoded = enlarged(source)
        assert encoded.format == "png"
        if encoded.mode != "P":
            assert_same(read(encoded.blob).pixels, larger)


class TestPalettes:
    """Few colours in, few colours out; nobody sees a difference."""

    @pytest.mark.parametrize("bits", [1, 2, 4, 8])
    def test_indices_of_every_depth_are_looked_up(
        self, make_png: Callable[..., bytes], png_chunk: Chunk, bits: int
    ) -> None:
        table = np.arange(3 << bits, dtype=np.uint8).reshape(-1, 3) * (255 // (3 << bits))
        indices = np.arange(8) % (1 << bits)
        packed = np.packbits(
            np.unpackbits(indices.astype(np.uint8)[:, None], axis=1)[:, -bits:].ravel()
        )
        row = packed.tobytes()
        blob = make_png(8, 1, bits, 3, [row], png_chunk(b"PLTE", table.tobytes()))
        source = read(blob)
        assert source.has_palette
        assert source.pixels.alpha is None
        np.testing.assert_array_equal(source.pixels.colour[0], table[indices])

    @pytest.mark.parametrize("scale", [2, 4])
    @pytest.mark.parametrize("colours", [2, 4, 16, 64, 256])
    @pytest.mark.parametrize("kind", ["GIF", "PNG"])
    @pytest.mark.parametrize("scene_kind", ["drawing", "dithered", "grey ramp"])
    def test_grounds_keep_their_exact_colour(
        self, scene: Scene, scene_kind: str, kind: str, colours: int, scale: int
    ) -> None:
        drawn = np.full((96, 96, 3), 255, np.uint8)
        drawn[24:72, 24:72] = np.asarray(Image.fromarray(scene).resize((48, 48)))
        if scene_kind == "grey ramp":
            drawn[24:72, 24:72] = np.linspace(0, 255, 48)[None, :, None]
        dither = Image.Dither.FLOYDSTEINBERG if scene_kind == "dithered" else Image.Dither.NONE
        out = io.BytesIO()
        Image.fromarray(drawn).quantize(colours, dither=dither).save(out, kind)
        source = read(out.getvalue())
        larger, encoded = enlarged(source, scale)
        shown = np.broadcast_to(read(encoded.blob).pixels.colour, larger.colour.shape)
        grounds = np.unique(source.pixels.colour.reshape(-1, 3), axis=0)
        for colour in grounds:
            where = (larger.colour == colour).all(axis=2)
            np.testing.assert_array_equal(shown[where], larger.colour[where])
        assert np.abs(shown.astype(int) - larger.colour).max() <= 4

    def test_half_clear_entries_become_alpha(
        self, make_png: Callable[..., bytes], png_chunk: Chunk
    ) -> None:
        extra = png_chunk(b"PLTE", bytes(range(9))) + png_chunk(b"tRNS", b"\0\x80")
        source = read(make_png(3, 1, 8, 3, [b"\0\1\2"], extra))
        assert source.pixels.alpha is not None
        assert source.pixels.alpha.tolist() == [[0, 128, 255]]
        assert source.pixels.colour.tolist() == [[[0, 1, 2], [3, 4, 5], [6, 7, 8]]]

    def test_a_flat_drawing_stays_a_palette_within_four_levels(self, save: Save) -> None:
        drawing = np.full((40, 40, 3), 250, np.uint8)
        drawing[8:30, 8:30] = (20, 90, 160)
        source = read(save(Image.fromarray(drawing).quantize(2), "PNG"))
        larger, encoded = enlarged(source, 4)
        assert encoded.mode == "P"
        again = read(encoded.blob).pixels
        assert np.abs(again.colour.astype(int) - larger.colour).max() <= 4

    def test_a_shaded_picture_becomes_true_colour(self, save: Save) -> None:
        noise = np.random.default_rng(2).integers(0, 256, (64, 64, 3), np.uint8)
        source = read(save(Image.fromarray(noise).quantize(200), "PNG"))
        larger, encoded = enlarged(source, 4)
        assert encoded.mode == "RGB"
        assert_same(read(encoded.blob).pixels, larger)

    def test_binary_alpha_of_a_gif_stays_exact(self, save: Save) -> None:
        indices = np.zeros((20, 20), np.uint8)
        indices[5:15, 5:15] = 1
        image = Image.fromarray(indices, "P")
        image.putpalette([255, 0, 0, 0, 0, 255])
        source = read(save(image, "GIF", transparency=0))
        doubled = Pixels(
            source.pixels.colour.repeat(2, 0).repeat(2, 1),
            np.asarray(source.pixels.alpha, np.uint8).repeat(2, 0).repeat(2, 1),
        )
        encoded = encode(doubled, source, scale=2)
        assert (encoded.format, encoded.mode) == ("png", "P")
        again = read(encoded.blob).pixels
        np.testing.assert_array_equal(again.alpha, doubled.alpha)
        seen = doubled.alpha == 255
        np.testing.assert_array_equal(again.colour[seen], doubled.colour[seen])

    def test_a_palette_of_greys_that_grows_too_large_becomes_grey(self, save: Save) -> None:
        ramp = np.repeat(np.arange(256, dtype=np.uint8)[None], 200, axis=0)
        alpha = ramp.T[:200].repeat(2, axis=1)[:, :256]
        source = read(save(Image.fromarray(np.dstack((ramp, ramp, ramp))), "PNG", "P"))
        encoded = encode(
            Pixels(np.dstack((ramp, ramp, ramp)), np.ascontiguousarray(alpha[:, :256])),
            source,
            scale=1,
        )
        assert encoded.mode == "LA"


class TestTransparentColours:
    """One colour of a PNG without alpha may be clear; at any depth."""

    @pytest.mark.parametrize(
        ("bits", "row", "key", "expected"),
        [
            (1, b"\x40", 1, [255, 0]),
            (2, b"\x60", 2, [255, 0]),
            (4, b"\x37", 7, [255, 0]),
            (8, b"\x05\x80", 0x80, [255, 0]),
            (16, b"\x12\x34\x12\x35", 0x1235, [65535, 0]),
        ],
    )
    def test_a_clear_grey(
        self,
        make_png: Callable[..., bytes],
        png_chunk: Chunk,
        bits: int,
        row: bytes,
        key: int,
        expected: list[int],
    ) -> None:
        extra = png_chunk(b"tRNS", struct.pack(">H", key))
        pixels = read(make_png(2, 1, bits, 0, [row], extra)).pixels
        assert pixels.alpha is not None
        assert pixels.alpha.tolist() == [expected]

    def test_a_clear_colour_of_8_bits(
        self, make_png: Callable[..., bytes], png_chunk: Chunk
    ) -> None:
        extra = png_chunk(b"tRNS", struct.pack(">HHH", 1, 2, 3))
        source = read(make_png(2, 1, 8, 2, [bytes((1, 2, 3, 1, 2, 4))], extra))
        assert source.pixels.alpha is not None
        assert source.pixels.alpha.tolist() == [[0, 255]]
        assert encode(source.pixels, source, scale=1).mode == "RGBA"

    def test_a_clear_colour_of_16_bits_needs_all_16(
        self, make_png: Callable[..., bytes], png_chunk: Chunk
    ) -> None:
        extra = png_chunk(b"tRNS", struct.pack(">HHH", 256, 2, 3))
        row = struct.pack(">6H", 256, 2, 3, 256, 2, 4)
        pixels = read(make_png(2, 1, 16, 2, [row], extra)).pixels
        assert pixels.alpha is not None
        assert pixels.alpha.tolist() == [[0, 65535]]


class TestSixteenBits:
    """16 bits stay 16 bits."""

    @pytest.fixture(params=[1, 2, 3, 4])
    def samples(self, request: pytest.FixtureRequest) -> NDArray[np.uint16]:
        return np.random.default_rng(3).integers(0, 65536, (9, 11, request.param), np.uint16)

    def test_png_samples_are_read_to_the_last_bit(
        self, make_png: Callable[..., bytes], samples: NDArray[np.uint16]
    ) -> None:
        rows = [row.astype(">u2").tobytes() for row in samples]
        colour = {1: 0, 2: 4, 3: 2, 4: 6}[samples.shape[2]]
        self._assert_read(read(make_png(11, 9, 16, colour, rows)), samples)

    @pytest.mark.parametrize("order", ["<", ">"])
    def test_tiff_samples_are_read_to_the_last_bit(
        self, make_tiff: Callable[..., bytes], samples: NDArray[np.uint16], order: str
    ) -> None:
        if samples.shape[2] == 2:
            with pytest.raises(UnsupportedPictureError, match="rare kind"):
                read(make_tiff(samples, order))
            return
        self._assert_read(read(make_tiff(samples, order)), samples)

    @pytest.mark.parametrize("smooth", [False, True])
    def test_what_is_written_is_read_back(
        self, make_png: Callable[..., bytes], samples: NDArray[np.uint16], *, smooth: bool
    ) -> None:
        rows = [row.astype(">u2").tobytes() for row in samples]
        colour = {1: 0, 2: 4, 3: 2, 4: 6}[samples.shape[2]]
        source = read(make_png(11, 9, 16, colour, rows))
        # Noise goes without a filter; a smooth picture uses all five.
        larger = interpolate.resize(source.pixels, 88, 72) if smooth else source.pixels
        encoded = encode(larger, source, scale=8)
        assert inspect(encoded.blob).bits == 16
        assert_same(read(encoded.blob).pixels, larger)

    def test_premultiplied_colour_of_a_tiff_is_made_straight(
        self, make_tiff: Callable[..., bytes]
    ) -> None:
        samples = np.array([[[0x4000, 0x2000, 0, 0x8000], [9, 9, 9, 0]]], np.uint16)
        pixels = read(make_tiff(samples, extra_samples=1)).pixels
        assert pixels.colour[0, 0].tolist() == [0x8000, 0x4000, 0]

    @staticmethod
    def _assert_read(source: DecodedPicture, samples: NDArray[np.uint16]) -> None:
        count = samples.shape[2]
        colours = count - 1 if count in {2, 4} else count
        np.testing.assert_array_equal(source.pixels.colour, samples[..., :colours])
        assert (source.pixels.alpha is not None) == (count in {2, 4})
        if source.pixels.alpha is not None:
            np.testing.assert_array_equal(source.pixels.alpha, samples[..., -1])


class TestJpeg:
    """JPEG stays JPEG: its colours, its profile, never a lower quality."""

    @pytest.mark.parametrize("mode", ["L", "RGB"])
    @pytest.mark.parametrize("progressive", [False, True])
    def test_grey_and_colour_stay(
        self, scene: Scene, save: Save, mode: str, *, progressive: bool
    ) -> None:
        source = read(save(scene, "JPEG", mode, progressive=progressive))
        assert not source.lossless
        larger, encoded = enlarged(source)
        assert (encoded.format, encoded.mode) == ("jpeg", mode)
        difference = read(encoded.blob).pixels.colour.astype(int) - larger.colour
        assert np.abs(difference).mean() < 3

    def test_colour_is_not_thinned_out(self, scene: Scene, save: Save) -> None:
        _, encoded = enlarged(read(save(scene, "JPEG", subsampling=2)))
        image = Image.open(io.BytesIO(encoded.blob))
        assert [layer[1:3] for layer in image.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("given", "least"), [(30, 85), (75, 85), (85, 85), (92, 92), (97, 97), (100, 100)]
    )
    def test_quality_is_high_and_never_lower_than_before(
        self, scene: Scene, save: Save, given: int, least: int
    ) -> None:
        source = read(save(scene, "JPEG", quality=given))
        assert source.jpeg_quality == given
        _, encoded = enlarged(source)
        assert read(encoded.blob).jpeg_quality == least

    def test_the_estimate_of_the_quality_is_within_one_everywhere(
        self, scene: Scene, save: Save
    ) -> None:
        found = [read(save(scene, "JPEG", quality=q)).jpeg_quality or 0 for q in range(20, 101)]
        assert max(abs(q - f) for q, f in enumerate(found, 20)) <= 1

    @pytest.mark.parametrize("adobe", [True, False])
    def test_cmyk_stays_cmyk_and_looks_the_same(
        self, scene: Scene, save: Save, *, adobe: bool
    ) -> None:
        ink = np.dstack((scene, np.full(scene.shape[:2], 20, np.uint8)))
        blob = save(Image.fromarray(ink, "CMYK"), "JPEG", quality=95, icc_profile=b"ink" * 50)
        if not adobe:
            # Without Adobe's note the same numbers mean the opposite: 0 is no ink.
            start = blob.index(b"\xff\xee")
            blob = blob[:start] + blob[start + 16 :]
        source = read(blob)
        expected = ink if adobe else 255 - ink
        shown = np.asarray(Image.open(io.BytesIO(blob)))
        assert np.abs(source.pixels.colour.astype(int) - expected).mean() < 3
        larger, encoded = enlarged(source)
        assert encoded.mode == "CMYK"
        again = read(encoded.blob)
        assert (b"Adobe" in encoded.blob) == adobe
        shown_now = Image.open(io.BytesIO(encoded.blob)).resize(shown.shape[1::-1])
        assert np.abs(np.asarray(shown_now).astype(int) - shown).mean() < 6
        assert again.icc == b"ink" * 50
        assert np.abs(again.pixels.colour.astype(int) - larger.colour).mean() < 3

    def test_a_profile_in_several_pieces_is_joined(self, scene: Scene, save: Save) -> None:
        profile = bytes(range(256)) * 600
        source = read(save(scene, "JPEG", icc_profile=profile))
        assert source.icc == profile
        assert read(enlarged(source)[1].blob).icc == profile

    def test_broken_notes_do_not_hurt(self, scene: Scene, save: Save) -> None:
        blob = save(scene, "JPEG")
        broken = b"\xff\xe1\x00\x0cExif\0\0\xff\xff\xff\xff" + b"\xff\xe2\x00\x08MPF\0II"
        assert_same(read(blob[:2] + broken + blob[2:]).pixels, read(blob).pixels)


class TestTags:
    """Colour and natural size are kept, everything else is left out."""

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
    @pytest.mark.parametrize("scale", [2, 4])
    def test_the_natural_size_does_not_change(
        self, scene: Scene, save: Save, kind: str, scale: int
    ) -> None:
        source = read(save(scene, kind, dpi=(96, 72)))
        _, encoded = enlarged(source, scale)
        assert inspect(encoded.blob).dpi == pytest.approx((96 * scale, 72 * scale), abs=0.1)

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
    def test_untagged_stays_untagged(self, scene: Scene, save: Save, kind: str) -> None:
        assert inspect(enlarged(read(save(scene, kind)))[1].blob).dpi is None

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
    def test_the_colour_profile_is_kept(self, scene: Scene, save: Save, kind: str) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        source = read(save(scene, kind, icc_profile=profile))
        assert read(enlarged(source)[1].blob).icc == profile

    def test_the_meaning_of_png_colours_is_kept(
        self, scene: Scene, save: Save, png_chunk: Chunk
    ) -> None:
        blob = save(scene, "PNG")
        gamma = png_chunk(b"gAMA", struct.pack(">I", 45455))
        source = read(blob[:33] + gamma + blob[33:])
        assert gamma in enlarged(source)[1].blob

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
    @pytest.mark.parametrize("orientation", range(2, 9))
    def test_orientation_is_not_applied_and_goes_with_the_pixels(
        self, scene: Scene, save: Save, kind: str, orientation: int
    ) -> None:
        exif = Image.Exif()
        exif[274] = orientation
        source = read(save(scene, kind, exif=exif))
        plain = read(save(scene, kind))
        assert_same(source.pixels, plain.pixels)
        larger, encoded = enlarged(source)
        assert encoded.format == source.info.format
        assert inspect(encoded.blob).exif_orientation == orientation
        upright = ImageOps.exif_transpose(Image.open(io.BytesIO(save(scene, kind, exif=exif))))
        shown = ImageOps.exif_transpose(Image.open(io.BytesIO(encoded.blob)))
        assert shown.size == (upright.width * 2, upright.height * 2)
        small = np.asarray(shown.resize(upright.size, Image.Resampling.BOX)).astype(int)
        assert np.abs(small - np.asarray(upright)).mean() < 6
        if kind != "JPEG":
            assert_same(read(encoded.blob).pixels, larger)

    def test_a_turned_webp_becomes_a_turned_png(self, scene: Scene, save: Save) -> None:
        exif = Image.Exif()
        exif[274] = 6
        encoded = enlarged(read(save(scene, "WEBP", lossless=True, exif=exif)))[1]
        assert (encoded.format, inspect(encoded.blob).exif_orientation) == ("png", 6)

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
    def test_date_and_copyright_stay_and_sizes_grow(
        self, scene: Scene, save: Save, kind: str
    ) -> None:
        exif = Image.Exif()
        exif[33432], exif[282], exif[296] = "A. Person", 96.0, 2
        exif.get_ifd(0x8769)[0x9003] = "2024:02:03 04:05:06"
        exif.get_ifd(0x8769)[0xA002] = scene.shape[1]
        source = read(save(scene, kind, exif=exif))
        found = Image.open(io.BytesIO(enlarged(source)[1].blob)).getexif()
        assert found[33432] == "A. Person"
        assert found[282] == 192
        assert found.get_ifd(0x8769)[0x9003] == "2024:02:03 04:05:06"
        assert found.get_ifd(0x8769)[0xA002] == 2 * scene.shape[1]
        bare = encode(source.pixels, source, scale=1, strip=True)
        assert b"A. Person" not in bare.blob

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
    def test_xmp_stays(self, scene: Scene, save: Save, kind: str) -> None:
        packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rights/></x:xmpmeta>"
        if kind == "PNG":
            pnginfo = PngImagePlugin.PngInfo()
            pnginfo.add_itxt("XML:com.adobe.xmp", packet.decode())
            source = read(save(scene, kind, pnginfo=pnginfo))
        else:
            source = read(save(scene, kind, xmp=packet))
        assert packet in enlarged(source)[1].blob

    def test_a_gain_map_goes_and_what_points_to_it(self, scene: Scene, save: Save) -> None:
        packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/' hdrgm:Version='1.0'/>"
        source = read(save(scene, "JPEG", xmp=packet))
        assert source.notes.has_gain_map
        assert b"hdrgm" not in enlarged(source)[1].blob

    @pytest.mark.parametrize("kind", ["PNG", "JPEG"])
    def test_files_that_show_the_same_have_successors_of_their_own(
        self, scene: Scene, save: Save, kind: str
    ) -> None:
        exif = Image.Exif()
        exif[315] = "A. Person"
        blobs = [save(scene, kind), save(scene, kind, exif=exif)]
        made = [enlarged(read(blob))[1].blob for blob in blobs]
        names = [hashlib.sha256(blob).hexdigest()[:16] for blob in blobs]
        assert [original_of(blob) for blob in made] == names

    @pytest.mark.parametrize(
        ("kind", "data"),
        [
            (b"tEXt", b"Author\0Somebody"),
            (b"zTXt", b"mxfile\0\0" + zlib.compress(b"<mxfile/>")),
            (b"iTXt", b"Title\0\1\0\0\0" + zlib.compress(b"A title")),
        ],
    )
    def test_the_text_of_a_png_stays_unless_it_shall_go(
        self, scene: Scene, save: Save, png_chunk: Chunk, kind: bytes, data: bytes
    ) -> None:
        blob = save(scene, "PNG")
        source = read(blob[:33] + png_chunk(kind, data) + blob[33:])
        assert data in enlarged(source)[1].blob
        assert data not in encode(source.pixels, source, scale=1, strip=True).blob

    @pytest.mark.parametrize(
        ("kind", "data", "checksum"),
        [
            (b"zTXt", b"mxfile\0\0" + zlib.compress(bytes(2_000_000)), None),
            (b"zTXt", b"mxfile\0\0no zlib", None),
            (b"tEXt", b"Author\0Somebody", b"\0\0\0\0"),
        ],
    )
    def test_text_that_would_keep_others_from_opening_the_file_goes(
        self,
        scene: Scene,
        save: Save,
        png_chunk: Chunk,
        kind: bytes,
        data: bytes,
        checksum: bytes | None,
    ) -> None:
        blob = save(scene, "PNG")
        chunk = png_chunk(kind, data)
        chunk = chunk if checksum is None else chunk[:-4] + checksum
        made = enlarged(read(blob[:33] + chunk + blob[33:]))[1].blob
        assert data not in made
        Image.open(io.BytesIO(made)).load()

    def test_the_iptc_record_and_the_comments_of_a_jpeg_stay(
        self, scene: Scene, save: Save
    ) -> None:
        record = b"\x1c\x02\x74\x00\x0bA copyright"
        resources = b"8BIM\x04\x0c\0\0\0\0\0\x03old\0"
        resources += b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record
        blob = save(scene, "JPEG", comment=b"A comment")
        head = b"Photoshop 3.0\0" + resources
        segment = b"\xff\xed" + struct.pack(">H", len(head) + 2) + head
        source = read(blob[:2] + segment + blob[2:])
        made = enlarged(source)[1].blob
        assert (record in made, b"A comment" in made) == (True, True)
        assert b"old" not in made
        assert IptcImagePlugin.getiptcinfo(Image.open(io.BytesIO(made))) == {
            (2, 116): b"A copyright"
        }
        assert b"copyright" not in encode(source.pixels, source, scale=1, strip=True).blob

    @pytest.mark.parametrize(("kind", "turned"), [("TIFF", 1), ("TIFF", 6), ("AVIF", 1)])
    def test_the_author_stays_where_the_format_changes(
        self, scene: Scene, save: Save, kind: str, turned: int
    ) -> None:
        exif = Image.Exif()
        exif[315], exif[274] = "A. Person", turned
        made = enlarged(read(save(scene, kind, exif=exif)))[1].blob
        found = Image.open(io.BytesIO(made)).getexif()
        assert (found[315], found.get(274, 1)) == ("A. Person", turned)

    @pytest.mark.parametrize("orientation", range(2, 9))
    def test_an_avif_is_turned_as_every_viewer_turns_it(
        self, scene: Scene, save: Save, orientation: int
    ) -> None:
        exif = Image.Exif()
        exif[274] = orientation
        blob = save(scene, "AVIF", exif=exif)
        upright = ImageOps.exif_transpose(Image.open(io.BytesIO(blob)))
        info, source = inspect(blob), read(blob)
        assert (info.width_px, info.height_px) == upright.size
        assert np.array_equal(source.pixels.colour, np.asarray(upright))
        made = Image.open(io.BytesIO(enlarged(source)[1].blob))
        assert made.getexif().get(274, 1) == 1

    def test_a_broken_text_chunk_does_not_hurt(
        self, scene: Scene, save: Save, png_chunk: Chunk
    ) -> None:
        blob = save(scene, "PNG")
        broken = bytearray(png_chunk(b"zTXt", b"mxfile\0\0no zlib stream"))
        broken[-1] ^= 0xFF
        source = read(blob[:33] + bytes(broken) + blob[33:])
        assert_same(source.pixels, read(blob).pixels)

    def test_the_header_of_an_interlaced_png_is_not_carried_over(
        self, scene: Scene, save: Save
    ) -> None:
        source = read(save(scene, "PNG"))
        _, encoded = enlarged(source)
        assert encoded.blob[28] == 0


class TestTiff:
    def test_cmyk_becomes_rgb_because_png_holds_no_ink(self, scene: Scene, save: Save) -> None:
        source = read(save(Image.fromarray(scene).convert("CMYK"), "TIFF"))
        assert source.pixels.colour.shape == (30, 40, 3)
        assert np.abs(source.pixels.colour.astype(int) - scene).mean() < 3
        assert source.icc is None

    @pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
    def test_the_usual_compressions_are_read(
        self, scene: Scene, save: Save, compression: str
    ) -> None:
        source = read(save(scene, "TIFF", compression=compression))
        np.testing.assert_array_equal(source.pixels.colour, scene)


class TestRefusals:
    @pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "TIFF"])
    def test_animations_are_unsupported(self, scene: Scene, save: Save, kind: str) -> None:
        later = [Image.fromarray(np.roll(scene, 5, axis=1))]
        with pytest.raises(UnsupportedPictureError, match="animated"):
            read(save(scene, kind, save_all=True, append_images=later))

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF", "WEBP", "GIF"])
    def test_a_truncated_picture_is_unreadable(self, save: Save, kind: str) -> None:
        noise = np.random.default_rng(4).integers(0, 256, (200, 200, 3), np.uint8)
        blob = save(noise, kind)
        with pytest.raises(UnreadablePictureError):
            read(blob[: len(blob) // 2])

    def test_one_flipped_bit_among_the_pixels_is_unreadable(self, scene: Scene, save: Save) -> None:
        blob = bytearray(save(scene, "PNG"))
        blob[-30] ^= 1
        with pytest.raises(UnreadablePictureError):
            read(bytes(blob))

    def test_one_pixel_too_many_is_too_large(self, scene: Scene, save: Save) -> None:
        blob = save(scene, "PNG")
        assert decode(blob, max_px=1200).pixels.width_px == 40
        with pytest.raises(PictureTooLargeError):
            decode(blob, max_px=1199)

    def test_a_jpeg_cannot_be_given_alpha(self, scene: Scene, save: Save) -> None:
        source = read(save(scene, "JPEG"))
        alpha = np.zeros(scene.shape[:2], np.uint8)
        with pytest.raises(ValueError, match="alpha"):
            encode(Pixels(scene, alpha), source, scale=1)

    def test_a_png_cannot_be_given_ink(self, scene: Scene, save: Save) -> None:
        source = read(save(scene, "PNG"))
        with pytest.raises(ValueError, match="CMYK"):
            encode(Pixels(np.dstack((scene, scene[..., 0]))), source, scale=1)
