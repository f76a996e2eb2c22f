"""Encode pixels into the file that takes the source's place; decides format, mode and tags."""

import io
import zlib
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from PIL import Image

from crispdeck.picture import jpeg_file, png_file
from crispdeck.picture.decoded import DecodedPicture, EncodedPicture
from crispdeck.picture.drawings import DrawnBitmap, NewBitmap
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.info import PictureInfo
from crispdeck.picture.notes import (
    Notes,
    grown_exif,
    jpeg_segments,
    orientation_only,
    original_mark,
    png_chunks,
    tiff_notes,
)
from crispdeck.picture.palette import Indexed, to_palette
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.png_rounding import rounded_samples
from crispdeck.picture.tiff_file import write_tiff

oxipng: Any = import_module("oxipng") if find_spec("oxipng") else None
"""Searches for the smallest PNG; comes with the extra `small`."""

MIN_JPEG_QUALITY = 85
"""What a sharp result needs at the least, however poor its source was. Six JPEGs of real decks,
upscaled: at 85 or the source's own 39 to 50 dB away from what was made, at 92 or the source's own
42 to 52 dB; a source of quality 75 lost more than that itself."""

PNG_COMPRESS_LEVEL = 6
"""zlib-ng in Pillow, 14 flat pictures upscaled: level 1 0.14 s and 1.43 MB, level 6 0.24 s and
1.22 MB, level 9 0.97 s and 1.20 MB."""

OXIPNG_LEVEL = 2
"""12 pictures of decks, against Pillow's level 6 with 0.5 s in all: level 1 0.944 of the bytes in
2.2 s, level 2 0.904 in 4.8 s, level 4 0.900 in 30 s."""

OXIPNG_PX = 4_000_000
"""Pixels beyond which a picture is not searched through: half a second for a million is enough.
No limit in seconds: the same picture shall always give the same bytes."""

GRAINY_BYTES_PER_PX = 0.4
"""Above this a PNG holds grain, in which the search for repetitions finds next to nothing: 12
photographs of 640 x 640 took 214 ms and 375 KB with it, 52 ms and 387 KB without."""

_KEPT_AS_IT_IS = {
    "bit_depth_reduction": False,
    "color_type_reduction": False,
    "grayscale_reduction": False,
    "palette_reduction": False,
}
_MAX_JFIF_DENSITY = 65535  # JFIF 1.02: densities are fields of two bytes
_PNG_MODES = {(1, False): "L", (1, True): "LA", (3, False): "RGB", (3, True): "RGBA"}


def encode(
    pixels: Pixels,
    source: DecodedPicture,
    *,
    scale: float,
    strip: bool = False,
    thin: bool = False,
) -> EncodedPicture:
    """Write pixels that stand for `source`, enlarged `scale` times.

    JPEG stays JPEG (4:4:4, the quality it had or MIN_JPEG_QUALITY), everything else becomes PNG:
    with a palette if the source had one and nobody can tell, with 16 bits if the pixels have them,
    grey where all is. Only a TIFF that viewers turn stays a TIFF: those that turn TIFFs are not
    those that turn PNGs. Colour profile and meaning are kept, dpi tags grow with the pixels so that
    the natural size stays, EXIF, XMP, IPTC and text stay. The file names its original, so that
    files that show the same and say different things are not taken for one.

    Args:
        pixels: what to write.
        source: what they were made of.
        scale: by how much they were enlarged.
        strip: leave EXIF, XMP, IPTC and text out, all but the orientation.
        thin: let samples of a PNG without palette move as `rounded_samples` says; else none moves.

    Raises:
        ValueError: pixels that the format cannot hold: alpha in JPEG, CMYK in PNG.
    """
    if source.drawn is not None:
        return _in_drawing(pixels, source, source.drawn, scale, strip=strip, thin=thin)
    dpi = source.info.dpi and (source.info.dpi[0] * scale, source.info.dpi[1] * scale)
    notes = _grown_notes(pixels, source, scale, strip=strip)
    mark = original_mark(source.digest) if source.digest else b""
    if not stays(source.info):
        return _as_png(pixels, source, dpi, png_chunks(notes, mark), thin * scale)
    if source.info.format is PictureFormat.JPEG:
        return _jpeg(pixels, source, dpi, jpeg_segments(notes, mark))
    if source.info.format is PictureFormat.TIFF:
        return write_tiff(pixels, source, dpi, mark, tiff_notes(notes))
    return _as_png(pixels, source, dpi, png_chunks(notes, mark), thin * scale)


