"""What faithfulness costs, in dB and in time, and what crispness does to edges.

python -m worker.bench.faithful VALIDATION-FOLDER [--scale 4] [--every 2]

The folder is one that `python -m worker.validation` made.
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn

from crispdeck.picture.codec import decode
from crispdeck.picture.pixels import Pixels
from crispdeck.settings import Settings
from worker.faithful.kinds import Consistency
from worker.metrics import Picture, crispness, psnr_luma
from worker.networks.descriptor import NetworkDescriptor
from worker.networks.weights import trained
from worker.pipeline import source_of
from worker.source import Source
from worker.upscaler import Upscaled, Upscaler

STRENGTHS = (0.0, 0.5, 1.0)
PHOTOGRAPHIC = {"photo", "face"}
SIDES_PX = (64, 200, 512, 1000)
ROUNDS = 5
MAX_INPUT_PX = 16_000_000


class Watch:
    """Looks over the network's shoulder: what it gave, and how long it took."""

    def __init__(self, settings: Settings) -> None:
        self.made: Tensor | None = None
        self.seconds = 0.0
        self.upscaler = Upscaler(settings, load=self._load)

    def upscale(self, source: Source, scale: int) -> Upscaled:
        """Enlarge one picture; `made` and `seconds` are of this call then."""
        self.seconds = 0.0
        (result,) = self.upscaler.upscale([source], scale)
        return result

    def bare(self) -> Picture:
        """Give the network's own colours, rounded; for an RGB or grey picture in one tile."""
        if self.made is None:
            raise ValueError("no network has run")
        rounded = (self.made[0].clamp(0, 1) * 255).round().permute(1, 2, 0)
        return rounded.numpy().astype(np.uint8)

    def _load(self, descriptor: NetworkDescriptor) -> nn.Module:
        # A function and no method: the runner copies the network, and must not copy this object.
        return _Watched(
            trained(descriptor),
            lambda made, seconds: self._note(made, seconds),  # noqa: PLW0108
        )

    def _note(self, made: Tensor, seconds: float) -> None:
        self.made = made.float().cpu()
        self.seconds += seconds


class _Watched(nn.Module):
    def __init__(self, network: nn.Module, note: Callable[[Tensor, float], None]) -> None:
        super().__init__()
        self.network = network
        self.note = note

    def forward(self, x: Tensor, compression: Tensor) -> Tensor:
        started = time.perf_counter()
        made: Tensor = self.network(x, compression)
        self.note(made, time.perf_counter() - started)
        return made


@dataclass(frozen=True)
class Cost:
    """One picture; dB of luma against the truth.

    Attributes:
        bounded_db, edge_width_px: at each of STRENGTHS.
        true_edge_width_px: 10 to 90 % rise in the truth.
    """

    kind: str
    is_exact: bool
    bicubic_db: float
    bare_db: float
    bounded_db: tuple[float, ...]
    edge_width_px: tuple[float, ...]
    true_edge_width_px: float
    line_weight: tuple[float, ...]
    shrinks_back_db: float
    coarse_db: float
    colour_shift_levels: float
    fell_back: bool


def measure(folder: Path, watch: Watch, scale: int, every: int = 1) -> list[Cost]:
    """Measure every n-th opaque picture of a validation folder that was made small by `scale`."""
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["pictures"]
    costs = []
    for entry in [each for each in listed if each["scale"] == scale][::every]:
        decoded = decode((folder / entry["small"]).read_bytes(), max_px=MAX_INPUT_PX)
        truth = decode((folder / entry["sharp"]).read_bytes(), max_px=MAX_INPUT_PX).pixels
        if decoded.pixels.alpha is None and truth.colour.shape[2] == 3:
            group = "photo" if entry["class"] in PHOTOGRAPHIC else "flat"
            kind = f"{entry['regime']} {group}"
            costs.append(_cost(kind, source_of(decoded), _bytes(truth), watch, scale))
    return costs


