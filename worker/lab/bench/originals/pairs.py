"""Pairs of a small picture and a candidate: true ones, and false ones with one small edit.

Each scene gives both: the small picture is made from one version, the candidates are that one and
the other. An edit has to be visible in the small file, or nobody could tell: made from the other
version in the same way it differs by VISIBLE_LEVELS in the mean of some 2 x 2 pixels, in brightness
or in chroma.
"""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from worker.lab.bench.originals.drawings import Two, drawn
from worker.lab.bench.originals.edits import edited_graphic, edited_photo, edited_svg
from worker.lab.training.sources import decode, raster_names, svg_names

VISIBLE_LEVELS = 16.0  # of 255, mean of 2 × 2 pixels: an edit below it nobody sees; a guess
KINDS = ("drawn", "photo", "graphic", "logo")
KERNELS = {
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
}
CODECS = ("png", "jpeg 75", "jpeg 40-95")
FACTORS = (2.0, 4.0)  # by which the small one was shrunk
_TRIES = 20  # edits drawn until one can be seen in the small file; a guess


@dataclass(frozen=True)
class Scene:
    """A small picture as a file, its original, and what is not its original.

    Attributes:
        ways: what was done to it: kernel, crop …
    """

    name: str
    kind: str
    factor: float
    codec: str
    edit: str
    small: bytes = field(repr=False)
    truth: Image.Image = field(repr=False)
    edited: Image.Image = field(repr=False)
    ways: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pictures:
    """Where the pictures come from; a kind without its folder is drawn by script instead."""

    photos: tuple[Path, ...] = ()
    graphics: tuple[Path, ...] = ()
    logos: tuple[Path, ...] = ()

    @classmethod
    def of(cls, data: Path | None) -> "Pictures":
        """List what `data`/train holds."""
        if data is None:
            return cls()
        photos, graphics = data / "train" / "photos", data / "train" / "graphics"
        return cls(
            tuple(photos / name for name in raster_names(photos)),
            tuple(graphics / name for name in raster_names(graphics)),
            tuple(graphics / name for name in svg_names(graphics)),
        )


def scene_name(number: int) -> str:
    """Name a scene."""
    return f"{number:05d}"


def scenes(pictures: Pictures, count: int, seed: int = 20) -> Iterator[Scene]:
    """Make scenes, the same for the same seed, evenly over kinds, factors and codecs."""
    for number in range(count):
        yield scene(pictures, number, seed)


