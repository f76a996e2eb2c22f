"""How much sharper than bicubic: PSNR and SSIM on folders of pictures; no training.

python -m worker.bench.quality FOLDER… [--scale 4] [--held-back] [--dtype float32]
"""

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table

from crispdeck.picture.pixels import Pixels
from crispdeck.settings import Settings
from worker.metrics import Picture, psnr_luma, ssim_luma
from worker.source import Source
from worker.training.corpus import LONGEST_SIDE_PX, RASTER_SUFFIXES, is_held_back, render_svg
from worker.upscaler import Upscaler

SVG_WIDTH_PX = 640


@dataclass(frozen=True)
class Quality:
    """One picture, enlarged by bicubic and by the network, against the truth; luma, in dB."""

    name: str
    bicubic_db: float
    network_db: float
    bicubic_ssim: float
    network_ssim: float

    @property
    def gain_db(self) -> float:
        """How much better than bicubic."""
        return self.network_db - self.bicubic_db


def measure(folder: Path, upscaler: Upscaler, scale: int, *, held_back: bool) -> list[Quality]:
    """Shrink each picture of `folder` by Pillow's bicubic, enlarge it, compare.

    `held_back` takes only the pictures that training leaves out. A picture that is so plain that
    bicubic is already exact says nothing and is left out.
    """
    measured = [
        measure_one(path.name, truth, upscaler, scale)
        for path in sorted(folder.iterdir())
        if not held_back or is_held_back(path.name)
        for truth in _truths(path, scale)
    ]
    return [quality for quality in measured if math.isfinite(quality.gain_db)]


def measure_one(name: str, truth: Picture, upscaler: Upscaler, scale: int) -> Quality:
    """Compare for one picture (H, W, 3), both sides divisible by `scale`."""
    whole = Image.fromarray(truth)
    small = whole.resize((whole.width // scale, whole.height // scale), Image.Resampling.BICUBIC)
    plain = np.asarray(small.resize(whole.size, Image.Resampling.BICUBIC))
    (made,) = upscaler.upscale([Source(Pixels(np.asarray(small)))], scale)
    ours = made.pixels.colour.astype(np.uint8)
    return Quality(
        name=name,
        bicubic_db=psnr_luma(plain, truth, crop_px=scale),
        network_db=psnr_luma(ours, truth, crop_px=scale),
        bicubic_ssim=ssim_luma(plain, truth, crop_px=scale),
        network_ssim=ssim_luma(ours, truth, crop_px=scale),
    )


def _truths(path: Path, scale: int) -> Iterator[Picture]:
    """Read a picture, cut to a multiple of `scale`; nothing if it is none or too small."""
    if path.suffix.lower() in RASTER_SUFFIXES:
        with Image.open(path) as file:
            picture = file.convert("RGB")
    elif path.suffix.lower() == ".svg":
        picture = render_svg(path.read_text(encoding="utf-8"), SVG_WIDTH_PX, "#ffffff")
    else:
        return
    picture.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
    width_px, height_px = (side // scale * scale for side in picture.size)
    if min(width_px, height_px) >= 16 * scale:
        yield np.asarray(picture.crop((0, 0, width_px, height_px)))


def _row(name: str, qualities: Sequence[Quality]) -> list[str]:
    gains = [quality.gain_db for quality in qualities]
    return [
        name,
        str(len(qualities)),
        _means([(q.bicubic_db, q.bicubic_ssim) for q in qualities]),
        _means([(q.network_db, q.network_ssim) for q in qualities]),
        f"{np.mean(gains):+.2f}",
        f"{min(gains):+.2f}",
    ]


def _means(figures: Sequence[tuple[float, float]]) -> str:
    decibel, ssim = np.mean(figures, axis=0)
    return f"{decibel:.2f} / {ssim:.4f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one row per folder and one for all pictures."""
    parser = argparse.ArgumentParser(prog="python -m worker.bench.quality", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--scale", type=int, choices=(2, 4), default=4)
    parser.add_argument("--held-back", action="store_true", help="only what training left out")
    parser.add_argument("--dtype", choices=("auto", "float32", "bfloat16"), default="auto")
    options = parser.parse_args(arguments)
    upscaler = Upscaler(Settings(dtype=options.dtype))
    columns = "set", "pictures", "bicubic dB / SSIM", "network dB / SSIM", "gain dB", "worst dB"
    table = Table(*columns, title=f"×{options.scale}, luma, {options.dtype}")
    everything: list[Quality] = []
    for folder in options.folders:
        qualities = measure(folder, upscaler, options.scale, held_back=options.held_back)
        if qualities:
            table.add_row(*_row(folder.name, qualities))
        everything += qualities
    if everything:
        table.add_row(*_row("all", everything))
    Console().print(table)


if __name__ == "__main__":
    main()
