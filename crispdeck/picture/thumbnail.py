"""Small pictures of pictures, for cards and reports."""

import io

from PIL import Image, ImageChops

from crispdeck.errors import CrispdeckError, UnreadablePictureError
from crispdeck.picture import interpolate, jpeg_file, png_file
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.info import PictureInfo
from crispdeck.picture.inspect import inspect_closely
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.reading import check_size, decode_inspected, open_lazily

SMALL_PNG_BYTES = 20_000  # below this a JPEG saves nothing that is felt; a guess

EXACT_PX = 4_000_000
"""Pixels up to which a picture is decoded with all care; beyond, as a screen needs it: Pillow's 4
bytes a pixel at most, where careful decoding takes up to 40."""

REDUCING_GAP = 3.0
"""A picture is first shrunk by whole factors to three times the wanted size, as Pillow advises."""
_BY_PILLOW = {
    *(PictureFormat.PNG, PictureFormat.JPEG, PictureFormat.GIF, PictureFormat.BMP),
    *(PictureFormat.TIFF, PictureFormat.WEBP),
}
STRIP_ROWS = 16
"""Rows of the small picture that are made at once."""


def thumbnail(blob: bytes, *, max_side_px: int = 320, max_px: int) -> bytes:
    """Return a PNG (RGB or RGBA, 8 bits) of at most `max_side_px` on its longer side.

    Never larger than the picture itself.

    Raises:
        PictureRefusedError: as `decode`.
    """
    out = io.BytesIO()
    _small(blob, max_side_px, max_px).save(out, "PNG", optimize=False)
    return out.getvalue()


def small_copy(blob: bytes, *, max_side_px: int = 480, max_px: int) -> tuple[bytes, str]:
    """Return a picture for a likeness of a slide, as few bytes as will do, and its media type.

    JPEG where it is opaque and not small, else PNG; never larger than the picture itself.

    Raises:
        PictureRefusedError: as `decode`.
    """
    png = thumbnail(blob, max_side_px=max_side_px, max_px=max_px)
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        if image.mode != "RGB" or len(png) < SMALL_PNG_BYTES:
            return png, "image/png"
        out = io.BytesIO()
        image.save(out, "JPEG", quality=82)
    return out.getvalue(), "image/jpeg"


def _is_large(info: PictureInfo) -> bool:
    return info.px > EXACT_PX and info.format in _BY_PILLOW


def _small(blob: bytes, max_side_px: int, max_px: int) -> Image.Image:
    found = inspect_closely(blob)
    check_size(found.info, max_px=max_px)
    if _is_large(found.info):
        image = _screen_image(blob, found.info, max_side_px)
        image = _reduced(image, int(max(image.size) / max_side_px / REDUCING_GAP))
        image.thumbnail((max_side_px, max_side_px), Image.Resampling.LANCZOS)
        return image
    pixels = decode_inspected(blob, found, max_px=max_px).pixels
    share = min(1.0, max_side_px / max(pixels.width_px, pixels.height_px))
    width_px = max(1, round(pixels.width_px * share))
    height_px = max(1, round(pixels.height_px * share))
    return to_image(interpolate.resize(pixels, width_px, height_px))


def _reduced(image: Image.Image, factor: int) -> Image.Image:
    """Shrink by a whole factor, strip by strip: with alpha, Pillow would copy all of it first."""
    if factor < 2:
        return image
    width, height = image.size
    small = Image.new(image.mode, (-(-width // factor), -(-height // factor)))
    for top in range(0, height, STRIP_ROWS * factor):
        strip = image.crop((0, top, width, min(height, top + STRIP_ROWS * factor)))
        small.paste(strip.reduce(factor), (0, top // factor))
    return small


def screen_image(blob: bytes, *, max_px: int) -> Image.Image:
    """Return all of a picture as 8-bit RGB or RGBA for the screen, in as little memory as will do.

    Raises:
        PictureRefusedError: as `decode`.
    """
    found = inspect_closely(blob)
    check_size(found.info, max_px=max_px)
    if _is_large(found.info):
        return _screen_image(blob, found.info, None)
    return to_image(decode_inspected(blob, found, max_px=max_px).pixels)


def _screen_image(blob: bytes, info: PictureInfo, max_side_px: int | None) -> Image.Image:
    """Let Pillow alone decode a large picture; of a JPEG only as many pixels as are wanted.

    16 bits become their upper 8. What `decode` would mend is refused here.
    """
    bare, inverted = blob, False
    if info.format is PictureFormat.JPEG:
        parts = jpeg_file.take_apart(blob)
        jpeg_file.check_scans(parts.bare)
        bare, inverted = parts.bare, info.mode == "CMYK" and not parts.has_adobe
    elif info.format is PictureFormat.PNG:
        bare = png_file.bare_png(list(png_file.chunks(blob)))
    try:
        image = open_lazily(bare, info)
        if max_side_px is not None:
            side_px = round(max_side_px * REDUCING_GAP)
            image.draft(None, (side_px, side_px))  # JPEG only; the size may stay larger
        image.load()
        return _for_screen(image, inverted=inverted)
    except (CrispdeckError, MemoryError):
        raise
    except Exception as error:
        # Pillow answers damage with whatever breaks: OSError, SyntaxError, KeyError, struct.error…
        raise UnreadablePictureError("The picture is damaged.") from error


def _for_screen(image: Image.Image, *, inverted: bool) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        # 16 bits of grey: the upper 8. A factor that is a power of two keeps Pillow exact.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if inverted:  # Pillow takes all CMYK JPEGs for inverted; only Adobe's are
        image = ImageChops.invert(image)
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == wanted else image.convert(wanted)


def to_image(pixels: Pixels) -> Image.Image:
    """Return an 8-bit RGB or RGBA picture for the screen; colour profiles are not applied."""
    colour = (pixels.colour >> (8 if pixels.max_value > 255 else 0)).astype("uint8")
    modes = {1: "L", 3: "RGB", 4: "CMYK"}
    mode = modes[colour.shape[2]]
    image = Image.fromarray(colour[..., 0] if mode == "L" else colour, mode).convert("RGB")
    if pixels.alpha is not None:
        alpha = (pixels.alpha >> (8 if pixels.max_value > 255 else 0)).astype("uint8")
        image.putalpha(Image.fromarray(alpha))
    return image
