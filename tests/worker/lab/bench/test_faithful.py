"""What the bounds cost is told against the very picture that they are laid on."""

import numpy as np
import pytest

from crispdeck.settings import Settings
from worker.lab.bench.cases import degraded_cases
from worker.lab.bench.faithful import STRENGTHS, Bench, cost_table, crispness_table, measure
from worker.networks.ensemble import passes_for
from worker.networks.registry import choose

FP32 = Settings(device="cpu", dtype="float32", torch_threads=1)


def test_the_network_alone_and_within_its_bounds_show_the_same_picture() -> None:
    rows, columns = np.mgrid[:96, :96]
    disc = np.where((rows - 40) ** 2 + (columns - 55) ** 2 < 30**2, 40, 220)
    truth = np.repeat(disc[..., None], 3, axis=2).astype(np.uint8)
    assert passes_for(24 * 24, choose(24, 24, 4).parameters) > 1, (
        "seen in mirrors too, which must be turned back"
    )
    cases = [*degraded_cases("disc", [("disc", truth)], scales=[4])]
    costs = measure(cases, Bench(FP32))
    cost = costs[0]
    assert cost.bare_db > cost.bicubic_db
    assert cost.bare_db == pytest.approx(cost.bounded_db[0], abs=2)
    assert len(cost.bounded_db) == len(STRENGTHS)
    assert cost_table(costs, 4).row_count == crispness_table(costs, 4).row_count == 2
