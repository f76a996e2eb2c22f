"""Small drawn pictures in every format, the same bytes on every run."""

import io

import numpy as np
from PIL import Image, ImageDraw


def drawing(width_px: int = 120, height_px: int = 90, seed: int = 0) -> Image.Image:
    """Return edges, a slope and a little noise, so that every seed gives other bytes."""
    random = np.random.default_rng(seed)
    rows = np.linspace(40, 220, height_px, dtype=np.uint8)[:, None, None]
    samples = np.broadcast_to(rows, (height_px, width_px, 3)).copy()
    samples[::7, :, seed % 3] = 250
    samples[: height_px // 4, : width_px // 3] = random.integers(0, 255, 3, dtype=np.uint8)
    image = Image.fromarray(samples)
    ImageDraw.Draw(image).ellipse((10, 10, width_px - 10, height_px - 10), outline="black", width=3)
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return the file that Pillow writes."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png(width_px: int = 120, height_px: int = 90, seed: int = 0) -> bytes:
    """Return an RGB PNG."""
    return saved(drawing(width_px, height_px, seed), "png")


def jpeg(width_px: int = 120, height_px: int = 90, seed: int = 0) -> bytes:
    """Return a JPEG of quality 80."""
    return saved(drawing(width_px, height_px, seed), "jpeg", quality=80)


def gif(width_px: int = 120, height_px: int = 90, seed: int = 0) -> bytes:
    """Return a GIF of one frame."""
    return saved(
        drawing(width_px, height_px, seed).convert("P", palette=Image.Palette.ADAPTIVE), "gif"
    )


def bmp(width_px: int = 120, height_px: int = 90, seed: int = 0) -> bytes:
    """Return a BMP."""
    return saved(drawing(width_px, height_px, seed), "bmp")


def tiff(width_px: int = 120, height_px: int = 90, seed: int = 0) -> bytes:
    """Return a TIFF."""
    return saved(drawing(width_px, height_px, seed), "tiff")
