"""Plain interpolation of pixels: what every network is compared to and falls back on."""

from typing import cast

import numpy as np
from PIL import Image

from crispdeck.picture.pixels import Pixels, Samples


def resize(pixels: Pixels, width_px: int, height_px: int) -> Pixels:
    """Resize by bicubic interpolation (a = -0.5), with antialiasing where it shrinks.

    Each channel is resized on its own in floating point, alpha too; the colour under clear
    pixels is used as it is.
    """
    planes = np.moveaxis(pixels.colour, 2, 0)
    colour = np.stack([_resize_plane(plane, width_px, height_px) for plane in planes], axis=2)
    alpha = None if pixels.alpha is None else _resize_plane(pixels.alpha, width_px, height_px)
    return Pixels(cast("Samples", colour), alpha)


def _resize_plane(plane: Samples, width_px: int, height_px: int) -> Samples:
    size = (width_px, height_px)
    if plane.dtype == np.uint8:
        # Pillow's own 8-bit path: the same operator as in the published comparisons.
        image = Image.fromarray(np.ascontiguousarray(plane))
        return np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.uint8)
    image = Image.fromarray(plane.astype(np.float32))
    resized = np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.float32)
    return np.clip(np.rint(resized), 0, 65535).astype(np.uint16)
