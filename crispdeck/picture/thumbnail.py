"""Small pictures of pictures, for cards and reports."""

import io

from PIL import Image

from crispdeck.picture import interpolate
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.reading import decode

SMALL_PNG_BYTES = 20_000  # below this a JPEG saves nothing that is felt; a guess


def thumbnail(blob: bytes, *, max_side_px: int = 320, max_px: int) -> bytes:
    """Return a PNG (RGB or RGBA, 8 bits) of at most `max_side_px` on its longer side.

    Never larger than the picture itself.

    Raises:
        PictureRefusedError: as `decode`.
    """
    pixels = decode(blob, max_px=max_px).pixels
    share = min(1.0, max_side_px / max(pixels.width_px, pixels.height_px))
    width_px = max(1, round(pixels.width_px * share))
    height_px = max(1, round(pixels.height_px * share))
    image = to_image(interpolate.resize(pixels, width_px, height_px))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False)
    return out.getvalue()


def small_copy(blob: bytes, *, max_side_px: int = 480, max_px: int) -> tuple[bytes, str]:
    """Return a picture for a likeness of a slide, as few bytes as will do, and its media type.

    JPEG where it is opaque and not small, else PNG; never larger than the picture itself.

    Raises:
        PictureRefusedError: as `decode`.
    """
    png = thumbnail(blob, max_side_px=max_side_px, max_px=max_px)
    with Image.open(io.BytesIO(png)) as image:
        if image.mode != "RGB" or len(png) < SMALL_PNG_BYTES:
            return png, "image/png"
        out = io.BytesIO()
        image.save(out, "JPEG", quality=82)
    return out.getvalue(), "image/jpeg"


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
