"""What a row costs: multiplications, milliseconds and memory; knows no pictures."""

import resource
import subprocess
import sys
import time
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from worker.lab.bench.methods import digest_of
from worker.lab.bench.results import Results
from worker.lab.lineage.registration import descriptor_of
from worker.lab.lineage.rows import ROWS, Row
from worker.networks.places import Place
from worker.networks.runner import Runner

SIDES_PX = (64, 128, 200)  # as `crispdeck bench speed` times
COUNTED_PX = 16  # side of the small picture that multiplications are counted on
MOST_MULTIPLICATIONS = 60e9
"""Of a picture that is timed here: more takes a busy core a minute."""
MIB = 1 << 20  # bytes
_KIB = 1 << 10  # bytes; what Linux counts resident memory in


@dataclass(frozen=True)
class Cost:
    """What enlarging one picture of `side_px` costs in float32 on one thread of the CPU."""

    side_px: int
    ms: float
    peak_mib: float


def multiplications(row: Row) -> float:
    """Count those of convolutions, for each small pixel; a search in the reference is left out."""
    network, total = row.build().eval(), [0.0]

    def note(layer: nn.Module, given: tuple[Tensor, ...], made: Tensor) -> None:
        # A transposed convolution multiplies for each pixel that goes in, others for each out.
        at = given[0] if isinstance(layer, nn.ConvTranspose2d) else made
        weight = layer.get_parameter("weight")
        total[0] += at.shape[2] * at.shape[3] * weight.numel()

    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            layer.register_forward_hook(note)
    with torch.inference_mode():
        network(torch.rand(1, 3, COUNTED_PX, COUNTED_PX), torch.zeros(1))
    return total[0] / COUNTED_PX**2


def kept_multiplications(row: Row, results: Results) -> float:
    """Count once."""
    key = digest_of("multiplications", row.name, str(row.parameters), str(row.shape))
    known = results.get(key)
    if known is None:
        known = {"multiplications": multiplications(row)}
        results.put(key, known, {"row": row.name})
    return known["multiplications"]


def known_cost(row: Row, side_px: int, results: Results) -> Cost | None:
    """Give what was measured before."""
    known = results.get(_key(row, side_px))
    return None if known is None else Cost(side_px, known["ms"], known["peak_mib"])


def measure_cost(row: Row, side_px: int, results: Results) -> Cost:
    """Measure in a process of its own, whose memory is the row's alone."""
    asked = [sys.executable, "-m", "worker.lab.lineage.report.costs", row.name, str(side_px)]
    done = subprocess.run(asked, check=True, capture_output=True, text=True)
    ms, peak = (float(word) for word in done.stdout.split())
    results.put(
        _key(row, side_px), {"ms": ms, "peak_mib": peak}, {"row": row.name, "side_px": side_px}
    )
    return Cost(side_px, ms, peak)


def _key(row: Row, side_px: int) -> str:
    return digest_of("cost", row.name, str(row.parameters), str(row.shape), str(side_px))


def main(name: str, side_px: int) -> tuple[float, float]:
    """Say milliseconds of the processor, and MiB beyond the loaded network."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
    row = ROWS[name]
    runner = Runner(row.build().eval(), descriptor_of(row), [Place("cpu", "float32")])

    def run(side: int) -> None:
        runner.enlarge(torch.rand(1, 3, side, side), torch.zeros(1), tile_px=512, batch=1)

    run(COUNTED_PX)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    run(side_px)
    ms = (time.process_time() - began) * 1000
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return ms, (after - before) * _KIB / MIB


if __name__ == "__main__":
    print(*main(sys.argv[1], int(sys.argv[2])))  # noqa: T201 - read by `measure_cost`
