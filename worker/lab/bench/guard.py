"""The guard set: kinds of pictures that a network for sharp flat ones is apt to make worse.

Made by rule out of held-back training photographs and drawings, and out of nothing: always the
same ones. Nothing of it is trained on; what is measured on it is whether a result is ever worse
than plain interpolation.
"""

import io
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from worker.lab.bench.deck_pictures import fullest_window
from worker.lab.metrics import Picture
from worker.lab.training.renders.words import ENGLISH

SIDE_PX = 320
"""Side of a truth: 80 small pixels at ×4, 160 at ×2."""

COARSE_GRAIN_LEVELS = 8.0
"""Standard deviation from which grain comes in clumps, as that of fast film does."""

Crop = tuple[str, int, int]
Motif = Callable[[Path, random.Random], Image.Image]

SOCIOLOGY, ANTHROPOLOGY = "osbooks-introduction-sociology", "osbooks-introduction-anthropology"
EXAMPLES, LIVE = "example-files", "twentytwentyfive"

# File, left and top of a square of SIDE_PX: chosen by eye among held-back photographs.
CROPS: dict[str, tuple[Crop, ...]] = {
    "foliage": (
        (f"{SOCIOLOGY}-95908a67", 600, 60),
        (f"{SOCIOLOGY}-62f38975", 60, 220),
        (f"{SOCIOLOGY}-b370c6ad", 0, 100),
        (f"{ANTHROPOLOGY}-2c955506", 60, 180),
    ),
    "cloth": (
        (f"{SOCIOLOGY}-436f220a", 320, 107),
        (f"{SOCIOLOGY}-d2f12e93", 380, 90),
        (f"{SOCIOLOGY}-f3378607", 330, 180),
        (f"{ANTHROPOLOGY}-e3f2f6af", 370, 210),
    ),
    "skin": (
        (f"{SOCIOLOGY}-c5b4cf75", 80, 30),
        (f"{SOCIOLOGY}-cc5beb25", 250, 20),
        (f"{SOCIOLOGY}-f9a70c82", 50, 60),
        (f"{EXAMPLES}-c7a204b2", 180, 250),
    ),
    "water": (
        (f"{SOCIOLOGY}-c860c68c", 40, 310),
        (f"{SOCIOLOGY}-b7e03feb", 300, 390),
        (f"{EXAMPLES}-bc16d115", 100, 350),
        (f"{EXAMPLES}-0d3e9029", 250, 360),
    ),
    "hair": (
        (f"{SOCIOLOGY}-b2d9a1cb", 360, 60),
        (f"{SOCIOLOGY}-8971cc57", 150, 0),
        (f"{ANTHROPOLOGY}-5689e068", 100, 60),
        (f"{LIVE}-92292ccd", 340, 30),
    ),
}
BEHIND: tuple[Crop, ...] = (
    (f"{EXAMPLES}-7308ecf8", 0, 60),
    (f"{ANTHROPOLOGY}-e3f2f6af", 60, 100),
    (f"{SOCIOLOGY}-324d8152", 300, 250),
    (f"{SOCIOLOGY}-436f220a", 100, 60),
)
LIGHTS: Crop = (f"{SOCIOLOGY}-324d8152", 100, 20)
MEMES = (("foliage", 3), ("skin", 3), ("hair", 2), ("cloth", 3))
HAND_DRAWN = tuple(
    f"stats-illustrations-{digest}" for digest in ("01fb99b3", "0d91a7e5", "59907aee", "c4380e19")
)
SANS, SERIF, BOLD = "LiberationSans-Regular", "LiberationSerif-Regular", "LiberationSans-Bold"
WORDS = [word for word in ENGLISH if word.islower() and len(word) > 2]


