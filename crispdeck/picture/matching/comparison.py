"""Bring two decoded pictures to what can be compared: one space of colours, one ground, 8 bits."""

import io
from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from crispdeck.picture.decoded import DecodedPicture
from crispdeck.picture.pixels import Pixels, Samples

WHITE, BLACK = 255.0, 0.0  # levels of the grounds on which what is clear is laid


def like(candidate: DecodedPicture, small: DecodedPicture) -> Pixels | None:
    """Give a candidate's pixels as the small picture's file could hold them; None where it cannot.

    They get its colour profile, its channels and its bits; where it has no alpha they are laid on
    white, as programs do that save without.
    """
    mine, pixels = small.pixels, candidate.pixels
    if 4 in (mine.colour.shape[2], pixels.colour.shape[2]):
        return None  # CMYK: what two inks show depends on the press
    if mine.alpha is not None and pixels.alpha is None:
        return None
    pixels = _in_profile(pixels, candidate.icc, small.icc)
    if mine.alpha is None and pixels.alpha is not None:
        pixels = Pixels(_on(pixels, WHITE))
    return _as_deep(_with_channels(pixels, mine.colour.shape[2]), mine)


def comparable(pixels: Pixels, ground: float = WHITE) -> NDArray[np.uint8]:
    """Return (H, W, 3) of 0..255; what is clear shows `ground`."""
    colour = _on(pixels, ground) if pixels.alpha is not None else pixels.colour
    levels = np.rint(colour / 257.0) if colour.dtype == np.uint16 else colour
    if levels.shape[2] == 1:
        levels = np.repeat(levels, 3, axis=2)
    return np.ascontiguousarray(levels, np.uint8)


def _on(pixels: Pixels, ground: float) -> Samples:
    """Lay pixels on a grey ground, 0 to 255."""
    top = pixels.max_value
    if pixels.alpha is None:
        return pixels.colour
    share = pixels.alpha[..., None].astype(np.float32) / top
    laid = pixels.colour * share + (1 - share) * ground * (top / 255)
    return cast("Samples", np.rint(laid).astype(pixels.colour.dtype))


def _in_profile(pixels: Pixels, from_icc: bytes | None, to_icc: bytes | None) -> Pixels:
    """Change from one colour profile to another; untagged is sRGB. Profiles are often damaged."""
    if from_icc == to_icc or pixels.colour.shape[2] != 3 or pixels.colour.dtype != np.uint8:
        return pixels
    try:
        converted = ImageCms.profileToProfile(
            Image.fromarray(pixels.colour), _profile(from_icc), _profile(to_icc), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        return pixels
    if converted is None:
        return pixels
    return replace(pixels, colour=np.asarray(converted, np.uint8))


def _profile(icc: bytes | None) -> ImageCms.ImageCmsProfile:
    if icc is None:
        return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return ImageCms.ImageCmsProfile(io.BytesIO(icc))


def _with_channels(pixels: Pixels, count: int) -> Pixels:
    colour = pixels.colour
    if colour.shape[2] == count:
        return pixels
    if count == 3:
        return replace(pixels, colour=cast("Samples", np.repeat(colour, 3, axis=2)))
    grey = np.rint(colour @ np.array([0.299, 0.587, 0.114], np.float32))[..., None]
    return replace(pixels, colour=cast("Samples", grey.astype(colour.dtype)))


def _as_deep(pixels: Pixels, wanted: Pixels) -> Pixels:
    """Give 8 bits or 16, as the wanted pixels have."""
    if pixels.colour.dtype == wanted.colour.dtype:
        return pixels
    if wanted.max_value > 255:
        return Pixels(*(cast("Samples", each) for each in _each(pixels, 257.0, np.uint16)))
    return Pixels(*(cast("Samples", each) for each in _each(pixels, 1 / 257.0, np.uint8)))


def _each(
    pixels: Pixels, factor: float, dtype: type[np.uint8 | np.uint16]
) -> list[NDArray[np.generic] | None]:
    planes = (pixels.colour, pixels.alpha)
    return [None if each is None else np.rint(each * factor).astype(dtype) for each in planes]
