"""The training pictures, decoded once into one memory-mapped file; no cropping, no degrading."""

import hashlib
import io
import json
import logging
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from worker.training.pages import svg_pages

logger = logging.getLogger(__name__)

Kind = Literal["photo", "graphic"]
Array = NDArray[np.uint8]

RASTER_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
LONGEST_SIDE_PX = 1600
SHORTEST_SIDE_PX = 128
# One in this many pictures, chosen by its name, is kept for validation and never trained on.
HELD_BACK_ONE_IN = 32


@dataclass(frozen=True)
class Entry:
    """Where one picture lies in the pixel file: (height, width, 3) uint8 from `offset`."""

    name: str
    kind: Kind
    held_back: bool
    offset: int
    height_px: int
    width_px: int


class Corpus:
    """Read-only access to the decoded pictures."""

    def __init__(self, folder: Path) -> None:
        index = json.loads((folder / "index.json").read_text())
        self.entries = [Entry(**entry) for entry in index["entries"]]
        self._pixels = np.memmap(folder / "pixels.bin", dtype=np.uint8, mode="r")

    def select(self, kind: Kind, *, held_back: bool) -> list[Entry]:
        """All entries of one kind, for training or for validation."""
        return [e for e in self.entries if e.kind == kind and e.held_back == held_back]

    def pixels(self, entry: Entry) -> Array:
        """View the picture (H, W, 3) in the file."""
        size = entry.height_px * entry.width_px * 3
        flat = self._pixels[entry.offset : entry.offset + size]
        return flat.reshape(entry.height_px, entry.width_px, 3)


def is_held_back(name: str) -> bool:
    """Tell the pictures that only measure; decided by the name, so it never changes."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) % HELD_BACK_ONE_IN == 0


def build_corpus(folder: Path, photos: Path, graphics: Path, *, pages: int, seed: int) -> Corpus:
    """Decode `photos` and `graphics`, render `pages` pages of text, unless done already."""
    recipe = {"photos": str(photos), "graphics": str(graphics), "pages": pages, "seed": seed}
    index = folder / "index.json"
    if not index.exists() or json.loads(index.read_text())["recipe"] != recipe:
        folder.mkdir(parents=True, exist_ok=True)
        entries = list(_write_pixels(folder / "pixels.bin", photos, graphics, pages, seed))
        if not entries:
            raise ValueError(f"no pictures to train on in {photos} and {graphics}")
        content = {"recipe": recipe, "entries": [asdict(entry) for entry in entries]}
        index.write_text(json.dumps(content))
    return Corpus(folder)


def _write_pixels(
    path: Path, photos: Path, graphics: Path, pages: int, seed: int
) -> Iterator[Entry]:
    offset = 0
    with path.open("wb") as file:
        for name, kind, picture in _decode_all(photos, graphics, pages, seed):
            if min(picture.size) < SHORTEST_SIDE_PX:
                continue
            pixels = np.asarray(picture)
            file.write(pixels.tobytes())
            yield Entry(name, kind, is_held_back(name), offset, *pixels.shape[:2])
            offset += pixels.size


def _decode_all(
    photos: Path, graphics: Path, pages: int, seed: int
) -> Iterator[tuple[str, Kind, Image.Image]]:
    rng = random.Random(seed)  # noqa: S311
    for path in sorted(photos.iterdir()):
        if path.suffix.lower() in RASTER_SUFFIXES:
            yield path.name, "photo", _decode(path)
    for path in sorted(graphics.iterdir()):
        if path.suffix.lower() in RASTER_SUFFIXES:
            yield path.name, "graphic", _decode(path)
        elif path.suffix.lower() == ".svg":
            yield from _drawings(path, rng)
    for number, svg in enumerate(svg_pages(pages, rng)):
        yield f"page-{number}", "graphic", render_svg(svg, None, "#ffffff")


def _decode(path: Path) -> Image.Image:
    """Decode, lay over white what is clear, and shrink what is larger than needed."""
    with Image.open(path) as file:
        picture = file.convert("RGBA") if file.has_transparency_data else file.convert("RGB")
    if picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture).convert("RGB")
    picture.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
    return picture


def _drawings(path: Path, rng: random.Random) -> Iterator[tuple[str, Kind, Image.Image]]:
    """One rendering on white and one on a random ground, at random sizes."""
    markup = path.read_text(encoding="utf-8", errors="replace")
    grounds = ["#ffffff", f"#{rng.randrange(1 << 24):06x}"]
    for ground in grounds:
        try:
            drawing = render_svg(markup, rng.randrange(260, 760), ground)
        except ValueError as error:
            logger.warning("left out %s: %s", path.name, error)
            return
        drawing.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
        yield path.name, "graphic", drawing


def render_svg(markup: str, width_px: int | None, ground: str) -> Image.Image:
    """Render `markup` on the colour `ground`; ValueError where it cannot be drawn."""
    import resvg_py  # only the extra `train` has it

    png = resvg_py.svg_to_bytes(svg_string=markup, width=width_px, background=ground)
    with Image.open(io.BytesIO(png)) as file:
        return file.convert("RGB")
