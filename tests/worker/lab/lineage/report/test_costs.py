"""Costs are counted as papers count them, and measured on the row alone."""

import pytest

from worker.lab.lineage.report.costs import main, multiplications
from worker.lab.lineage.rows import ROWS


@pytest.mark.parametrize(
    ("name", "billions"), [("srcnn", 52.7), ("fsrcnn", 0.72), ("espcn", 1.42), ("vdsr", 612.6)]
)
def test_multiplications_are_those_that_are_published(name: str, billions: float) -> None:
    """For a result of 1280 × 720, which is what the tables count."""
    counted = multiplications(ROWS[name]) * 320 * 180 / 1e9
    assert counted == pytest.approx(billions, rel=0.01)


def test_time_and_memory_are_measured() -> None:
    ms, peak_mib = main("espcn", 32)
    assert ms > 0
    assert peak_mib >= 0
