"""Times are taken in turns and told against the first method."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from worker.lab.bench import speed
from worker.lab.bench.methods import BICUBIC, Kind, Small
from worker.lab.metrics import Picture


@dataclass
class Watched:
    """Bicubic that notes when it was asked."""

    label: str
    log: list[str]
    kind: Kind = "peer"
    scales: frozenset[int] = frozenset({4})
    digest: str = field(default="")

    def enlarge(self, small: Small, scale: int) -> Picture:
        self.log.append(self.label)
        return BICUBIC.enlarge(small, scale)


def test_methods_take_turns_after_one_warm_up_each() -> None:
    log: list[str] = []
    timings = speed.time_methods(
        [Watched("a", log), Watched("b", log)], 4, sides_px=(16,), rounds=3
    )
    assert log == ["a", "b"] * 4
    assert [one.rounds for one in timings] == [3, 3]
    assert timings[0].ratio == 1
    assert all(0 < one.fastest_ms <= one.median_ms for one in timings)


def test_slow_methods_get_fewer_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "SLOW_S", -1.0)
    timings = speed.time_methods([Watched("a", [])], 4, sides_px=(16,), rounds=50)
    assert timings[0].rounds == speed.LEAST_ROUNDS


def test_the_page_tells_the_ratio_to_the_first(tmp_path: Path) -> None:
    timings = [
        speed.Timing("ours", "ours", 4, 200, 9, 150.0, 140.0, 1.0),
        speed.Timing("peer", "peer", 4, 200, 9, 600.0, 590.0, 4.0),
    ]
    speed.write(timings, tmp_path, "on a test")
    page = (tmp_path / "speed.md").read_text()
    assert "| method | 200², ms (× ours) |" in page
    assert "| peer | 600 (4.00) |" in page
    assert json.loads((tmp_path / "speed.json").read_text())["timings"][1]["ratio"] == 4.0
