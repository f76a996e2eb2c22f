"""How a sharp picture became the small one on the slide: shrinking, and what the web adds."""

import io
import random

from PIL import Image, ImageFilter

Resampling = Image.Resampling

# Three in five samples are only shrunk; the others also went through a web page or a chat.
CLEAN_SHARE = 0.6
KERNELS = (Resampling.BICUBIC, Resampling.LANCZOS, Resampling.BOX, Resampling.BILINEAR)
KERNEL_WEIGHTS = (0.6, 0.15, 0.15, 0.1)


def shrink(sharp: Image.Image, scale: int, rng: random.Random) -> Image.Image:
    """Make the small picture for `sharp` (RGB, sides divisible by `scale`)."""
    (kernel,) = rng.choices(KERNELS, KERNEL_WEIGHTS)
    small = sharp.resize((sharp.width // scale, sharp.height // scale), kernel)
    return small if rng.random() < CLEAN_SHARE else _as_the_web_does(small, rng)


def _as_the_web_does(small: Image.Image, rng: random.Random) -> Image.Image:
    if rng.random() < 0.25:
        small = small.filter(ImageFilter.UnsharpMask(0.8, rng.randint(20, 70), 0))
    if rng.random() < 0.75:
        return _through_jpeg(small, rng)
    return _through_palette(small, rng)


def _through_jpeg(small: Image.Image, rng: random.Random) -> Image.Image:
    """Quality 40 to 95, mostly high; both chroma samplings that occur."""
    file = io.BytesIO()
    quality = round(95 - 55 * rng.random() ** 1.5)
    small.save(file, "JPEG", quality=quality, subsampling=rng.choice((0, 2)))
    with Image.open(file) as picture:
        return picture.convert("RGB")


def _through_palette(small: Image.Image, rng: random.Random) -> Image.Image:
    dither = rng.choice((Image.Dither.NONE, Image.Dither.FLOYDSTEINBERG))
    colours = rng.choice((16, 32, 64, 128, 256))
    palette = small.quantize(colours, Image.Quantize.MEDIANCUT)
    return small.quantize(colours, palette=palette, dither=dither).convert("RGB")