def guard_truths(train: Path) -> Iterator[tuple[str, str, Picture]]:
    """Yield class, name and truth (SIDE_PX, SIDE_PX, 3) of every picture of the set.

    Args:
        train: the folder with the training pictures, `photos` and `graphics`; a picture that it
            lacks is left out.
    """
    for kind, motifs in _motifs().items():
        for number, motif in enumerate(motifs):
            name = f"{kind}-{number}"
            try:
                drawn = motif(train, random.Random(f"guard {name}"))  # noqa: S311
            except FileNotFoundError:
                continue
            yield kind, name, np.asarray(drawn.convert("RGB"))


def _motifs() -> dict[str, list[Motif]]:
    """Name the classes and what makes each of their pictures."""
    photographs = {kind: [_cut(*crop) for crop in crops] for kind, crops in CROPS.items()}
    sharp = [crops[0] for crops in CROPS.values()]
    return {
        "soft": [
            *map(_blurred, sharp, (1.0, 2.0, 3.0, 4.0)),
            _soft_page,
            _enlarged(CROPS["cloth"][3], 2.2, Image.Resampling.BICUBIC),
            _enlarged(CROPS["water"][1], 3.0, Image.Resampling.BILINEAR),
        ],
        "bokeh": [_cut(*BEHIND[0]), *map(_out_of_focus, BEHIND, (3.0, 5.0, 9.0, 13.0))],
        "stars": [*map(_stars, (0.0008, 0.003, 0.01, 0.03)), _cut(*LIGHTS)],
        "gradients": [_shade, _glass, _cards, _sunset],
        "grain": [*map(_grain, sharp[1:], (5.0, 9.0, 14.0, 20.0))],
        **photographs,
        "newsprint": [_newsprint(size) for size in (9, 12, 16, 22)],
        "word clouds": [_word_cloud(smallest) for smallest in (6, 9, 12, 18)],
        "handwriting": [_drawn_by_hand(name) for name in HAND_DRAWN],
        "scans": [_scan(size) for size in (11, 15, 20, 26)],
        "memes": [_meme(CROPS[kind][number]) for kind, number in MEMES],
    }  # fmt: skip


def _open(train: Path, folder: str, stem: str) -> Image.Image:
    for path in sorted((train / folder).glob(f"{stem}.*")):
        with Image.open(path) as file:
            picture = file.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, picture).convert("RGB")
    raise FileNotFoundError(stem)


def _crop(train: Path, crop: Crop) -> Image.Image:
    name, left, top = crop
    return _open(train, "photos", name).crop((left, top, left + SIDE_PX, top + SIDE_PX))


def _cut(name: str, left: int, top: int) -> Motif:
    return lambda train, _: _crop(train, (name, left, top))


def _blurred(crop: Crop, sigma_px: float) -> Motif:
    return lambda train, _: _crop(train, crop).filter(ImageFilter.GaussianBlur(sigma_px))


def _enlarged(crop: Crop, factor: float, kernel: Image.Resampling) -> Motif:
    def make(train: Path, _: random.Random) -> Image.Image:
        side_px = round(SIDE_PX / factor)
        small = _crop(train, crop).resize((side_px, side_px), Image.Resampling.BICUBIC)
        return small.resize((SIDE_PX, SIDE_PX), kernel)

    return make


def _out_of_focus(crop: Crop, radius_px: float) -> Motif:
    """Spread every point over a disc, in light and not in levels: bright points become discs."""

    def make(train: Path, _: random.Random) -> Image.Image:
        light = (np.asarray(_crop(train, crop), np.float32) / 255) ** 2.2
        reach = math.ceil(radius_px)
        wide = np.pad(light * (1 + 4 * light), ((reach, reach), (reach, reach), (0, 0)), "reflect")
        total, weight = np.zeros_like(light), 0.0
        for down in range(2 * reach + 1):
            for across in range(2 * reach + 1):
                distance = math.hypot(down - reach, across - reach)
                share = min(1.0, max(0.0, radius_px + 0.5 - distance))
                if share:
                    weight += share
                    rows, columns = slice(down, down + SIDE_PX), slice(across, across + SIDE_PX)
                    total += share * wide[rows, columns]
        return _picture(255 * np.clip(total / weight, 0, 1) ** (1 / 2.2))

    return make


