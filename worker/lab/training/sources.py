"""Photographs and drawings from folders, decoded, at the sizes that a deck's pictures have."""

import io
import logging
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from worker.lab.training.corpus import PartWriter
from worker.lab.training.families import Families

logger = logging.getLogger(__name__)

RASTER_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
LONGEST_SIDE_PX = 1280  # larger drawings are shrunk to it: as wide as half a fine screen
SHORTEST_SIDE_PX = 128  # smaller ones are left out: no crop of 32 small pixels fits at ×4
PHOTO_SIZES = (1.0, 0.75, 0.5)
"""Small pictures show whole scenes, dense in detail; the full size is as soft as cameras are."""
WHOLE_SCENE_PX = 208
"""Shortest side of the smallest copy: one crop of it is the whole scene."""


def write_photos(writer: PartWriter, folder: Path, names: list[str]) -> None:
    """Add each photograph at several sizes."""
    families = Families(folder)
    for name in names:
        photo = decode(folder / name, longest_px=None)
        shortest = min(photo.size)
        wanted = sorted({*PHOTO_SIZES, WHOLE_SCENE_PX / shortest}, reverse=True)
        sizes = [size for size in wanted if SHORTEST_SIDE_PX <= size * shortest <= shortest]
        for size in sizes or [1.0] * (shortest >= SHORTEST_SIDE_PX):
            width, height = (round(side * size) for side in photo.size)
            scaled = photo.resize((width, height), Image.Resampling.LANCZOS)
            writer.add(name, "photo", np.asarray(scaled), held_back=families.held_back(name))


def write_graphics(writer: PartWriter, folder: Path, names: list[str], seed: int) -> None:
    """Add each raster graphic, and each SVG drawn on white and on a colour."""
    families = Families(folder)
    for name in names:
        path, rng = folder / name, random.Random(f"{seed} {name}")  # noqa: S311
        svg = path.suffix.lower() == ".svg"
        for picture in _drawings(path, rng) if svg else [decode(path)]:
            if min(picture.size) >= SHORTEST_SIDE_PX:
                held_back = families.held_back(name)
                writer.add(name, "graphic", np.asarray(picture), held_back=held_back)


def raster_names(folder: Path) -> list[str]:
    """List the decodable pictures of a folder."""
    return sorted(p.name for p in folder.iterdir() if p.suffix.lower() in RASTER_SUFFIXES)


def svg_names(folder: Path) -> list[str]:
    """List the drawings of a folder."""
    return sorted(p.name for p in folder.iterdir() if p.suffix.lower() == ".svg")


def decode(path: Path, *, longest_px: int | None = LONGEST_SIDE_PX) -> Image.Image:
    """Decode, lay over white what is clear, and shrink what is larger than needed."""
    with Image.open(path) as file:
        picture = file.convert("RGBA") if file.has_transparency_data else file.convert("RGB")
    if picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture).convert("RGB")
    if longest_px is not None:
        picture.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    return picture


def _drawings(path: Path, rng: random.Random) -> Iterator[Image.Image]:
    """One rendering on white and one on a random ground, at random sizes."""
    markup = path.read_text(encoding="utf-8", errors="replace")
    for ground in ("#ffffff", f"#{rng.randrange(1 << 24):06x}"):
        try:
            drawing = render_svg(markup, rng.randrange(208, 560), ground)
        except ValueError as error:
            logger.warning("left out %s: %s", path.name, error)
            return
        drawing.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
        yield drawing


def render_svg(markup: str, width_px: int | None, ground: str | None) -> Image.Image:
    """Render `markup` on the colour `ground`, as RGB, or on nothing, as RGBA.

    Raises:
        ValueError: it cannot be drawn.
    """
    import resvg_py  # only the extra `train` has it

    png = resvg_py.svg_to_bytes(svg_string=markup, width=width_px, background=ground)
    with Image.open(io.BytesIO(png)) as file:
        return file.convert("RGBA" if ground is None else "RGB")