def _cost(kind: str, source: Source, truth: Picture, watch: Watch, scale: int) -> Cost:
    small = Image.fromarray(_bytes(source.pixels))
    plain = small.resize((truth.shape[1], truth.shape[0]), Image.Resampling.BICUBIC)
    results = []
    for strength in STRENGTHS:
        asked = Source(source.pixels, source.compression, source.consistency, strength)
        results.append(watch.upscale(asked, scale))
    made = [_bytes(result.pixels) for result in results]
    looks = [crispness(picture, truth, scale) for picture in made]
    first = results[0].faithful
    return Cost(
        kind=kind,
        is_exact=source.consistency is Consistency.EXACT,
        bicubic_db=psnr_luma(np.asarray(plain, np.uint8), truth, crop_px=scale),
        bare_db=psnr_luma(watch.bare(), truth, crop_px=scale),
        bounded_db=tuple(psnr_luma(picture, truth, crop_px=scale) for picture in made),
        edge_width_px=tuple(look.edge_width_px for look in looks),
        true_edge_width_px=looks[0].true_edge_width_px,
        line_weight=tuple(look.line_weight for look in looks),
        shrinks_back_db=first.shrinks_back_db,
        coarse_db=first.coarse_db,
        colour_shift_levels=first.colour_shift_levels,
        fell_back=any(result.fallback for result in results),
    )


def _bytes(pixels: Pixels) -> Picture:
    rgb = np.broadcast_to(pixels.colour, (*pixels.colour.shape[:2], 3))
    return np.ascontiguousarray(rgb, np.uint8)


def cost_table(costs: Sequence[Cost], scale: int) -> Table:
    """One row for each kind: what the bounds cost the network."""
    columns = ("kind", "pictures", "exact", "bicubic dB", "network alone dB", "bounded dB", "cost")
    more = ("shrinks back dB (worst exact)", "coarse dB (worst)", "shift (worst)", "fell back")
    table = Table(*columns, *more, title=f"×{scale}: what the bounds cost, crispness 0")
    for kind, those in _by_kind(costs).items():
        bare, bounded = (_mean([c.bare_db for c in those]), _mean([c.bounded_db[0] for c in those]))
        exact = [cost.shrinks_back_db for cost in those if cost.is_exact]
        table.add_row(
            kind,
            str(len(those)),
            str(len(exact)),
            f"{_mean([cost.bicubic_db for cost in those]):.2f}",
            f"{bare:.2f}",
            f"{bounded:.2f}",
            f"{bare - bounded:+.2f}",
            f"{min(exact):.1f}" if exact else "–",
            f"{min(cost.coarse_db for cost in those):.1f}",
            f"{max(cost.colour_shift_levels for cost in those):.2f}",
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


def time_table(watch: Watch, scale: int) -> Table:
    """One row for each size: the network, and what the bounds and checks take beside it."""
    table = Table("side px", "network ms", "bounds and checks ms", "share", title="median times")
    for side_px in SIDES_PX:
        noise = np.random.default_rng(1).integers(0, 256, (side_px // 4, side_px // 4, 3))
        rough = Image.fromarray(noise.astype(np.uint8))
        small = rough.resize((side_px, side_px), Image.Resampling.BICUBIC)
        source = Source(Pixels(np.asarray(small)), consistency=Consistency.EXACT, crispness=0.5)
        watch.upscale(source, scale)
        rounds = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            watch.upscale(source, scale)
            rounds.append((watch.seconds, time.perf_counter() - started - watch.seconds))
        network, rest = (statistics.median(times) for times in zip(*rounds, strict=True))
        share = statistics.median(rest / network for network, rest in rounds)
        table.add_row(str(side_px), f"{network * 1e3:.0f}", f"{rest * 1e3:.0f}", f"{share:.2f}")
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
    parser = argparse.ArgumentParser(prog="python -m worker.bench.faithful", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="VALIDATION-FOLDER")
    parser.add_argument("--scale", type=int, choices=(2, 4), default=4)
    parser.add_argument("--every", type=int, default=1, help="measure every n-th picture")
    options = parser.parse_args(arguments)
    watch, console = Watch(Settings()), Console()
    costs = measure(options.folder, watch, options.scale, options.every)
    console.print(cost_table(costs, options.scale))
    console.print(crispness_table(costs, options.scale))
    console.print(time_table(watch, options.scale))


if __name__ == "__main__":
    main()
