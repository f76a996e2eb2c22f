"""Measure how well provenance tells enlarged pictures from soft ones, on made cases.

    python -m worker.lab.bench.looks FOLDER [--pictures N] [--shrunk N]

FOLDER holds pictures (photographs or drawings, sharp at 480 pixels). Each is enlarged by every
kernel and, in turn, by every factor, and kept without loss and as JPEG; as many are only blurred.
With --shrunk so many others were only ever shrunk: sharp, soft, starry, grainy, smooth ones.
"""

import argparse
import io
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from crispdeck.picture.pixels import Pixels
from crispdeck.picture.provenance import true_size
from worker.lab.training import softness

KERNELS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
FACTORS = (1.3, 1.5, 1.75, 2.0, 2.4, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0)
"""Whole, half and odd ones, up to what is looked for."""
QUALITIES = (None, 90, 75)  # of JPEG; None: without loss
BLURS = (0.0, 0.8, 1.5, 3.0)  # standard deviations in px of pictures that were not enlarged
SIDE_PX = 480  # of the sharp pictures that are enlarged: ×8 of it is as large as pictures get
LEAST_SHRUNK_PX, MOST_SHRUNK_PX = 110, 420  # sides of pictures that were only shrunk; as in decks
NEVER_ENLARGED: tuple[softness.Soften | None, ...] = (
    None,
    softness.blurred,
    softness.out_of_focus,
    softness.shallow,
    softness.glowing,
    softness.starry,
    softness.grainy,
    softness.scanned,
    softness.shaded,
)
TOLERANCE = 0.03
"""Relative error of the true width that counts as right."""


def pictures(folder: Path, most: int) -> Iterator[Image.Image]:
    """Yield pictures, evenly taken from the folder, shrunk so that they are sharp."""
    files = sorted(path for path in folder.iterdir() if path.suffix in {".jpg", ".png", ".webp"})
    for path in files[:: max(1, len(files) // most)][:most]:
        image = Image.open(path).convert("RGB")
        image.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
        yield image


def kept(image: Image.Image, quality: int | None) -> Pixels:
    """Return the pixels after a way through JPEG, or as they are."""
    if quality is not None:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        image = Image.open(out)
    return Pixels(np.asarray(image.convert("RGB"), np.uint8))


def enlarged_rows(images: list[Image.Image]) -> Iterator[str]:
    """Yield how many of the enlarged ones are found, by kernel and quality, then by factor."""
    verdicts: dict[str, list[str]] = defaultdict(list)
    turn = 0
    for image in images:
        for name, kernel in KERNELS.items():
            for quality in QUALITIES:
                factor = FACTORS[turn % len(FACTORS)]
                turn += 1
                width_px = max(110, round(min(image.width, 900 / factor)))
                small = image.resize((width_px, width_px * image.height // image.width))
                size = round(small.width * factor), round(small.height * factor)
                found = true_size(kept(small.resize(size, kernel), quality))
                end = "missed"
                if found is not None:
                    is_right = abs(found.width_px / small.width - 1) <= TOLERANCE
                    end = "right" if is_right else "wrong size"
                saved = f"JPEG {quality}" if quality else "lossless"
                verdicts[f"{name}, {saved}"].append(end)
                verdicts[f"×{factor:g}"].append(end)
    yield "| enlarged by | cases | right size | wrong size | missed |"
    yield "| --- | --- | --- | --- | --- |"
    for name, ends in sorted(verdicts.items(), key=lambda row: row[0].startswith("×")):
        counts = [str(ends.count(each)) for each in ("right", "wrong size", "missed")]
        yield f"| {name} | {len(ends)} | {' | '.join(counts)} |"


def soft_rows(images: list[Image.Image]) -> Iterator[str]:
    """Yield how many that were never enlarged are called so."""
    yield "| not enlarged, blur (px) | cases | called enlarged |"
    yield "| --- | --- | --- |"
    for blur in BLURS:
        called = [
            true_size(kept(image.filter(ImageFilter.GaussianBlur(blur)), quality)) is not None
            for image in images
            for quality in QUALITIES
        ]
        yield f"| {blur:g} | {len(called)} | {sum(called)} |"


def shrunk_rows(folder: Path, count: int) -> Iterator[str]:
    """Yield how many of `count` pictures that were only ever shrunk are called enlarged."""
    files = sorted(path for path in folder.iterdir() if path.suffix in {".jpg", ".png", ".webp"})
    called: dict[str, list[bool]] = defaultdict(list)
    for number in range(count):
        rng = random.Random(f"shrunk {number}")  # noqa: S311
        with Image.open(files[number * 7919 % len(files)]) as file:
            picture = file.convert("RGB")
        soften = NEVER_ENLARGED[number % len(NEVER_ENLARGED)]
        small = _shrunk(picture, soften, rng)
        quality = rng.choice(QUALITIES)
        found = true_size(kept(small, quality)) is not None
        called[soften.__name__ if soften else "sharp"].append(found)
        called[f"JPEG {quality}" if quality else "lossless"].append(found)
        called["all"].append(found)
    yield "| only shrunk | cases | called enlarged |"
    yield "| --- | --- | --- |"
    for name, ends in called.items():
        yield f"| {name} | {len(ends)} | {sum(ends)} |"


def _shrunk(
    picture: Image.Image, soften: softness.Soften | None, rng: random.Random
) -> Image.Image:
    """Shrink by 1.5 to 4, any kernel, what was made soft at its own size."""
    factor = rng.uniform(1.5, 4)
    most_px = min(*picture.size, round(MOST_SHRUNK_PX * factor))
    side_px = rng.randint(min(round(LEAST_SHRUNK_PX * factor), most_px), most_px)
    left, top = (rng.randint(0, whole - side_px) for whole in picture.size)
    part = picture.crop((left, top, left + side_px, top + side_px))
    if soften is not None:
        part = soften(part, round(factor), rng)
    size_px = round(side_px / factor)
    kernel = rng.choice([each for name, each in KERNELS.items() if name != "nearest"])
    return part.resize((size_px, size_px), kernel)


def main(arguments: list[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m worker.lab.bench.looks")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=int, default=11)
    parser.add_argument("--shrunk", type=int, default=0)
    chosen = parser.parse_args(arguments)
    if chosen.shrunk:
        for line in shrunk_rows(chosen.folder, chosen.shrunk):
            sys.stdout.write(line + "\n")
        return
    images = list(pictures(chosen.folder, chosen.pictures))
    for line in (*enlarged_rows(images), "", *soft_rows(images)):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
