"""How long the networks take beside bicubic, by size and number format; no quality.

python -m worker.bench.speed [--threads 2] [--scale 4]
"""

import argparse
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from PIL import Image
from rich.console import Console
from rich.table import Table

from crispdeck.picture.pixels import Pixels
from crispdeck.settings import Settings
from worker.source import Source
from worker.upscaler import Upscaler

SIDES_PX = (64, 100, 160, 200)
SECONDS = 2.0
LEAST_REPEATS = 7


def fastest_ms(work: Callable[[], object]) -> float:
    """Run `work` for a while; the fastest run says most on a machine that does other things."""
    times: list[float] = []
    ends = time.perf_counter() + SECONDS
    while len(times) < LEAST_REPEATS or time.perf_counter() < ends:
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times) * 1000


def main(arguments: Sequence[str] | None = None) -> None:
    """Print milliseconds for square RGB pictures, and how often bicubic's time that is."""
    parser = argparse.ArgumentParser(prog="python -m worker.bench.speed", description=__doc__)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--scale", type=int, choices=(2, 4), default=4)
    options = parser.parse_args(arguments)
    upscalers = [
        Upscaler(Settings(dtype=dtype, torch_threads=options.threads))
        for dtype in ("float32", "bfloat16")
    ]
    columns = "side px", "bicubic ms", "float32 ms", "× bicubic", "bfloat16 ms", "× bicubic"
    table = Table(*columns, title=f"×{options.scale}, {options.threads} threads, fastest run")
    for side_px in SIDES_PX:
        table.add_row(*_row(side_px, options.scale, upscalers))
    Console().print(table)


def _row(side_px: int, scale: int, upscalers: Sequence[Upscaler]) -> list[str]:
    noise = np.random.default_rng(1).integers(0, 256, (side_px, side_px, 3), dtype=np.uint8)
    large = (side_px * scale, side_px * scale)
    picture = Image.fromarray(noise)
    bicubic_ms = fastest_ms(lambda: picture.resize(large, Image.Resampling.BICUBIC))
    row = [str(side_px), f"{bicubic_ms:.1f}"]
    for upscaler in upscalers:
        network_ms = fastest_ms(lambda one=upscaler: one.upscale([Source(Pixels(noise))], scale))  # type: ignore[misc]
        row += [f"{network_ms:.1f}", f"{network_ms / bicubic_ms:.0f}"]
    return row


if __name__ == "__main__":
    main()
