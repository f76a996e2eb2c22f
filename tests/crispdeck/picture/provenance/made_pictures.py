"""Pictures made for looking at: textures, drawings, codes, and what befalls them."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from crispdeck.picture.pixels import Pixels

KERNELS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


def texture(width_px: int, height_px: int, seed: int = 1) -> Image.Image:
    """Fine grain on coarse shapes, with detail up to the last pixel, as in a photograph."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(height_px)[:, None], np.fft.rfftfreq(width_px)[None, :])
    wave = np.fft.rfft2(rng.normal(size=(height_px, width_px))) / np.maximum(frequency, 0.01)
    plane = np.fft.irfft2(wave, s=(height_px, width_px))
    grey = np.clip(128 + 48 * plane / max(1e-6, plane.std()), 0, 255).astype(np.uint8)
    warm = np.stack((grey, grey - grey // 4 + 20, grey - grey // 3 + 40), axis=2)
    return Image.fromarray(warm)


def drawing(width_px: int, height_px: int, seed: int = 1) -> Image.Image:
    """Lines, boxes and letters, anti-aliased by shrinking."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (width_px * 4, height_px * 4), "white")
    pen = ImageDraw.Draw(image)
    for _ in range(width_px * height_px // 600):
        x, y = (int(rng.integers(0, side * 4)) for side in (width_px, height_px))
        far = [int(step) for step in rng.integers(-300, 300, 2)]
        ink = tuple(int(value) for value in rng.integers(0, 160, 3))
        pen.line((x, y, x + far[0], y + far[1]), ink, 7)
        pen.text((y % (width_px * 4), x % (height_px * 4)), "Crispdeck 2048", ink, font_size=60)
    return image.resize((width_px, height_px), Image.Resampling.BOX)


def screen(width_px: int, height_px: int, seed: int = 1) -> Image.Image:
    """Boxes and lines on whole pixels, as a screen draws them."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (width_px, height_px), "white")
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    for _ in range(width_px * height_px // 700):
        x, y = int(rng.integers(0, width_px)), int(rng.integers(0, height_px))
        ink = tuple(int(value) for value in rng.integers(0, 120, 3))
        pen.rectangle((x, y, x + int(rng.integers(4, 60)), y + int(rng.integers(4, 30))), None, ink)
        pen.text((x, y), "whole pixels", ink, font_size=12)
    return image


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


def blurred(image: Image.Image, radius: float) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(radius))


def enlarged(image: Image.Image, factor: float, kernel: Image.Resampling) -> Image.Image:
    return image.resize((round(image.width * factor), round(image.height * factor)), kernel)


def pixels(image: Image.Image) -> Pixels:
    return Pixels(np.asarray(image.convert("RGB"), np.uint8))


def qr_like(module_px: int, seed: int = 1) -> Image.Image:
    """Random modules with the three finders of a QR code, on a quiet zone."""
    rng = np.random.default_rng(seed)
    side = 29
    dark = rng.random((side, side)) < 0.5
    finder = np.zeros((8, 8), bool)
    finder[:7, :7] = True
    finder[1:6, 1:6] = False
    finder[2:5, 2:5] = True
    dark[:8, :8] = finder
    dark[:8, -8:] = finder[:, ::-1]
    dark[-8:, :8] = finder[::-1]
    grey = np.pad(np.where(dark, 0, 255).astype(np.uint8), 4, constant_values=255)
    return Image.fromarray(grey.repeat(module_px, 0).repeat(module_px, 1)).convert("RGB")


def bar_code(module_px: int, seed: int = 1) -> Image.Image:
    rng = np.random.default_rng(seed)
    line: list[int] = [255] * 10
    for bar in range(60):
        line += [0 if bar % 2 == 0 else 255] * int(rng.integers(1, 5))
    row = np.array([*line, *([255] * 10)], np.uint8).repeat(module_px)
    return Image.fromarray(np.tile(row, (80, 1))).convert("RGB")


def sprite(side_px: int = 32, seed: int = 1) -> Image.Image:
    """Pixel art: patches of six colours, cell by cell, with a dark rim around each."""
    rng = np.random.default_rng(seed)
    colours = rng.integers(80, 256, (6, 3), dtype=np.uint8)
    patches = rng.integers(0, 6, (side_px // 4, side_px // 4)).repeat(4, 0).repeat(4, 1)
    art = colours[patches]
    rims = (np.diff(patches, axis=0, prepend=-1) != 0) | (np.diff(patches, axis=1, prepend=-1) != 0)
    art[rims] = 0
    return Image.fromarray(art)