def _stars(share: float) -> Motif:
    """Draw a night sky: a soft band of light, and points of which few are bright."""

    def make(_: Path, rng: random.Random) -> Image.Image:
        y, x = _grid()
        band = np.exp(-(((x - y * 0.6 - 60) / 90) ** 2))
        clouds = _noise(rng, 7)
        sky = (6 + 26 * band * (0.4 + clouds))[..., None] * np.array([0.8, 0.85, 1.0])
        for _star in range(round(share * SIDE_PX**2)):
            light = 18 / max(rng.random(), 0.02) ** 0.8
            sigma = rng.choice((0.6, 0.8, 1.0, 1.0, 1.3)) + light / 400
            tint = np.array(rng.choice(((1, 0.9, 0.8), (1, 1, 1), (0.8, 0.9, 1))))
            row, column = rng.uniform(0, SIDE_PX), rng.uniform(0, SIDE_PX)
            near = _near(row, sigma), _near(column, sigma)
            distance = (y[near] - row) ** 2 + (x[near] - column) ** 2
            sky[near] += light * np.exp(-distance / (2 * sigma**2))[..., None] * tint
        return _picture(sky)

    return make


def _near(place: float, sigma: float) -> slice:
    """Give the pixels of a row that a spot reaches."""
    reach = math.ceil(5 * sigma)
    return slice(max(0, int(place) - reach), int(place) + reach + 1)


def _shade(_: Path, rng: random.Random) -> Image.Image:
    colours = np.array([[rng.randrange(256) for _channel in range(3)] for _corner in range(9)])
    few = Image.fromarray(colours.reshape(3, 3, 3).astype(np.uint8))
    return few.resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC)


def _glass(_: Path, rng: random.Random) -> Image.Image:
    """Balls with soft lights on them, as icons and slides have."""
    y, x = _grid()
    picture = np.full((SIDE_PX, SIDE_PX, 3), 235.0) - 60 * (y / SIDE_PX)[..., None]
    for _ball in range(7):
        row, column, radius = rng.uniform(30, 290), rng.uniform(30, 290), rng.uniform(25, 60)
        colour = np.array([rng.uniform(20, 220) for _channel in range(3)])
        distance = np.hypot(y - row, x - column)
        away = np.hypot(y - row + radius / 3, x - column + radius / 3)
        light = np.exp(-((away / radius) ** 2))
        inside = np.clip(radius - distance + 0.5, 0, 1)[..., None]
        picture += inside * (colour + (255 - colour) * light[..., None] ** 2 - picture)
    return _picture(picture)


def _cards(_: Path, rng: random.Random) -> Image.Image:
    """White cards with soft shadows on grey."""
    picture = Image.new("RGB", (SIDE_PX, SIDE_PX), (226, 229, 234))
    for _card in range(5):
        left, top = rng.randint(10, 200), rng.randint(10, 220)
        box = (left, top, left + rng.randint(60, 120), top + rng.randint(40, 90))
        shadow = Image.new("L", picture.size, 0)
        ImageDraw.Draw(shadow).rounded_rectangle(tuple(side + 5 for side in box), 10, fill=150)
        dark = Image.new("RGB", picture.size, (60, 64, 80))
        picture.paste(dark, mask=shadow.filter(ImageFilter.GaussianBlur(rng.uniform(4, 9))))
        ImageDraw.Draw(picture).rounded_rectangle(box, 10, fill="white")
    return picture


