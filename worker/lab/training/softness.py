"""Makes truths that are soft themselves, so that a network learns where nothing is to be hardened.

A network that sees sharp truths only takes every soft edge for a sharp one that was shrunk, and
cuts shards out of what lies out of focus. Sizes are given in pixels of the small picture: only what
is soft there looks soft to the network.
"""

import io
import math
import random
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Plane = NDArray[np.float32]
Soften = Callable[[Image.Image, int, random.Random], Image.Image]

SOFT_SHARE_OF_PHOTOS = 0.28  # of photographs; a guess: most small ones in decks are sharp
SOFT_SHARE_OF_FLAT = 0.15
"""Of drawings and screens. With the windows drawn small, which stay as they are, 17 % of all."""

LEAST_SIGMA_PX, MOST_SIGMA_PX = 0.25, 2.5
"""Of a Gaussian blur, in small pixels: below, shrinking takes it away; above, all is as flat."""

LEAST_RADIUS_PX, MOST_RADIUS_PX = 0.6, 5.0
"""Of the disc that a lens makes of a point out of focus, in small pixels."""

RESAMPLING = (
    Image.Resampling.NEAREST,
    Image.Resampling.BILINEAR,
    Image.Resampling.BICUBIC,
    Image.Resampling.LANCZOS,
)


def softened(sharp: Image.Image, scale: int, rng: random.Random) -> Image.Image:
    """Make the picture `sharp` (RGB) soft in one of the ways of cameras, screens and the web."""
    (soften,) = rng.choices(list(WAYS), list(WAYS.values()))
    return soften(sharp, scale, rng)


def blurred(picture: Image.Image, scale: int, rng: random.Random) -> Image.Image:
    """Blur all of it alike."""
    return picture.filter(ImageFilter.GaussianBlur(_sigma_px(scale, rng)))


def out_of_focus(picture: Image.Image, scale: int, rng: random.Random) -> Image.Image:
    """Spread every point over a disc, and bright ones more than the rest."""
    lit = _with_lights(_linear(picture), rng) if rng.random() < 0.5 else _linear(picture)
    return _picture(_through_disc(lit, _radius_px(scale, rng)))


def shallow(picture: Image.Image, scale: int, rng: random.Random) -> Image.Image:
    """Keep a part in focus and let the rest go out of it."""
    linear = _linear(picture)
    far = _through_disc(linear, _radius_px(scale, rng))
    return _picture(linear + (far - linear) * _smooth_mask(picture.size, rng)[..., None])


def glowing(picture: Image.Image, scale: int, rng: random.Random) -> Image.Image:
    """Lay a haze of light around what is bright."""
    linear = _linear(picture)
    reach_px = rng.uniform(1, 6) * scale
    haze = _linear(picture.filter(ImageFilter.GaussianBlur(reach_px)))
    strength = rng.uniform(0.2, 0.8)
    soft = _linear(blurred(picture, scale, rng)) if rng.random() < 0.5 else linear
    return _picture(1 - (1 - soft) * (1 - strength * haze))


def starry(picture: Image.Image, scale: int, rng: random.Random) -> Image.Image:
    """Draw points of light, from a pixel to a few, on a dark and soft ground."""
    reach_px = rng.uniform(2, 8) * scale
    ground = _linear(picture.filter(ImageFilter.GaussianBlur(reach_px))) * rng.uniform(0, 0.25)
    width, height = picture.size
    sky = np.zeros((height, width, 3), np.float32)
    for _ in range(round(width * height / scale**2 * rng.uniform(0.003, 0.05))):
        # Few stars are bright: their number falls with about the square of their light.
        light = min(12.0, 0.08 / math.sqrt(max(rng.random(), 1e-4)))
        tint = [rng.uniform(0.75, 1) for _ in range(3)]
        _add_point(sky, rng, rng.uniform(0.15, 0.75) * scale, light, tint)
    return _picture(ground + sky)


