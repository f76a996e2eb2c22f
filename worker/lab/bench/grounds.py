"""Lay small pictures and their upscales on white, dark and a photograph, to be looked at.

    python -m worker.lab.bench.grounds OUT.png PICTURE… [--scale N]

For logos whose ground was made clear, and palettes whose ground must not be tinted. On each ground
the picture stands as it was, its pixels as large as the upscale's, and the upscale beside it. With
the names stands the colour of the upscale's corner, as it is shown on white.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from crispdeck.picture.pixels import Pixels
from crispdeck.picture.reading import decode
from crispdeck.picture.thumbnail import to_image
from crispdeck.settings import Settings
from worker.upscaling.pipeline import PixelLimits, sharpen
from worker.upscaling.upscaler import Upscaler

GAP_PX, LINE_PX = 12, 22
DARK = (24, 32, 48)
INK, PAPER = "#1f2937", "#d6dbe3"
MAX_PX = 4_000_000


def sheet(paths: Sequence[Path], scale: int) -> Image.Image:
    """Return the sheet, a row for each picture."""
    network, settings = Upscaler(), Settings()
    rows = []
    for path in paths:
        blob = path.read_bytes()
        done = sharpen(blob, scale, network, PixelLimits(), settings.crispness)
        old, new = (_shown(decode(each, max_px=MAX_PX).pixels) for each in (blob, done.blob))
        large = old.resize(new.size, Image.Resampling.NEAREST)
        sides = [Image.alpha_composite(g, s) for g in _grounds(new.size) for s in (large, new)]
        corner = "{} {} {}".format(*sides[1].getpixel((0, 0))[:3])  # type: ignore[index]
        rows.append((f"{path.parent.name}/{path.name} x{scale}, {done.format}: {corner}", sides))
    width = max(sum(each.width + GAP_PX for each in sides) for _, sides in rows) + GAP_PX
    height = sum(sides[0].height + LINE_PX + GAP_PX for _, sides in rows) + GAP_PX
    out = Image.new("RGB", (width, height), PAPER)
    draw, top = ImageDraw.Draw(out), GAP_PX
    for caption, sides in rows:
        draw.text((GAP_PX, top), caption, INK, ImageFont.load_default(14))
        left = GAP_PX
        for side in sides:
            out.paste(side.convert("RGB"), (left, top + LINE_PX))
            left += side.width + GAP_PX
        top += sides[0].height + LINE_PX + GAP_PX
    return out


def _shown(pixels: Pixels) -> Image.Image:
    return to_image(pixels).convert("RGBA")


def _grounds(size: tuple[int, int]) -> Iterator[Image.Image]:
    yield Image.new("RGBA", size, "white")
    yield Image.new("RGBA", size, DARK)
    yield Image.fromarray(_busy(size)).convert("RGBA")


def _busy(size: tuple[int, int]) -> NDArray[np.uint8]:
    """Make something like a photograph: soft shapes and grain, the same each time."""
    random = np.random.default_rng(1)
    coarse = random.integers(40, 220, (6, 9, 3), dtype=np.uint8)
    soft = np.asarray(Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)).astype(int)
    return np.clip(soft + random.normal(0, 9, soft.shape), 0, 255).astype(np.uint8)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the sheet."""
    parser = argparse.ArgumentParser(prog="python -m worker.lab.bench.grounds")
    parser.add_argument("out", type=Path)
    parser.add_argument("pictures", nargs="+", type=Path)
    parser.add_argument("--scale", type=int, choices=(2, 4), default=4)
    chosen = parser.parse_args(arguments)
    sheet(chosen.pictures, chosen.scale).save(chosen.out)


if __name__ == "__main__":
    main()
