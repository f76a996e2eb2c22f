"""Pictures like photographs, computed from noise with a fixed seed; no camera, no data."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float64]


def landscape(width_px: int = 420, height_px: int = 280) -> Image.Image:
    """Return hills in the evening, with the sun over a lake."""
    random = np.random.default_rng(7)
    y = np.linspace(0, 1, height_px)[:, None]
    x = np.linspace(0, 1, width_px)[None, :]
    picture = _sky(x, y) * (1 - 0.12 * _clouds(random, width_px, height_px)[..., None])
    for number in range(5):
        picture = _with_hill(picture, random, number)
    picture = _with_lake(picture, random)
    grain = random.normal(0, 0.012, (height_px, width_px, 1))
    return Image.fromarray((np.clip(picture + grain, 0, 1) * 255).round().astype(np.uint8))


def _sky(x: Plane, y: Plane) -> Plane:
    top, bottom = np.array([0.24, 0.40, 0.66]), np.array([0.99, 0.79, 0.55])
    slope = np.clip(y / 0.6, 0, 1)[..., None] ** 1.2
    sky = top * (1 - slope) + bottom * slope
    distance = np.hypot((x - 0.68) * 1.5, y - 0.44)
    glow = np.exp(-((distance / 0.22) ** 2))[..., None] * np.array([0.45, 0.33, 0.12])
    disc = (1 / (1 + np.exp((distance - 0.045) * 260)))[..., None]
    lit: Plane = np.clip(sky + glow, 0, 1) * (1 - disc) + np.array([1.0, 0.97, 0.86]) * disc
    return lit


def _smooth_noise(random: np.random.Generator, shape: tuple[int, int], octaves: int) -> Plane:
    """Add up noise of several grains, the coarser the stronger; values about 0 to 1."""
    total = np.zeros(shape)
    weight = 0.0
    for octave in range(octaves):
        cells = (3 * 2**octave, 4 * 2**octave)
        coarse = Image.fromarray(random.random(cells).astype(np.float32))
        fine = coarse.resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
        total += np.asarray(fine) / 1.8**octave
        weight += 1 / 1.8**octave
    return total / weight


def _clouds(random: np.random.Generator, width_px: int, height_px: int) -> Plane:
    tall = _smooth_noise(random, (height_px * 3, width_px), 5)[::3]
    clouds: Plane = np.clip((tall - 0.5) * 5, -1, 1)
    return clouds


def _with_hill(picture: Plane, random: np.random.Generator, number: int) -> Plane:
    height_px, width_px, _ = picture.shape
    nearness = number / 4
    ridge = _smooth_noise(random, (8, width_px), 5 + number // 2)[4]
    top = (0.40 + 0.075 * number - 0.24 * (ridge - 0.5) * (1.3 - 0.4 * nearness)) * height_px
    rows = np.arange(height_px)[:, None]
    cover = np.clip(rows - top[None, :], 0, 1)[..., None]
    far, near = np.array([0.62, 0.55, 0.62]), np.array([0.10, 0.17, 0.13])
    colour = far * (1 - nearness) + near * nearness
    texture = _smooth_noise(random, (height_px, width_px), 7)[..., None] - 0.5
    depth = np.clip((rows - top[None, :]) / height_px * 3, 0, 1)[..., None]
    ground = colour * (1 - 0.25 * depth) + texture * (0.05 + 0.22 * nearness) * colour * 2
    covered: Plane = picture * (1 - cover) + ground * cover
    return covered


def _with_lake(picture: Plane, random: np.random.Generator) -> Plane:
    height_px, width_px, _ = picture.shape
    shore = round(height_px * 0.80)
    rows = height_px - shore
    ripple = _smooth_noise(random, (rows * 4, width_px), 6)[::4]
    shift = ((ripple - 0.5) * np.linspace(2, 16, rows)[:, None]).round().astype(int)
    source = np.clip(shore - 1 - np.arange(rows)[:, None] * 2 + shift, 0, shore - 1)
    mirrored = picture[source, np.arange(width_px)[None, :]]
    water = mirrored * 0.72 + np.array([0.06, 0.10, 0.16])
    return np.concatenate([picture[:shore], water])


def cells(width_px: int = 240, height_px: int = 180) -> NDArray[np.uint16]:
    """Return something like a micrograph with 65,536 greys."""
    random = np.random.default_rng(11)
    y, x = np.mgrid[0:height_px, 0:width_px].astype(np.float64)
    light = 0.25 + 0.2 * _smooth_noise(random, (height_px, width_px), 6)
    for _ in range(26):
        middle_x, middle_y = random.uniform(0, width_px), random.uniform(0, height_px)
        radius = random.uniform(8, 22)
        distance = np.hypot(x - middle_x, (y - middle_y) * random.uniform(0.8, 1.3)) / radius
        light += 0.35 * np.exp(-(((distance - 1) * 6) ** 2)) + 0.2 * np.exp(-((distance * 3) ** 2))
    scaled: NDArray[np.uint16] = (np.clip(light, 0, 1) * 65535).round().astype(np.uint16)
    return scaled


def backdrop(width_px: int = 640, height_px: int = 360) -> Image.Image:
    """Return soft colours for a slide's background, dark at the left where text stands."""
    y, x = np.mgrid[0 : 1 : height_px * 1j, 0 : 1 : width_px * 1j]
    picture = np.zeros((height_px, width_px, 3)) + np.array([0.05, 0.09, 0.20])
    lights = (
        (0.95, 0.15, 0.42, (0.25, 0.45, 0.85)),
        (0.80, 0.90, 0.36, (0.55, 0.20, 0.65)),
        (0.55, 0.60, 0.25, (0.05, 0.35, 0.45)),
    )
    for middle_x, middle_y, radius, colour in lights:
        glow = np.exp(-(np.hypot((x - middle_x) * 1.6, y - middle_y) ** 2) / radius**2)
        picture += glow[..., None] * np.array(colour)
    rings = np.hypot((x - 0.82) * 16 / 9, y - 0.5)
    for radius in (0.16, 0.26, 0.36):
        picture += 0.22 * np.exp(-(((rings - radius) * 160) ** 2))[..., None]
    return Image.fromarray((np.clip(picture, 0, 1) * 255).round().astype(np.uint8))