def grainy(picture: Image.Image, scale: int, rng: random.Random) -> Image.Image:
    """Add the grain of film, or the noise of a sensor, to a picture that is rarely quite sharp."""
    if rng.random() < 0.6:
        picture = blurred(picture, scale, rng)
    noise_rng = np.random.default_rng(rng.getrandbits(64))
    levels = rng.uniform(2, 16)
    channels = 1 if rng.random() < 0.6 else 3
    noise = noise_rng.standard_normal((picture.height, picture.width, channels), np.float32)
    grain_px = rng.uniform(0, 0.5) * scale
    if grain_px > 0.4:
        noise = _blurred_by(noise, _gaussian_of(picture.size, grain_px))
        noise /= max(float(noise.std()), 1e-6)
    return _levels(np.asarray(picture, np.float32) + levels * noise)


def scanned(picture: Image.Image, scale: int, rng: random.Random) -> Image.Image:
    """Lay it on a scanner: paper under uneven light, hardly in focus, with a sensor's noise."""
    sigma_px = rng.uniform(0.1, 0.9) * scale
    page = np.asarray(picture.filter(ImageFilter.GaussianBlur(sigma_px)), np.float32)
    noise_rng = np.random.default_rng(rng.getrandbits(64))
    light = rng.uniform(0.7, 1) + rng.uniform(0, 0.2) * _smooth_mask(picture.size, rng)[..., None]
    paper = [rng.uniform(0.9, 1) for _ in range(3)]
    black = rng.uniform(0, 25)
    noise = noise_rng.standard_normal((picture.height, picture.width, 1), np.float32)
    return _levels(black + (page * light * paper) * (1 - black / 255) + rng.uniform(0, 6) * noise)


def enlarged_once(picture: Image.Image, scale: int, rng: random.Random) -> Image.Image:
    """Shrink and enlarge again, by any kernel: what many pictures on the web went through."""
    factor = rng.uniform(1.3, 3.0) * scale / (1 if rng.random() < 0.7 else scale)
    size = (max(8, round(picture.width / factor)), max(8, round(picture.height / factor)))
    small = picture.resize(size, Image.Resampling.BICUBIC)
    (kernel,) = rng.choices(RESAMPLING, (0.06, 0.34, 0.4, 0.2))
    return small.resize(picture.size, kernel)


def of_video(picture: Image.Image, scale: int, rng: random.Random) -> Image.Image:
    """Show it as a paused film on a screen: coarsely compressed, then enlarged."""
    factor = rng.uniform(1.0, 2.0) * scale
    size = (max(16, round(picture.width / factor)), max(16, round(picture.height / factor)))
    file = io.BytesIO()
    picture.resize(size, Image.Resampling.BOX).save(file, "JPEG", quality=rng.randint(35, 80))
    with Image.open(file) as frame:
        return frame.convert("RGB").resize(picture.size, Image.Resampling.BILINEAR)


def shaded(picture: Image.Image, scale: int, rng: random.Random) -> Image.Image:
    """Lay it, soft or sharp, over a smooth play of colours, as slides and posters do."""
    few = rng.randint(2, 4)
    noise = np.random.default_rng(rng.getrandbits(64))
    corners = Image.fromarray(noise.integers(0, 256, (few, few, 3), np.uint8))
    ground = np.asarray(corners.resize(picture.size, Image.Resampling.BICUBIC), np.float32)
    over = blurred(picture, scale, rng) if rng.random() < 0.5 else picture
    share = _smooth_mask(picture.size, rng)[..., None] * np.float32(rng.uniform(0, 1))
    return _levels(ground + (np.asarray(over, np.float32) - ground) * share)


WAYS: dict[Soften, float] = {
    blurred: 0.22,
    out_of_focus: 0.13,
    shallow: 0.11,
    glowing: 0.05,
    starry: 0.11,
    grainy: 0.08,
    scanned: 0.20,
    enlarged_once: 0.10,
    of_video: 0.05,
    shaded: 0.05,
}
"""How often each, against each other: what is common in decks and what was harmed most."""


def _sigma_px(scale: int, rng: random.Random) -> float:
    low, high = math.log(LEAST_SIGMA_PX), math.log(MOST_SIGMA_PX)
    return math.exp(rng.uniform(low, high)) * scale


