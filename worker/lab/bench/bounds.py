"""What bounds and crispness cost beside a network: processor time, at first and now, in turns."""

import io
import statistics
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor

from worker.faithful.guarantee import guarantee
from worker.faithful.kinds import Consistency
from worker.lab.bench.bounds_old_way import old_way
from worker.networks.memory import keep_freed_memory
from worker.networks.plain import interpolate_bicubic

CRISPNESS = 0.3  # the default of the settings
WORDS = "Quarterly results"


@dataclass(frozen=True)
class Case:
    """A small picture (C, h, w), what a network might have made of it, and what is promised."""

    name: str
    small: Tensor
    made: Tensor
    consistency: Consistency


@dataclass(frozen=True)
class Cost:
    """Medians in seconds of processor time, and how far the two results lie apart."""

    name: str
    before_s: float
    after_s: float
    most_levels: float
    share_moved: float


def cases(side_px: int, scale: int) -> Iterable[Case]:
    """Give a drawing and a photograph-like picture, clean and as JPEG."""
    for kind, truth in (
        ("drawing", _drawing(side_px * scale)),
        ("shades", _shades(side_px, scale)),
    ):
        small = Image.fromarray(truth).resize((side_px, side_px), Image.Resampling.BICUBIC)
        out = io.BytesIO()
        small.save(out, "JPEG", quality=75)
        clean, noisy, large = (_unit(np.asarray(one)) for one in (small, Image.open(out), truth))
        plain = interpolate_bicubic(clean[None], scale)[0]
        made = (0.7 * large + 0.3 * plain).contiguous()
        yield Case(f"{kind}, exact", clean, made, Consistency.EXACT)
        yield Case(f"{kind}, low frequency", clean, made, Consistency.LOW_FREQUENCY)
        yield Case(f"{kind}, JPEG", noisy, made, Consistency.LOW_FREQUENCY)


def _drawing(side_px: int) -> NDArray[np.uint8]:
    chance = np.random.default_rng(3)
    image = Image.new("RGB", (side_px, side_px), "white")
    pen = ImageDraw.Draw(image)
    for left, top, width, height in chance.integers(0, side_px, (40, 4)):
        box = (left, top, left + width // 6, top + height // 6)
        pen.rectangle(box, fill=tuple(int(level) for level in chance.integers(0, 255, 3)))
        pen.text((left, top), WORDS, fill="black")
    return np.asarray(image)


def _shades(side_px: int, scale: int) -> NDArray[np.uint8]:
    levels = np.random.default_rng(4).integers(40, 216, (side_px // 4, side_px // 4, 3), np.uint8)
    size = side_px * scale, side_px * scale
    return np.asarray(Image.fromarray(levels).resize(size, Image.Resampling.BICUBIC))


def _unit(samples: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(samples.astype(np.float32) / 255).permute(2, 0, 1).contiguous()


def cost(case: Case, rounds: int) -> Cost:
    """Reckon in both ways in turns, so that both meet the same load of the machine."""

    def run() -> Tensor:
        return guarantee(case.small, case.made, case.consistency, 255, CRISPNESS)[0]

    results, seconds = [], []
    for way in (old_way, nullcontext):
        with way():
            results.append(run())  # also makes the matrices
    for way in (old_way, nullcontext) * rounds:
        with way():
            seconds.append(_processor_s(run))
    apart = (results[0] - results[1]).abs() * 255
    return Cost(
        case.name,
        statistics.median(seconds[::2]),
        statistics.median(seconds[1::2]),
        float(apart.max()),
        float((apart > 0.5).float().mean()),
    )


def _processor_s(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def table(side_px: int, scale: int, rounds: int) -> Iterable[str]:
    """Write a row for each case; on one thread."""
    torch.set_num_threads(1)
    keep_freed_memory()
    yield "| picture | before, ms | now, ms | factor | most levels apart | samples apart |"
    yield "|---|---:|---:|---:|---:|---:|"
    for case in cases(side_px, scale):
        one = cost(case, rounds)
        times = f"{one.before_s * 1e3:.1f} | {one.after_s * 1e3:.1f}"
        apart = f"{one.most_levels:.0f} | {one.share_moved:.1e}"
        yield f"| {one.name} | {times} | {one.before_s / one.after_s:.2f} | {apart} |"