def stays(info: PictureInfo) -> bool:
    """Tell whether what is made of such a picture has its format; everything else becomes PNG.

    Drawings stay what they are: the one bitmap in them is replaced.
    """
    is_turned_tiff = info.format is PictureFormat.TIFF and info.exif_orientation != 1
    keeps = {PictureFormat.JPEG, PictureFormat.PNG}
    return info.format in keeps or info.format.is_vector or is_turned_tiff


def _in_drawing(
    pixels: Pixels,
    source: DecodedPicture,
    drawn: DrawnBitmap,
    scale: float,
    *,
    strip: bool,
    thin: bool,
) -> EncodedPicture:
    """Write the drawing with these pixels in the place of its bitmap."""
    if drawn.put is None:
        raise ValueError("the drawing's bitmap cannot be replaced")
    inner = replace(source.info, format=drawn.inspect().format)
    bitmap = replace(source, info=inner, drawn=None)

    def file() -> tuple[bytes, str]:
        made = encode(pixels, bitmap, scale=scale, strip=strip, thin=thin)
        return made.blob, made.format.content_type

    return EncodedPicture(
        blob=drawn.put(NewBitmap(pixels, source.pixels, file)),
        format=source.info.format,
        width_px=pixels.width_px,
        height_px=pixels.height_px,
        mode=source.info.mode,
    )


def _as_png(
    pixels: Pixels,
    source: DecodedPicture,
    dpi: tuple[float, float] | None,
    extra: bytes,
    thin_scale: float,
) -> EncodedPicture:
    if (pixels.colour.shape[2], pixels.alpha is not None) not in _PNG_MODES:
        raise ValueError("PNG holds no CMYK")
    mode, blob = _png(pixels, source, thin_scale)
    tags = _png_tags(source, dpi, 1 if mode in {"L", "LA"} else 3) + extra
    return EncodedPicture(
        blob=png_file.insert_after_header(blob, tags),
        format=PictureFormat.PNG,
        width_px=pixels.width_px,
        height_px=pixels.height_px,
        mode=mode,
    )


def _grown_notes(pixels: Pixels, source: DecodedPicture, scale: float, *, strip: bool) -> Notes:
    exif = grown_exif(source.notes.exif, pixels.width_px, pixels.height_px, scale)
    if not strip:
        return replace(source.notes, exif=exif)
    orientation = source.info.exif_orientation
    return Notes(orientation_only(orientation) if orientation != 1 else b"")


def _jpeg(
    pixels: Pixels, source: DecodedPicture, dpi: tuple[float, float] | None, extra: bytes
) -> EncodedPicture:
    if pixels.alpha is not None or pixels.max_value != 255:
        raise ValueError("JPEG holds neither alpha nor 16 bits")
    colour = pixels.colour
    if colour.shape[2] == 4 and not source.has_adobe:
        # Viewers differ over the meaning of such files; stored alike, each shows what it showed.
        colour = 255 - colour
    image = Image.fromarray(
        colour[..., 0] if colour.shape[2] == 1 else colour,
        {1: "L", 3: "RGB", 4: "CMYK"}[colour.shape[2]],
    )
    options: dict[str, Any] = {"icc_profile": source.icc} if source.icc else {}
    if dpi:
        options["dpi"] = tuple(min(_MAX_JFIF_DENSITY, max(1, round(value))) for value in dpi)
    out = io.BytesIO()
    quality = max(MIN_JPEG_QUALITY, source.jpeg_quality or 0)
    # Both cost little time and save a tenth and a thirtieth of the bytes without touching a pixel.
    options |= {"optimize": True, "progressive": True}
    image.save(out, "JPEG", quality=quality, subsampling=0, **options)
    blob = out.getvalue() if source.has_adobe else jpeg_file.without_adobe(out.getvalue())
    return EncodedPicture(
        blob=jpeg_file.insert_behind_jfif(blob, extra),
        format=PictureFormat.JPEG,
        width_px=pixels.width_px,
        height_px=pixels.height_px,
        mode=image.mode,
    )


