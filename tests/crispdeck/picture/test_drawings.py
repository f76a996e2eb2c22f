"""A metafile or an SVG that holds one bitmap is known for it, and that bitmap is replaced."""

import base64
import gzip
import io
import struct
import time
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from crispdeck.errors import PictureRefusedError, UnsupportedPictureError
from crispdeck.picture.drawings import find_bitmap
from crispdeck.picture.formats import SNIFF_BYTES, sniff
from crispdeck.picture.inspect import inspect
from crispdeck.picture.interpolate import resize
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.reading import decode
from crispdeck.picture.writing import encode
from tests.decks import drawings as made
from tests.decks import pictures

MAX_PX = 1_000_000
IMAGE = pictures.drawing()
DIB = made.dib(IMAGE)
GREY = pictures.drawing().convert("L")
KEYED = pictures.drawing().convert("RGBA")
KEYED.putalpha(Image.linear_gradient("L").resize(KEYED.size))
PNG = pictures.png()
LINE_TO = (made.LINE_TO, bytes(8))
PLUS_LINE = (0x400D, 0, struct.pack("<II4f", 0, 2, 0, 0, 9, 9))


def plus_file(*records: tuple[int, int, bytes], behind: made.Records = ()) -> bytes:
    header = made.plus_header(dual=bool(behind))
    return made.emf(made.plus(header, *records, made.PLUS_END), *behind)


def plus_picture(
    data: bytes = made.plus_image(PNG), *, parts: int = 1, unit: int = 2, behind: made.Records = ()
) -> bytes:
    shown = made.plus_draw(*IMAGE.size, unit=unit)
    return plus_file(*made.plus_object(data, parts=parts), shown, behind=behind)


REPLACEABLE = {
    "emf": made.emf(made.stretch_di_bits(DIB)),
    "emf from the top": made.emf(made.stretch_di_bits(made.dib(IMAGE, from_top=True))),
    "emf, mirrored": made.emf(made.stretch_di_bits(DIB, source=(0, 0, -120, 90))),
    "emf of greys": made.emf(made.stretch_di_bits(made.dib(GREY))),
    "emf, stretched": made.emf(made.stretch_blt(DIB)),
    "emf, blended": made.emf(made.alpha_blend(made.blended_dib(KEYED))),
    "emf, more records": made.emf((made.SET_MAP_MODE, bytes(4)), made.stretch_di_bits(DIB)),
    "emf+": plus_picture(),
    "emf+ of raw pixels": plus_picture(made.plus_raw_image(KEYED)),
    "emf+ in parts": plus_picture(parts=3),
    "emf+ and emf": plus_picture(behind=[made.stretch_di_bits(DIB)]),
    "wmf": made.wmf(*made.WMF_WINDOW, made.stretch_dib(DIB)),
    "svg": made.svg(f"<g>{made.svg_image(PNG)}</g>"),
    "svg of a JPEG": made.svg(made.svg_image(pictures.jpeg(), "jpeg")),
    "svg of a GIF": made.svg(made.svg_image(pictures.gif(), "gif")),
    "svg, cut": made.svg('<clipPath id="a"><rect/></clipPath>' + made.svg_image(PNG)),
    "emz": gzip.compress(made.emf(made.stretch_di_bits(DIB))),
}
TOLD = {
    "laid over what is below": made.emf(made.stretch_di_bits(DIB, operation=made.SOURCE_AND)),
    "a part of it": made.emf(made.stretch_di_bits(DIB, source=(9, 9, 50, 50))),
    "colours of the device": made.emf(made.stretch_di_bits(DIB, usage=1)),
    "as large as its pixels": made.emf(made.set_di_bits(DIB)),
    "wmf, laid over": made.wmf(made.stretch_dib(DIB, operation=made.SOURCE_AND)),
    "emf+, in other units": plus_picture(unit=3),
    "svg, as large as its pixels": made.svg(made.svg_image(PNG, size="")),
}
DRAWN = {
    "emf and a line": made.emf(made.stretch_di_bits(DIB), LINE_TO),
    "emf of two": made.emf(made.stretch_di_bits(DIB), made.stretch_di_bits(DIB)),
    "emf of a line": made.emf(LINE_TO),
    "emf of nothing": made.emf(),
    "emf+ and a line": plus_file(
        *made.plus_object(made.plus_image(PNG)), made.plus_draw(120, 90), PLUS_LINE
    ),
    "emf+ of a line, with a bitmap for old programs": plus_file(
        PLUS_LINE, behind=[made.stretch_di_bits(DIB)]
    ),
    "emf+ of an image that is not there": plus_file(made.plus_draw(120, 90)),
    "wmf and a line": made.wmf(made.stretch_dib(DIB), (0x0213, bytes(4))),
    "svg of two": made.svg(made.svg_image(PNG) * 2),
    "svg and a path": made.svg(made.svg_image(PNG) + "<path d='M0 0L9 9'/>"),
    "svg of a pattern": made.svg(f'<pattern id="a">{made.svg_image(PNG)}</pattern>'),
    "svg of a link": made.svg('<image width="9" height="9" href="picture.png"/>'),
    "svg of no picture": made.svg(made.svg_image(b"no picture")),
    "svg of an svg": made.svg(made.svg_image(made.svg(made.svg_image(PNG)), "svg+xml")),
}