def scene(pictures: Pictures, number: int, seed: int = 20) -> Scene:
    """Make one scene.

    Raises:
        RuntimeError: no edit could be seen; the pictures are not what they should be.
    """
    kind = KINDS[number % 4]
    factor = FACTORS[number // 4 % 2]
    codec = CODECS[number // 8 % 3]
    for attempt in range(_TRIES):
        rng = random.Random(f"{seed} {number} {attempt}")  # noqa: S311
        two = _two(pictures, kind, rng)
        if two is None or min(two.truth.size) < 32 * factor:
            continue
        ways: list[str] = []
        way = _Way(two.truth.size, factor, rng, ways)
        save = _Saving.of(codec, rng)
        blob, other = save.blob(way.apply(two.truth)), save.blob(way.apply(two.edited))
        if _visible(blob, other) >= VISIBLE_LEVELS:
            return Scene(
                scene_name(number),
                kind,
                factor,
                codec,
                two.edit,
                blob,
                two.truth,
                two.edited,
                tuple(ways),
            )
    raise RuntimeError(f"No edit of scene {number} can be seen.")


def _two(pictures: Pictures, kind: str, rng: random.Random) -> Two | None:
    if kind == "photo" and pictures.photos:
        photo = decode(rng.choice(pictures.photos), longest_px=rng.randrange(600, 1281))
        other = decode(rng.choice(pictures.photos), longest_px=1000)
        return edited_photo(photo, other, rng)
    if kind == "graphic" and pictures.graphics:
        longest = rng.randrange(600, 1281)
        return edited_graphic(decode(rng.choice(pictures.graphics), longest_px=longest), rng)
    if kind == "logo" and pictures.logos:
        markup = rng.choice(pictures.logos).read_text(encoding="utf-8", errors="replace")
        try:
            return edited_svg(
                markup, rng.randrange(300, 900), rng.choice(("#ffffff", "#203040")), rng
            )
        except ValueError:
            return None
    return drawn(rng)


class _Way:
    """One way from a large picture to a small one, drawn once, applied to both versions."""

    def __init__(
        self, size: tuple[int, int], factor: float, rng: random.Random, ways: list[str]
    ) -> None:
        width, height = size
        self.box = (0.0, 0.0, float(width), float(height))
        self.stretch = 1.0
        self.tilt_deg = 0.0
        self.turn: Image.Transpose | None = None
        name = rng.choice(list(KERNELS))
        if rng.random() < 0.12:
            name, self.box = "screenshot", self._cropped(size, rng, 0.03, whole=False)
        elif rng.random() < 0.3:
            ways.append("crop")
            self.box = self._cropped(size, rng, 0.25, whole=True)
        ways.insert(0, name)
        if rng.random() < 0.05:
            ways.append("stretch")
            self.stretch = rng.uniform(0.85, 1.15)
        if rng.random() < 0.06:
            ways.append("turn")
            self.turn = rng.choice(list(Image.Transpose))
        if rng.random() < 0.04:
            ways.append("tilt")
            self.tilt_deg = rng.uniform(-2, 2)
        self.kernel = KERNELS.get(name, Image.Resampling.BILINEAR)
        left, top, right, bottom = self.box
        self.size = (
            max(24, round((right - left) / factor * self.stretch)),
            max(24, round((bottom - top) / factor)),
        )
        self.gains: tuple[float, ...] = ()
        if rng.random() < 0.2:
            ways.append("colour")
            self.gains = tuple(rng.uniform(0.92, 1.06) for _ in range(3))
            self.offset = rng.uniform(-8, 8)
        self.sharpening: ImageFilter.UnsharpMask | None = None
        if rng.random() < 0.2:
            ways.append("sharpened")
            self.sharpening = ImageFilter.UnsharpMask(
                rng.uniform(0.5, 1.2), rng.randrange(20, 90), 0
            )

    @staticmethod
    def _cropped(
        size: tuple[int, int], rng: random.Random, most: float, *, whole: bool
    ) -> tuple[float, float, float, float]:
        width, height = size
        left, right = rng.uniform(0, most) * width, (1 - rng.uniform(0, most)) * width
        top, bottom = rng.uniform(0, most) * height, (1 - rng.uniform(0, most)) * height
        box = (left, top, right, bottom)
        return tuple(float(round(side)) for side in box) if whole else box  # type: ignore[return-value]

    def apply(self, picture: Image.Image) -> Image.Image:
        if self.tilt_deg:
            turned = picture.rotate(self.tilt_deg, Image.Resampling.BICUBIC)
            width, height = picture.size
            inset = 0.06
            box = (inset * width, inset * height, (1 - inset) * width, (1 - inset) * height)
            small = turned.resize(self.size, self.kernel, box=box)
        else:
            small = picture.resize(self.size, self.kernel, box=self.box)
        if self.sharpening is not None:
            small = small.filter(self.sharpening)
        if self.gains:
            pixels = (
                np.asarray(small, np.float32) * np.asarray(self.gains, np.float32) + self.offset
            )
            small = Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))
        return small if self.turn is None else small.transpose(self.turn)


def _visible(truth: bytes, edited: bytes) -> float:
    """Return by how many levels the mean of some 2 x 2 pixels differs, in YCbCr."""
    planes = [_ycc(blob) for blob in (truth, edited)]
    difference = planes[0] - planes[1]
    height, width = (side // 2 * 2 for side in difference.shape[:2])
    squares = difference[:height, :width].reshape(height // 2, 2, width // 2, 2, 3)
    return float(np.abs(squares.mean(axis=(1, 3))).max())


def _ycc(blob: bytes) -> NDArray[np.float32]:
    with Image.open(io.BytesIO(blob)) as file:
        return np.asarray(file.convert("RGB").convert("YCbCr"), np.float32)


@dataclass(frozen=True)
class _Saving:
    """How a small picture is saved: without loss where there is no quality."""

    quality: int | None
    subsampling: int

    @classmethod
    def of(cls, codec: str, rng: random.Random) -> "_Saving":
        quality = {"png": None, "jpeg 75": 75}.get(codec, rng.randrange(40, 96))
        return cls(quality, rng.choice((0, 2, 2)))

    def blob(self, small: Image.Image) -> bytes:
        out = io.BytesIO()
        if self.quality is None:
            small.save(out, "PNG", compress_level=1)
        else:
            small.save(out, "JPEG", quality=self.quality, subsampling=self.subsampling)
        return out.getvalue()
