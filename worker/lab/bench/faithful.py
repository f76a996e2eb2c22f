"""What faithfulness costs, in dB and in time, and what crispness does to edges.

python -m worker.lab.bench.faithful VALIDATION-FOLDER [--scale 4] [--every 2]

The folder is one that `python -m worker.lab.validation` made.
"""

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from crispdeck.settings import Settings
from worker.faithful.checks import Findings
from worker.faithful.kinds import Consistency
from worker.lab.bench.cases import FLAT_CLASSES, Case, validation_cases
from worker.lab.bench.methods import BICUBIC, Bare, as_rgb
from worker.lab.bench.speed import noise_and_shapes
from worker.lab.metrics import Picture, crispness, psnr_luma
from worker.networks.ensemble import passes_for
from worker.networks.registry import choose
from worker.upscaling.conditioning import Source
from worker.upscaling.pipeline import source_of
from worker.upscaling.upscaler import Upscaled, Upscaler

STRENGTHS = (0.0, 0.3, 0.6, 1.0)  # of crispness; 0.3 is the default
SIDES_PX = (64, 200, 512, 1000)
"""Of the pictures that are timed: an icon, a small one, two large ones."""
ROUNDS = 5  # of each size, network alone and bounded in turn; the median is told


@dataclass(frozen=True)
class Cost:
    """One picture; dB of luma against the truth.

    Attributes:
        findings: at no crispness.
        bounded_db, edge_width_px: at each of STRENGTHS.
        true_edge_width_px: 10 to 90 % rise in the truth.
    """

    kind: str
    findings: Findings
    bicubic_db: float
    bare_db: float
    bounded_db: tuple[float, ...]
    edge_width_px: tuple[float, ...]
    true_edge_width_px: float
    line_weight: tuple[float, ...]
    fell_back: bool