def _radius_px(scale: int, rng: random.Random) -> float:
    low, high = math.log(LEAST_RADIUS_PX), math.log(MOST_RADIUS_PX)
    return math.exp(rng.uniform(low, high)) * scale


def _linear(picture: Image.Image) -> Plane:
    """(H, W, 3) light in 0..1; the exponent of 2.2 is near enough to sRGB here."""
    return np.asarray((np.asarray(picture, np.float32) / 255) ** np.float32(2.2), np.float32)


def _picture(linear: Plane) -> Image.Image:
    return _levels(255 * np.clip(linear, 0, 1) ** np.float32(1 / 2.2))


def _levels(levels: NDArray[np.floating]) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))


def _with_lights(linear: Plane, rng: random.Random) -> Plane:
    """Put a few lamps into the scene, many times as bright as white."""
    lit = linear * np.float32(rng.uniform(0.2, 1))
    for _ in range(rng.randint(1, 14)):
        tint = [rng.uniform(0.4, 1) for _ in range(3)]
        _add_point(lit, rng, rng.uniform(0.6, 2.0), rng.uniform(3, 60), tint)
    return lit


def _add_point(
    light: Plane, rng: random.Random, sigma_px: float, strength: float, tint: list[float]
) -> None:
    """Add a small Gaussian spot at a random place, in place; cut off at the borders."""
    height, width = light.shape[:2]
    y, x = rng.uniform(0, height), rng.uniform(0, width)
    reach = math.ceil(4 * sigma_px)
    rows = np.arange(max(0, int(y) - reach), min(height, int(y) + reach + 1))
    columns = np.arange(max(0, int(x) - reach), min(width, int(x) + reach + 1))
    across = np.exp(-((columns + 0.5 - x) ** 2) / (2 * sigma_px**2))
    down = np.exp(-((rows + 0.5 - y) ** 2) / (2 * sigma_px**2))
    spot = strength * np.outer(down, across)[..., None] * np.array(tint)
    light[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] += spot.astype(np.float32)


def _through_disc(linear: Plane, radius_px: float) -> Plane:
    height, width = linear.shape[:2]
    y, x = _offsets(height), _offsets(width)
    distance = np.hypot(y[:, None], x[None])
    disc = np.clip(radius_px + 0.5 - distance, 0, 1).astype(np.float32)
    return _blurred_by(linear, disc / disc.sum())


def _gaussian_of(size: tuple[int, int], sigma_px: float) -> Plane:
    width, height = size
    y, x = _offsets(height), _offsets(width)
    kernel = np.exp(-(y[:, None] ** 2 + x[None] ** 2) / (2 * sigma_px**2)).astype(np.float32)
    return np.asarray(kernel / kernel.sum(), np.float32)


def _offsets(length: int) -> Plane:
    """Give the distance of every place of a mirrored row from its start, around the ends."""
    return np.asarray(np.fft.fftfreq(2 * length) * 2 * length, np.float32)


def _blurred_by(planes: Plane, kernel: Plane) -> Plane:
    """Convolve (H, W, C) with a kernel (2H, 2W) around the origin; the picture is mirrored."""
    height, width = planes.shape[:2]
    wide = np.concatenate([planes, planes[::-1]])
    wide = np.concatenate([wide, wide[:, ::-1]], axis=1)
    across = np.fft.rfft2(wide, axes=(0, 1)) * np.fft.rfft2(kernel)[..., None]
    blurred = np.fft.irfft2(across, wide.shape[:2], axes=(0, 1))
    return np.asarray(blurred[:height, :width], np.float32)


def _smooth_mask(size: tuple[int, int], rng: random.Random) -> Plane:
    """(H, W) in 0..1 with a smooth border between the two."""
    width, height = size
    few = rng.randint(2, 5)
    noise = np.random.default_rng(rng.getrandbits(64)).standard_normal((few, few), np.float32)
    wide = np.asarray(Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC))
    return np.asarray(np.clip(0.5 + wide * rng.uniform(0.7, 6), 0, 1), np.float32)
