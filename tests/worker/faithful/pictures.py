"""Small pictures that are hard to be faithful to, in every mode."""

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor

from crispdeck.picture.interpolate import resize
from crispdeck.picture.pixels import Pixels

Colours = NDArray[np.uint8]


def flat(height_px: int, width_px: int) -> Colours:
    return np.full((height_px, width_px, 3), (250, 30, 97), np.uint8)


def gradient(height_px: int, width_px: int) -> Colours:
    ramp = np.linspace(0, 255, height_px * width_px * 3).reshape(height_px, width_px, 3)
    return ramp.astype(np.uint8)


def checkerboard(height_px: int, width_px: int) -> Colours:
    odd = np.add.outer(np.arange(height_px), np.arange(width_px)) % 2
    return np.repeat((odd * 255).astype(np.uint8)[:, :, None], 3, axis=2)


def lines(height_px: int, width_px: int) -> Colours:
    picture = np.full((height_px, width_px, 3), 255, np.uint8)
    picture[height_px // 2] = (200, 0, 0)
    picture[:, width_px // 3] = 0
    return picture


def noise(height_px: int, width_px: int) -> Colours:
    return np.random.default_rng(7).integers(0, 256, (height_px, width_px, 3), dtype=np.uint8)


def natural(height_px: int, width_px: int) -> Colours:
    rough = np.random.default_rng(3).integers(0, 256, (7, 7, 3), dtype=np.uint8)
    return resize(Pixels(rough), width_px, height_px).colour.astype(np.uint8)


PICTURES = {
    drawn.__name__: drawn for drawn in (flat, gradient, checkerboard, lines, noise, natural)
}


def in_mode(colours: Colours, mode: str) -> Pixels:
    """The picture as grey, RGB, CMYK, with alpha, or in 16 bits."""
    alpha = np.ascontiguousarray(np.roll(colours[:, :, 0], 1, axis=1))
    if mode == "grey":
        return Pixels(colours[:, :, :1])
    if mode == "cmyk":
        return Pixels(np.dstack((colours, alpha)))
    if mode == "alpha":
        return Pixels(colours, alpha)
    if mode == "16-bit":
        return Pixels(colours.astype(np.uint16) * np.uint16(257))
    return Pixels(colours)


MODES = ("grey", "rgb", "cmyk", "alpha", "16-bit")


def as_plane(colours: Colours) -> Tensor:
    """(3, H, W) in 0..1."""
    return torch.from_numpy(colours.astype(np.float32) / 255).permute(2, 0, 1).contiguous()


def shrunk(large: Colours, scale: int) -> Colours:
    size = large.shape[1] // scale, large.shape[0] // scale
    return np.asarray(Image.fromarray(large).resize(size, Image.Resampling.BICUBIC), np.uint8)


def page_of_words(words: str, scale: int = 4, size_px: int = 12) -> Colours:
    """Words in ink on paper, drawn `scale` times as large as they will be shown."""
    from PIL import ImageFont

    font = ImageFont.load_default(size_px * scale)
    page = Image.new("RGB", (200 * scale, 60 * scale), (255, 255, 245))
    ImageDraw.Draw(page).multiline_text((8 * scale, 6 * scale), words, (20, 20, 60), font)
    return np.asarray(page, np.uint8)
