"""How a sharp picture became the small one on the slide: shrinking, and what the web adds."""

import io
import random
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from crispdeck.picture.compression import LOSSLESS, LOSSY_WEBP, SHRUNK, compression_of

Resampling = Image.Resampling

# Most of the samples are only shrunk; the others also went through a web page or a chat.
CLEAN_SHARE = 0.6
# A page rendered small is a screenshot, and most screenshots are kept as PNG.
CLEAN_SHARE_OF_RENDERS = 0.6

KERNELS = (Resampling.BICUBIC, Resampling.LANCZOS, Resampling.BOX, Resampling.BILINEAR, None)
"""What programs shrink with; None is a Gaussian blur of which every so many-th pixel is kept."""
KERNEL_WEIGHTS = (0.65, 0.15, 0.09, 0.05, 0.06)  # what the runs of docs/experiments.md ended with

# In use a look at the pixels tells what was shrunk, and what the network then makes is asked for
# the kernel (worker.faithful.kernels), for which Lanczos passes as bicubic and hardly any other
# does. Both err. Such are the shares of which the network is told that they were shrunk.
DETECTED_SHARES_OF_KERNELS = (0.8, 0.25, 0.05, 0.05, 0.05)
DETECTED_SHARE_OF_RENDERS = 0.02
"""What the check let pass of those drawn small: docs/experiments.md, version 7."""

# Shares of what the web saved the picture as. "jpeg in png" has JPEG's noise and no table that
# would tell (a screenshot of a web page): one in twenty-five of all samples, since most are clean.
CODECS = ("jpeg", "jpeg twice", "jpeg in png", "webp", "palette", "png")
CODEC_WEIGHTS = (0.45, 0.12, 0.10, 0.08, 0.15, 0.10)  # a guess at what pictures on slides come from

TWO_STEPS_SHARE = 0.25  # of what is not clean: shrunk twice; a guess
SHARPEN_SHARE = 0.25  # of what is not clean: sharpened as web servers do; a guess
# Nothing is blurred here whose truth is not: it would teach to harden whatever is soft.


class Small(NamedTuple):
    """A small picture (RGB) and its file's compression, 0 to 1, or that it was only shrunk."""

    picture: Image.Image
    compression: float


def degrade(sharp: Image.Image, scale: int, rng: random.Random) -> Small:
    """Make the small picture for `sharp` (RGB, sides divisible by the even `scale`)."""
    size = (sharp.width // scale, sharp.height // scale)
    if rng.random() < CLEAN_SHARE:
        kernel = _any_kernel(rng)
        label = _detected_as_shrunk(DETECTED_SHARES_OF_KERNELS[KERNELS.index(kernel)], rng)
        return Small(_shrink(sharp, size, kernel, rng), label)
    if rng.random() < TWO_STEPS_SHARE:
        # A page had shrunk it before, and somebody shrank or enlarged that once more.
        factor = rng.uniform(0.9, 2.0)
        sharp = sharp.resize(
            (round(size[0] * factor), round(size[1] * factor)), _common_kernel(rng)
        )
        return spoil(sharp.resize(size, _common_kernel(rng)), rng)
    return spoil(_shrink(sharp, size, _any_kernel(rng), rng), rng)


def degrade_render(small: Image.Image, rng: random.Random) -> Small:
    """Do to a picture that was drawn small what happens to screenshots: most often nothing."""
    if rng.random() < CLEAN_SHARE_OF_RENDERS:
        return Small(small, _detected_as_shrunk(DETECTED_SHARE_OF_RENDERS, rng))
    return save(small, rng)


def spoil(small: Image.Image, rng: random.Random) -> Small:
    """Do to `small` what the web does: a little sharpening, then a file format."""
    if rng.random() < SHARPEN_SHARE:
        small = small.filter(ImageFilter.UnsharpMask(0.8, rng.randint(20, 70), 0))
    return save(small, rng)


def save(small: Image.Image, rng: random.Random) -> Small:
    """Save and open again, in one of the ways of the web."""
    (codec,) = rng.choices(CODECS, CODEC_WEIGHTS)
    if codec == "palette":
        return Small(_through_palette(small, rng), LOSSLESS)
    if codec == "png":
        return Small(small, LOSSLESS)
    if codec == "webp":
        return open_lossy(webp_of(small, rng))
    saved = open_lossy(jpeg_of(small, rng))
    if codec == "jpeg twice":
        return open_lossy(jpeg_of(saved.picture, rng))
    return saved if codec == "jpeg" else Small(saved.picture, LOSSLESS)


def _detected_as_shrunk(share: float, rng: random.Random) -> float:
    """Label a lossless picture as provenance would that takes `share` of its kind for shrunk."""
    return SHRUNK if rng.random() < share else LOSSLESS


def _any_kernel(rng: random.Random) -> Resampling | None:
    (kernel,) = rng.choices(KERNELS, KERNEL_WEIGHTS)
    return kernel


def _shrink(
    sharp: Image.Image, size: tuple[int, int], kernel: Resampling | None, rng: random.Random
) -> Image.Image:
    if kernel is not None:
        return sharp.resize(size, kernel)
    return decimate(sharp, sharp.width // size[0], rng.uniform(0.35, 0.5))


def _common_kernel(rng: random.Random) -> Resampling:
    return rng.choice((Resampling.BICUBIC, Resampling.LANCZOS, Resampling.BOX, Resampling.BILINEAR))


def decimate(sharp: Image.Image, scale: int, sigma: float) -> Image.Image:
    """Blur with a Gaussian of `sigma` small pixels, then keep the middle of every block.

    The middle of an even block lies between four pixels: their mean is it, to the half pixel.
    """
    blurred = np.asarray(sharp.filter(ImageFilter.GaussianBlur(sigma * scale)), np.uint16)
    before, after = slice(scale // 2 - 1, None, scale), slice(scale // 2, None, scale)
    corners = [blurred[rows, columns] for rows in (before, after) for columns in (before, after)]
    mean = (sum(corners[1:], corners[0]) + 2) // 4
    return Image.fromarray(mean.astype(np.uint8))


def jpeg_of(small: Image.Image, rng: random.Random) -> bytes:
    """Quality 40 to 95, mostly high; now and then anything, lest the network know nothing of it."""
    quality = round(95 - 55 * rng.random() ** 1.3)
    if rng.random() < 0.06:
        quality = rng.randint(20, 100)
    file = io.BytesIO()
    small.save(file, "JPEG", quality=quality, subsampling=rng.choice((0, 2, 2)))
    return file.getvalue()


def webp_of(small: Image.Image, rng: random.Random) -> bytes:
    """Quality 60 to 92."""
    file = io.BytesIO()
    small.save(file, "WEBP", quality=rng.randint(60, 92), method=2)
    return file.getvalue()


def open_lossy(blob: bytes) -> Small:
    """Decode a JPEG or a lossy WebP, and label it as `crispdeck.picture.codec.decode` does."""
    with Image.open(io.BytesIO(blob)) as file:
        tables = getattr(file, "quantization", None)
        compression = LOSSY_WEBP if tables is None else compression_of(tables)
        return Small(file.convert("RGB"), compression)


def _through_palette(small: Image.Image, rng: random.Random) -> Image.Image:
    colours = rng.choice((16, 32, 64, 128, 256))
    flat = small.quantize(colours, Image.Quantize.MEDIANCUT)
    if rng.random() < 0.5:
        return flat.convert("RGB")
    dither = Image.Dither.FLOYDSTEINBERG
    return small.quantize(colours, palette=flat, dither=dither).convert("RGB")