class Bench:
    """Crispdeck, and its networks alone, round as many ways as in Crispdeck."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._upscaler = Upscaler(settings)
        self._bare: dict[str, Bare] = {}

    def upscale(self, source: Source, scale: int) -> Upscaled:
        """Go the way of every picture."""
        (upscaled,) = self._upscaler.upscale([source], scale)
        return upscaled

    def alone(self, source: Source, scale: int) -> Picture:
        """Run the network alone, conditioned as `source` says, without bounds."""
        pixels = source.pixels
        network = choose(pixels.width_px, pixels.height_px, scale)
        bare = self._bare.setdefault(network.label, Bare(self._settings, network))
        passes = passes_for(pixels.width_px * pixels.height_px, network.parameters)
        return bare.run(as_rgb(pixels), source.condition, passes)


def measure(cases: Sequence[Case], bench: Bench) -> list[Cost]:
    """Measure each of `cases`."""
    return [_cost(case, bench) for case in cases]


def _cost(case: Case, bench: Bench) -> Cost:
    scale, source = case.scale, source_of(case.small.decoded)
    results = [bench.upscale(replace(source, crispness=one), scale) for one in STRENGTHS]
    upscaled = [as_rgb(result.pixels) for result in results]
    crispnesses = [crispness(picture, case.truth, scale) for picture in upscaled]
    first = results[0].faithful
    alone = bench.alone(replace(source, consistency=first.consistency), scale)
    return Cost(
        kind=f"{case.regime} {'flat' if case.group in FLAT_CLASSES else 'photo'}",
        findings=first,
        bicubic_db=_decibel(BICUBIC.enlarge(case.small, scale), case),
        bare_db=_decibel(alone, case),
        bounded_db=tuple(_decibel(picture, case) for picture in upscaled),
        edge_width_px=tuple(measured.edge_width_px for measured in crispnesses),
        true_edge_width_px=crispnesses[0].true_edge_width_px,
        line_weight=tuple(measured.line_weight for measured in crispnesses),
        fell_back=any(result.fallback for result in results),
    )


def _decibel(picture: Picture, case: Case) -> float:
    return psnr_luma(picture, case.truth, crop_px=case.scale)


def cost_table(costs: Sequence[Cost], scale: int) -> Table:
    """One row for each kind: what the bounds cost the network."""
    columns = ("kind", "pictures", "exact", "bicubic dB", "network alone dB", "bounded dB", "cost")
    more = ("shrinks back dB (worst exact)", "coarse dB (worst)", "shift (worst)", "fell back")
    table = Table(*columns, *more, title=f"×{scale}: what the bounds cost, crispness 0")
    for kind, those in _by_kind(costs).items():
        bare, bounded = (_mean([c.bare_db for c in those]), _mean([c.bounded_db[0] for c in those]))
        found = [cost.findings for cost in those]
        exact = [one.shrinks_back_db for one in found if one.consistency is Consistency.EXACT]
        table.add_row(
            kind,
            str(len(those)),
            str(len(exact)),
            f"{_mean([cost.bicubic_db for cost in those]):.2f}",
            f"{bare:.2f}",
            f"{bounded:.2f}",
            f"{bare - bounded:+.2f}",
            f"{min(exact):.1f}" if exact else "–",
            f"{min(one.coarse_db for one in found):.1f}",
            f"{max(one.colour_shift_levels for one in found):.2f}",
            str(sum(cost.fell_back for cost in those)),
        )
    return table


def crispness_table(costs: Sequence[Cost], scale: int) -> Table:
    """One row for each kind: dB / edge width in px / line weight at each strength."""
    columns = ("kind", "true width px", *(f"{strength:g}" for strength in STRENGTHS))
    table = Table(*columns, title=f"×{scale}: crispness, dB / 10-90 % px / line weight")
    for kind, those in _by_kind(costs).items():
        cells = []
        for at in range(len(STRENGTHS)):
            decibel = _mean([cost.bounded_db[at] for cost in those])
            width = _mean([cost.edge_width_px[at] for cost in those])
            weight = _mean([cost.line_weight[at] for cost in those])
            cells.append(f"{decibel:.2f} / {width:.2f} / {weight:.2f}")
        table.add_row(kind, f"{_mean([cost.true_edge_width_px for cost in those]):.2f}", *cells)
    return table


def time_table(bench: Bench, scale: int) -> Table:
    """One row for each size: the network, and what all that is done beside it takes."""
    table = Table("side px", "network ms", "beside it ms", "share", title="median times")
    for side_px in SIDES_PX:
        source = source_of(noise_and_shapes(side_px).decoded, Settings().crispness)
        # Also loads and warms.
        settled = replace(source, consistency=bench.upscale(source, scale).faithful.consistency)
        rounds = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            bench.alone(settled, scale)
            alone = time.perf_counter()
            bench.upscale(source, scale)
            rounds.append((alone - started, time.perf_counter() - alone))
        network, whole = (statistics.median(times) for times in zip(*rounds, strict=True))
        share = statistics.median(whole / network for network, whole in rounds) - 1
        times = f"{network * 1e3:.0f}", f"{(whole - network) * 1e3:.0f}"
        table.add_row(str(side_px), *times, f"{share:.2f}")
    return table


def _by_kind(costs: Sequence[Cost]) -> dict[str, list[Cost]]:
    kinds: dict[str, list[Cost]] = defaultdict(list)
    for cost in costs:
        kinds[cost.kind].append(cost)
    return kinds


def _mean(values: Sequence[float]) -> float:
    finite: NDArray[np.float64] = np.asarray(values)[np.isfinite(values)]
    return float(finite.mean()) if finite.size else float("nan")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m worker.lab.bench.faithful", description=__doc__
    )
    parser.add_argument("folder", type=Path, metavar="VALIDATION-FOLDER")
    parser.add_argument("--scale", type=int, choices=(2, 4), default=4)
    parser.add_argument("--every", type=int, default=1, help="measure every n-th picture")
    options = parser.parse_args(arguments)
    bench, console = Bench(Settings()), Console()
    cases = [*validation_cases(options.folder, [options.scale], None)][:: options.every]
    costs = measure(cases, bench)
    console.print(cost_table(costs, options.scale))
    console.print(crispness_table(costs, options.scale))
    console.print(time_table(bench, options.scale))


if __name__ == "__main__":
    main()