def _sunset(_: Path, rng: random.Random) -> Image.Image:
    y, x = _grid()
    sun = np.exp(-((x - 200) ** 2 + (y - 170) ** 2) / 900)[..., None]
    halo = np.exp(-np.hypot(x - 200, y - 170) / 70)[..., None]
    fall = (y / SIDE_PX)[..., None]
    sky = np.array([40, 50, 110]) * (1 - fall) + np.array([240, 120, 40]) * fall
    hills = 235 + 18 * np.sin(x / 37 + rng.random()) + 9 * np.sin(x / 11)
    dark = np.clip(y - hills + 0.5, 0, 1)[..., None]
    picture = sky + 130 * halo + 120 * sun
    return _picture(picture + dark * (np.array([18, 14, 22]) - picture))


def _grain(crop: Crop, levels: float) -> Motif:
    """Lay the grain of film over a photograph: most where it is neither dark nor bright."""

    def make(train: Path, rng: random.Random) -> Image.Image:
        photo = np.asarray(_crop(train, crop), np.float32)
        grain = np.random.default_rng(rng.getrandbits(32)).standard_normal((SIDE_PX, SIDE_PX))
        if levels > COARSE_GRAIN_LEVELS:
            grain = grain + np.roll(grain, 1, 0)
            grain = grain + np.roll(grain, 1, 1)
        clumps = (grain / grain.std())[..., None]
        strength = 0.4 + 2.4 * (photo / 255) * (1 - photo / 255)
        return _picture(photo + levels * clumps * strength)

    return make


def _soft_page(_: Path, rng: random.Random) -> Image.Image:
    page = Image.new("RGB", (SIDE_PX, SIDE_PX), "white")
    _set_lines(page, rng, SANS, 20, (14, 10, 306, 320))
    return page.filter(ImageFilter.GaussianBlur(2.2))


def _newsprint(size_px: int) -> Motif:
    """Print two narrow columns and a picture in halftone on grey paper."""

    def make(_: Path, rng: random.Random) -> Image.Image:
        page = Image.new("RGB", (SIDE_PX, SIDE_PX), (222, 217, 205))
        _set_lines(page, rng, BOLD, 30, (10, 6, 310, 44))
        _set_lines(page, rng, SERIF, size_px, (10, 48, 154, 316))
        _set_lines(page, rng, SERIF, size_px, (166, 48, 310, 200))
        y, x = _grid()
        tone = 0.2 + 0.7 * _noise(rng, 5)
        diagonal, other = (x + y) * math.sqrt(0.5), (x - y) * math.sqrt(0.5)
        dots = 0.25 * (2 + np.cos(diagonal * 2 * np.pi / 5) + np.cos(other * 2 * np.pi / 5))
        ink = np.clip((tone - dots) * 5 + 0.5, 0, 1)[206:316, 166:310, None]
        picture = np.array(page, np.float32)
        picture[206:316, 166:310] = 222 * (1 - ink) + 40 * ink
        paper = np.random.default_rng(rng.getrandbits(32)).normal(0, 5, (SIDE_PX, SIDE_PX, 1))
        return _picture(picture + paper).filter(ImageFilter.GaussianBlur(0.5))

    return make


def _word_cloud(smallest_px: int) -> Motif:
    """Set words large and small, upright and lying, wherever there is room."""

    def make(_: Path, rng: random.Random) -> Image.Image:
        page = Image.new("RGB", (SIDE_PX, SIDE_PX), rng.choice(("white", "white", "#101820")))
        taken = np.zeros((SIDE_PX, SIDE_PX), bool)
        size_px = 52.0
        while size_px >= smallest_px:
            for _try in range(60):
                word = _lettering(rng.choice(WORDS), round(size_px), upright=rng.random() < 0.35)
                if max(word.size) >= SIDE_PX:
                    continue
                left = rng.randrange(SIDE_PX - word.width)
                top = rng.randrange(SIDE_PX - word.height)
                place = slice(top, top + word.height), slice(left, left + word.width)
                if not taken[place].any():
                    taken[place] = True
                    colour = tuple(rng.randrange(30, 210) for _channel in range(3))
                    page.paste(Image.new("RGB", word.size, colour), (left, top), word)
            size_px *= 0.72
        return page

    return make