def _png(pixels: Pixels, source: DecodedPicture, thin_scale: float) -> tuple[str, bytes]:
    """Return the mode and a PNG without tags; `thin_scale` 0 moves no sample."""
    if source.has_palette and pixels.colour.shape[2] == 3:
        indexed = to_palette(pixels, source.pixels)
        if indexed is not None:
            return "P", _searched(_indexed_png(indexed), indexed.indices.size)
    if not _has_colour_profile(source):
        pixels = _grey_if_possible(pixels)
    if thin_scale:
        pixels = rounded_samples(pixels, thin_scale)
    mode = _PNG_MODES[pixels.colour.shape[2], pixels.alpha is not None]
    alpha = () if pixels.alpha is None else (pixels.alpha[..., None],)
    samples = np.concatenate((pixels.colour, *alpha), axis=2)
    if samples.dtype == np.uint16:
        return mode, png_file.write_png16(samples.astype(np.uint16))
    image = Image.fromarray(samples[..., 0] if mode == "L" else samples, mode)
    return mode, _searched(_saved_soon(image), image.width * image.height)


def _searched(png: bytes, px: int) -> bytes:
    """Search for better filters and repetitions, where the extra for that is installed."""
    if oxipng is None or px > OXIPNG_PX:
        return png
    return bytes(oxipng.optimize_from_memory(png, level=OXIPNG_LEVEL, **_KEPT_AS_IT_IS))


def _has_colour_profile(source: DecodedPicture) -> bool:
    """Tell whether there is a profile for RGB, which a grey PNG must not hold (PNG, 11.3.2.3)."""
    return source.icc is not None and source.icc[16:20] == b"RGB "


def _grey_if_possible(pixels: Pixels) -> Pixels:
    """Return one channel instead of three where all three are the same."""
    if pixels.colour.shape[2] != 3:
        return pixels
    red, green, blue = (pixels.colour[..., channel] for channel in range(3))
    is_grey = np.array_equal(red, green) and np.array_equal(red, blue)
    return Pixels(pixels.colour[..., :1], pixels.alpha) if is_grey else pixels


def _indexed_png(indexed: Indexed) -> bytes:
    image = Image.fromarray(indexed.indices, "P")
    image.putpalette(indexed.table[:, :3].tobytes())
    alpha = indexed.table[:, 3]
    clear_count = int((alpha < 255).sum())
    options = {"transparency": alpha[:clear_count].tobytes()} if clear_count else {}
    return _saved(image, **options)


def _saved_soon(image: Image.Image) -> bytes:
    """Search for repetitions only where a quick try on some rows says that there are some."""
    third = image.height // 3
    tried = image.crop((0, third, image.width, image.height - third))
    quick = _saved(tried, compress_type=zlib.Z_RLE)
    if len(quick) > GRAINY_BYTES_PER_PX * tried.width * tried.height:
        return _saved(image, compress_type=zlib.Z_RLE)
    return _saved(image)


def _saved(image: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=PNG_COMPRESS_LEVEL, **options)
    return out.getvalue()


def _fits(icc: bytes, channels: int) -> bool:
    """Tell whether a profile is of the pixels' own kind, grey or RGB."""
    return icc[16:20] != (b"RGB " if channels == 1 else b"GRAY")


def _png_tags(source: DecodedPicture, dpi: tuple[float, float] | None, channels: int) -> bytes:
    tags = source.colour_chunks
    if not tags and source.icc and _fits(source.icc, channels):
        tags = png_file.icc_chunk(source.icc)
    return tags + (png_file.dpi_chunk(dpi) if dpi else b"")
