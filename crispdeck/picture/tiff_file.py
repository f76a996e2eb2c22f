"""Write a TIFF in the place of one that viewers turn; all others become PNG."""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from crispdeck.picture.decoded import DecodedPicture, EncodedPicture
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.headers.exif import ORIENTATION
from crispdeck.picture.pixels import Pixels

_SOFTWARE = 305  # tag of TIFF 6.0, section 8: the program that wrote the file


def write_tiff(
    pixels: Pixels,
    source: DecodedPicture,
    dpi: tuple[float, float] | None,
    mark: bytes,
    notes: Mapping[int, Any],
) -> EncodedPicture:
    """Write 8 bits (16 for grey) with the orientation of `source`, packed without loss.

    16-bit colour, which Pillow does not write, comes down to 8 bits. `notes` are further tags.
    """
    colour, alpha = pixels.colour, pixels.alpha
    if pixels.max_value > 255 and (colour.shape[2] > 1 or alpha is not None):
        colour = (colour >> 8).astype(np.uint8)
        alpha = None if alpha is None else (alpha >> 8).astype(np.uint8)
    planes = [colour] if alpha is None else [colour, alpha[..., None]]
    samples = np.concatenate(planes, axis=2)
    image = Image.fromarray(samples[..., 0] if samples.shape[2] == 1 else samples)
    options: dict[str, Any] = {"icc_profile": source.icc} if source.icc else {}
    if dpi:
        options["dpi"] = dpi
    tags = {ORIENTATION: source.info.exif_orientation, _SOFTWARE: mark.decode(), **notes}
    out = io.BytesIO()
    image.save(out, "TIFF", compression="tiff_lzw", tiffinfo=tags, **options)
    return EncodedPicture(
        blob=out.getvalue(),
        format=PictureFormat.TIFF,
        width_px=pixels.width_px,
        height_px=pixels.height_px,
        mode=image.mode,
    )