def _lettering(word: str, size_px: int, *, upright: bool) -> Image.Image:
    font = _font(BOLD, size_px)
    left, top, right, bottom = (round(side) for side in font.getbbox(word))
    mask = Image.new("L", (right - left + 2, bottom - top + 2), 0)
    ImageDraw.Draw(mask).text((1 - left, 1 - top), word, fill=255, font=font)
    return mask.transpose(Image.Transpose.ROTATE_90) if upright else mask


def _drawn_by_hand(name: str) -> Motif:
    def make(train: Path, _: random.Random) -> Image.Image:
        whole = _open(train, "graphics", name)
        whole.thumbnail((900, 900), Image.Resampling.LANCZOS)
        picture = np.asarray(whole)
        part = fullest_window(picture, SIDE_PX, SIDE_PX)
        return Image.fromarray(picture[part.rows, part.columns])

    return make


def _scan(size_px: int) -> Motif:
    """Scan a page that lies a little askew, under uneven light, not quite in focus."""

    def make(_: Path, rng: random.Random) -> Image.Image:
        page = Image.new("RGB", (400, 400), "white")
        _set_lines(page, rng, SERIF, size_px, (30, 30, 380, 380))
        angle = rng.uniform(-1.5, 1.5)
        page = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")
        page = page.crop((40, 40, 40 + SIDE_PX, 40 + SIDE_PX))
        page = page.filter(ImageFilter.GaussianBlur(rng.uniform(0.6, 1.4)))
        light = 205 + 40 * _noise(rng, 3)
        noise = np.random.default_rng(rng.getrandbits(32)).normal(0, 3, (SIDE_PX, SIDE_PX, 1))
        tinted = light[..., None] * np.array([1.0, 0.98, 0.92])
        return _picture(np.asarray(page, np.float32) / 255 * tinted + noise + 8)

    return make


def _meme(crop: Crop) -> Motif:
    """Write large outlined capitals on a photograph that has been saved once too often."""

    def make(train: Path, rng: random.Random) -> Image.Image:
        picture = _crop(train, crop)
        draw, font = ImageDraw.Draw(picture), _font(BOLD, 27)
        for top in (8, 268):
            line = " ".join(rng.sample(WORDS, 2)).upper()
            draw.text(
                (SIDE_PX // 2, top), line, "white", font, "ma", stroke_width=3, stroke_fill="black"
            )
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=82)
        with Image.open(file) as saved:
            return saved.convert("RGB")

    return make


def _set_lines(
    page: Image.Image, rng: random.Random, font: str, size_px: int, box: tuple[int, int, int, int]
) -> None:
    """Fill a box with words."""
    left, top, right, bottom = box
    draw, face = ImageDraw.Draw(page), _font(font, size_px)
    at = top
    while at + size_px <= bottom:
        line = rng.choice(WORDS).capitalize()
        while draw.textlength(f"{line} {(word := rng.choice(WORDS))}", face) <= right - left:
            line += f" {word}"
        draw.text((left, at), line, (28, 27, 30), face)
        at += round(size_px * 1.25)


def _font(name: str, size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Take the typeface, or the one that Pillow brings where it is not installed."""
    try:
        return ImageFont.truetype(f"{name}.ttf", size_px)
    except OSError:
        return ImageFont.load_default(size_px)


def _grid() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    y, x = np.mgrid[:SIDE_PX, :SIDE_PX].astype(np.float64)
    return y, x


def _noise(rng: random.Random, few: int) -> NDArray[np.float32]:
    """Give smooth noise in about 0..1 with `few` hills a side."""
    hills = np.random.default_rng(rng.getrandbits(32)).random((few, few)).astype(np.float32)
    wide = Image.fromarray(hills).resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC)
    return np.asarray(wide, np.float32)


def _picture(levels: NDArray[np.floating]) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))
