"""Measure how well a look tells enlarged pictures from soft ones, on made cases.

    python -m worker.lab.bench.looks FOLDER [--pictures N]

FOLDER holds pictures (photographs or drawings, sharp at 480 pixels). Each is enlarged by every
kernel and, in turn, by every factor, and kept without loss and as JPEG; as many are only blurred.
"""

import argparse
import io
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from crispdeck.picture.pixels import Pixels
from crispdeck.picture.provenance import true_size

KERNELS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
FACTORS = (1.3, 1.5, 1.75, 2.0, 2.4, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0)
QUALITIES = (None, 90, 75)
BLURS = (0.0, 0.8, 1.5, 3.0)
SIDE_PX = 480
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


def main(arguments: list[str]) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m worker.lab.bench.looks")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=int, default=11)
    chosen = parser.parse_args(arguments)
    images = list(pictures(chosen.folder, chosen.pictures))
    for line in (*enlarged_rows(images), "", *soft_rows(images)):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
