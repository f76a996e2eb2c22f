"""Milliseconds from pixels to pixels by size of picture, all methods in turns; no quality."""

import io
import json
import logging
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from worker.lab.bench.methods import Method, Small

logger = logging.getLogger(__name__)

SIDES_PX = (64, 128, 200, 512)
"""Of the pictures: an icon to a photograph; 200 is the size that the README states."""
ROUNDS = 9  # of each method and size; the median is told
SLOW_S = 3.0  # a round of all methods beyond which fewer rounds do
LEAST_ROUNDS = 3  # the fewest that have a median


@dataclass(frozen=True)
class Timing:
    """One method at one size.

    Attributes:
        side_px: of the square small picture.
        median_ms, fastest_ms: over `rounds`.
        ratio: median over the rounds of the time against the first method's in the same round,
            nan where that was not measured; robust against a machine that does other work.
    """

    method: str
    kind: str
    scale: int
    side_px: int
    rounds: int
    median_ms: float
    fastest_ms: float
    ratio: float


def time_methods(
    methods: Sequence[Method],
    scale: int,
    *,
    sides_px: Sequence[int] = SIDES_PX,
    rounds: int = ROUNDS,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Timing]:
    """Time every method at every size; in each round each has one turn, so all meet one load.

    Methods so slow that a round takes longer than SLOW_S get LEAST_ROUNDS.
    """
    timings = []
    for side_px in sides_px:
        small = noise_and_shapes(side_px)
        able = []
        for method in methods:  # loads weights, chooses kernels
            progress(f"{side_px} px, warming up {method.label}")
            if _can(method, small, scale):
                able.append(method)
        timings += _in_turns(able, small, scale, rounds, progress)
    return timings


def _in_turns(
    methods: Sequence[Method],
    small: Small,
    scale: int,
    rounds: int,
    progress: Callable[[str], None],
) -> list[Timing]:
    side_px = small.rgb.shape[0]
    seconds: list[list[float]] = [[] for _ in methods]
    planned, done = rounds, 0
    while done < planned:
        progress(f"{side_px} px, round {done + 1} of {planned}")
        started = time.perf_counter()
        for method, times in zip(methods, seconds, strict=True):
            times.append(_seconds(method, small, scale))
        done += 1
        if time.perf_counter() - started > SLOW_S:
            planned = min(planned, LEAST_ROUNDS)
    return [
        _timing(method, scale, side_px, times, seconds[0])
        for method, times in zip(methods, seconds, strict=True)
    ]


def _can(method: Method, small: Small, scale: int) -> bool:
    """Try once; a peer that fails at this size is left out of it."""
    try:
        method.enlarge(small, scale)
    except Exception as error:
        if method.kind != "peer":
            raise
        logger.warning("%s gave up: %s", method.label, error)
        return False
    return True


def noise_and_shapes(side_px: int) -> Small:
    """Make a picture with soft colours and hard edges, as large as asked for.

    Without the full black and white that few pictures have beside such colours: where they cut off
    what an edge needs, interpolation is made too, to compare with.
    """
    coarse = np.random.default_rng(1).integers(32, 224, (8, 8, 3), dtype=np.uint8)
    soft = Image.fromarray(coarse).resize((side_px, side_px), Image.Resampling.BICUBIC)
    hard = Image.fromarray(coarse).resize((side_px, side_px), Image.Resampling.NEAREST)
    soft.paste(hard.crop((0, 0, side_px // 2, side_px)))
    out = io.BytesIO()
    soft.save(out, "PNG")
    small = Small(out.getvalue())
    _ = small.rgb  # decoded now, not within the first turn
    return small


def _seconds(method: Method, small: Small, scale: int) -> float:
    started = time.perf_counter()
    method.enlarge(small, scale)
    return time.perf_counter() - started


def _timing(
    method: Method, scale: int, side_px: int, times: Sequence[float], base: Sequence[float]
) -> Timing:
    ratios = [one / other for one, other in zip(times, base, strict=True)]
    return Timing(
        method=method.label,
        kind=method.kind,
        scale=scale,
        side_px=side_px,
        rounds=len(times),
        median_ms=statistics.median(times) * 1000,
        fastest_ms=min(times) * 1000,
        ratio=statistics.median(ratios),
    )


def markdown(timings: Sequence[Timing]) -> str:
    """Write one table per scale: a line per method, median milliseconds and × the first method."""
    parts = []
    for scale in sorted({one.scale for one in timings}, reverse=True):
        at_scale = [one for one in timings if one.scale == scale]
        sides = list(dict.fromkeys(one.side_px for one in at_scale))
        methods = list(dict.fromkeys(one.method for one in at_scale))
        cells = {(one.method, one.side_px): one for one in at_scale}
        heads = ["method", *(f"{side}², ms (× {methods[0]})" for side in sides)]
        lines = [heads, ["---"] + ["---:"] * len(sides)]
        lines += [[name, *(_cell(cells.get((name, side))) for side in sides)] for name in methods]
        parts.append(f"### ×{scale}")
        parts.append("\n".join("| " + " | ".join(line) + " |" for line in lines))
    return "\n\n".join(parts) + "\n"


def _cell(timing: Timing | None) -> str:
    if timing is None:
        return "–"
    return f"{timing.median_ms:.{0 if timing.median_ms >= 100 else 1}f} ({timing.ratio:.2f})"


def write(timings: Sequence[Timing], out: Path, heading: str) -> None:
    """Write speed.md and speed.json into the folder `out`."""
    head = f"# Milliseconds from pixels to pixels\n\n{heading}\n\n"
    (out / "speed.md").write_text(head + markdown(timings), encoding="utf-8")
    document = {"about": heading, "timings": [vars(one) for one in timings]}
    text = json.dumps(document, indent=1, ensure_ascii=False)
    (out / "speed.json").write_text(text + "\n", encoding="utf-8")