def enlarged(blob: bytes, scale: int) -> tuple[bytes, Pixels]:
    """The drawing with its bitmap interpolated, and the pixels that went in."""
    source = decode(blob, max_px=MAX_PX)
    pixels = source.pixels
    larger = resize(pixels, pixels.width_px * scale, pixels.height_px * scale)
    return encode(larger, source, scale=scale).blob, larger


@pytest.mark.parametrize("blob", REPLACEABLE.values(), ids=REPLACEABLE)
class TestTheOneBitmap:
    def test_is_measured(self, blob: bytes) -> None:
        info = inspect(blob)
        assert (info.width_px, info.height_px) == IMAGE.size
        assert info.format is sniff(blob[:SNIFF_BYTES])

    def test_is_decoded_as_it_was_drawn(self, blob: bytes) -> None:
        pixels = decode(blob, max_px=MAX_PX).pixels
        truth = np.asarray(IMAGE).astype(int)
        colour = np.broadcast_to(pixels.colour, truth.shape)
        seen = np.ones(truth.shape[:2], bool) if pixels.alpha is None else pixels.alpha > 200
        assert np.abs(colour - truth).mean(axis=2)[seen].mean() < 40

    @pytest.mark.parametrize("scale", [2, 4])
    def test_is_replaced_by_a_larger_one(self, blob: bytes, scale: int) -> None:
        new, larger = enlarged(blob, scale)
        found = decode(new, max_px=MAX_PX)
        assert (found.info.width_px, found.info.height_px) == (120 * scale, 90 * scale)
        limit = 12 if not found.lossless else (4 if found.info.mode == "P" else 1)
        seen = slice(None) if larger.alpha is None else larger.alpha > 16
        moved = np.abs(found.pixels.colour.astype(int) - larger.colour)[seen]
        # Premultiplied colour under faint alpha has few levels.
        assert np.percentile(moved, 99) <= (limit if larger.alpha is None else 8)
        if larger.alpha is not None:
            assert found.pixels.alpha is not None
            assert np.abs(found.pixels.alpha.astype(int) - larger.alpha).max() <= 1

    def test_is_replaced_by_itself_and_no_pixel_moves(self, blob: bytes) -> None:
        new, same = enlarged(blob, 1)
        again = decode(new, max_px=MAX_PX)
        if again.lossless and same.alpha is None:
            shades = np.broadcast_to(same.colour, again.pixels.colour.shape)
            assert np.array_equal(again.pixels.colour, shades)

    def test_can_be_cut_off_anywhere_without_harm(self, blob: bytes) -> None:
        for cut in range(0, len(blob), max(1, len(blob) // 23)):
            try:
                enlarged(blob[:cut], 2)
            except PictureRefusedError:
                continue


@pytest.mark.parametrize("blob", TOLD.values(), ids=TOLD)
def test_a_bitmap_that_cannot_be_replaced_by_itself_is_found_and_told(blob: bytes) -> None:
    found = find_bitmap(blob, sniff(blob[:SNIFF_BYTES]))
    assert found is not None
    assert made.opened(found.picture).size == IMAGE.size
    assert found.put is None
    with pytest.raises(UnsupportedPictureError, match="cannot be replaced"):
        inspect(blob)


@pytest.mark.parametrize("blob", DRAWN.values(), ids=DRAWN)
def test_what_draws_more_or_nothing_is_a_drawing(blob: bytes) -> None:
    assert find_bitmap(blob, sniff(blob[:SNIFF_BYTES])) is None
    with pytest.raises(UnsupportedPictureError, match="no pixels"):
        inspect(blob)


class TestWhatStandsAroundTheBitmap:
    def test_an_emf_of_the_same_pixels_is_the_same_file(self) -> None:
        blob = REPLACEABLE["emf, more records"]
        assert enlarged(blob, 1)[0] == blob

    def test_in_an_emf_only_the_record_and_two_lengths_change(self) -> None:
        before = (made.SET_MAP_MODE, struct.pack("<I", 8))
        behind = (made.COMMENT, struct.pack("<I", 8) + b"mine \0\0\0")
        blob = made.emf(before, made.stretch_di_bits(DIB), behind)
        new, _ = enlarged(blob, 2)
        start = blob.index(struct.pack("<II", made.STRETCH_DI_BITS, len(DIB) + 80))
        assert new[:48] == blob[:48]
        assert struct.unpack_from("<II", new, 48) == (len(new), 5)
        assert new[56:start] == blob[56:start]
        end = blob.index(b"mine") - 12
        assert new.endswith(blob[end:])

    def test_an_emf_plus_file_says_its_own_size_and_records(self) -> None:
        for name in ("emf+", "emf+ in parts", "emf+ and emf"):
            new, _ = enlarged(REPLACEABLE[name], 2)
            size, count = struct.unpack_from("<II", new, 48)
            assert (size, count) == (len(new), len(records_of(new)))

    def test_both_parts_of_a_dual_file_get_the_picture(self) -> None:
        new, larger = enlarged(REPLACEABLE["emf+ and emf"], 2)
        (record,) = [data for kind, data in records_of(new) if kind == made.STRETCH_DI_BITS]
        alone = made.emf((made.STRETCH_DI_BITS, record[8:]))
        assert np.array_equal(decode(alone, max_px=MAX_PX).pixels.colour, larger.colour)

    def test_a_part_without_alpha_stays_where_the_other_has_it(self) -> None:
        blob = plus_picture(made.plus_raw_image(KEYED), behind=[made.stretch_di_bits(DIB)])
        new, _ = enlarged(blob, 2)
        kept = [data for kind, data in records_of(new) if kind == made.STRETCH_DI_BITS]
        assert kept == [d for kind, d in records_of(blob) if kind == made.STRETCH_DI_BITS]

    def test_a_wmf_says_its_own_size(self) -> None:
        new, _ = enlarged(REPLACEABLE["wmf"], 2)
        words, _, longest = struct.unpack_from("<IHI", new, 22 + 6)
        assert words * 2 == len(new) - 22
        assert longest * 2 == 6 + 22 + 40 + 240 * 180 * 3

    def test_in_an_svg_only_the_data_change(self) -> None:
        blob = REPLACEABLE["svg of a GIF"]
        new, _ = enlarged(blob, 2)
        head, _, rest = blob.partition(b"data:image/gif;base64,")
        assert new.startswith(head + b"data:image/png;base64,")
        assert new.endswith(rest[rest.index(b'"') :])

    def test_the_notes_of_a_picture_in_an_svg_stay(self) -> None:
        exif = Image.Exif()
        exif[315] = "An author"
        blob = made.svg(made.svg_image(pictures.saved(IMAGE, "jpeg", exif=exif), "jpeg"))
        new, _ = enlarged(blob, 2)
        found = find_bitmap(new, sniff(new))
        assert found is not None
        assert made.opened(found.picture).getexif()[315] == "An author"

    def test_a_palette_stays_a_palette(self) -> None:
        shades = IMAGE.quantize(8, dither=Image.Dither.NONE)
        blob = made.emf(made.stretch_di_bits(made.dib(shades)))
        source = decode(blob, max_px=MAX_PX)
        doubled = Pixels(source.pixels.colour.repeat(2, axis=0).repeat(2, axis=1))
        found = decode(encode(doubled, source, scale=2).blob, max_px=MAX_PX)
        assert found.info.mode == "P"
        assert np.array_equal(found.pixels.colour, doubled.colour)

    def test_the_natural_size_stays(self) -> None:
        blob = made.emf(made.stretch_di_bits(made.dib(dense())))
        before, after = (inspect(each) for each in (blob, enlarged(blob, 2)[0]))
        assert before.dpi is not None
        assert after.dpi == pytest.approx((before.dpi[0] * 2, before.dpi[1] * 2), rel=0.01)

    def test_packed_files_stay_packed_and_are_the_same_each_time(self) -> None:
        first, second = (enlarged(REPLACEABLE["emz"], 2)[0] for _ in range(2))
        assert first == second
        assert gzip.decompress(first) == enlarged(REPLACEABLE["emf"], 2)[0]


def dense() -> Image.Image:
    blob = pictures.saved(IMAGE, "bmp", dpi=(120, 120))
    return made.opened(blob)


def records_of(blob: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at < len(blob):
        kind, size = struct.unpack_from("<II", blob, at)
        found.append((kind, blob[at : at + size]))
        at += size
    return found


@pytest.mark.parametrize(
    "damage",
    [
        lambda blob: blob.replace(struct.pack("<II", 80, 40), struct.pack("<II", 8, 40)),
        lambda blob: blob.replace(struct.pack("<II", 80, 40), struct.pack("<II", 80, 2**31)),
        lambda blob: blob.replace(struct.pack("<i", 120), struct.pack("<i", 2**31 - 1)),
        lambda blob: blob.replace(struct.pack("<Ii", 40, 120), struct.pack("<Ii", 40, -5)),
        lambda blob: blob.replace(struct.pack("<Ii", 40, 120), struct.pack("<Ii", 7, 120)),
    ],
)
def test_lying_lengths_do_no_harm(damage: Callable[[bytes], bytes]) -> None:
    blob = damage(REPLACEABLE["emf"])
    assert blob != REPLACEABLE["emf"]
    with pytest.raises(PictureRefusedError):
        enlarged(blob, 2)


def test_data_that_are_escaped_in_the_svg_are_read() -> None:
    data = base64.b64encode(PNG).decode().replace("+", "%2B").replace("/", "%2F")
    image = f'<image width="4" height="3" href=\'data:image/png;base64,&#10;{data}\'/>'
    blob = made.svg(image)
    assert np.array_equal(
        decode(blob, max_px=MAX_PX).pixels.colour, np.asarray(Image.open(io.BytesIO(PNG)))
    )


@pytest.mark.parametrize(
    "piece", [b"<!--", b"<image ", b"<clipPath ", b"<image href='data:", b";base64,"]
)
def test_a_hostile_svg_takes_no_more_time_than_its_size(piece: bytes) -> None:
    blob = made.svg("").replace(b"</svg>", piece * (2_000_000 // len(piece)))
    started = time.thread_time()
    assert find_bitmap(blob, sniff(blob[:SNIFF_BYTES])) is None
    assert time.thread_time() - started < 2


def test_a_metafile_that_draws_one_image_a_thousand_times_costs_no_more() -> None:
    image = made.plus_object(made.plus_raw_image(pictures.drawing(1200, 900).convert("RGBA")))
    blob = plus_file(*image, *[made.plus_draw(1200, 900)] * 1000)
    started = time.thread_time()
    assert find_bitmap(blob, sniff(blob[:SNIFF_BYTES])) is None
    assert time.thread_time() - started < 2
