"""`crispdeck bench lineage` measures what there is, keeps it, and says what there is not."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.command_line import Cli
from worker.lab.lineage.report import costs, running
from worker.lab.lineage.report.costs import Cost
from worker.lab.lineage.rows import ROWS
from worker.lab.lineage.store import keep

FEW = {name: ROWS[name] for name in ("espcn", "landmark", "edsr", "edsr-baseline")}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two test pictures, and one trained row among few."""
    monkeypatch.setenv("LINEAGE_DATA", str(tmp_path / "made"))
    monkeypatch.setattr(running, "ROWS", FEW)
    monkeypatch.setattr("worker.lab.lineage.report.page.ROWS", FEW)
    keep("espcn", ROWS["espcn"].build().state_dict(), minutes=2.5, steps=1234)
    folder = tmp_path / "data" / "test" / "Set5"
    folder.mkdir(parents=True)
    for number in (1, 2):
        rough = np.random.default_rng(number).integers(0, 256, (9, 9, 3), dtype=np.uint8)
        picture = Image.fromarray(rough).resize((72, 72), Image.Resampling.BICUBIC)
        picture.save(folder / f"{number}.png")
    return tmp_path / "data"


def bench(cli: Cli, data: Path, *more: str) -> str:
    page = data / "docs" / "lineage.md"
    ran = cli(
        "bench", "lineage", "--data", data, "--no-ocr", "-o", data / "kept", "--page", page, *more
    )
    assert ran.code == 0, ran.err
    return page.read_text()


@pytest.mark.long
def test_what_had_less_than_its_budget_or_none_says_so(
    cli: Cli, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed = []

    def measured(row: object, side_px: int, _results: object) -> Cost:
        timed.append((row, side_px))
        return Cost(side_px, 12.0, 3.0)

    monkeypatch.setattr(running, "measure_cost", measured)
    text = bench(cli, data)
    lines = {line.split(" | ")[0].strip("| "): line for line in text.splitlines()[::-1]}
    assert "2.5 min, 1,234 steps, **not yet its budget**" in text
    assert "not trained; see EDSR baseline" in text
    assert "| ESPCN | 2016 |" in text
    assert "24,752" in text
    assert "nothing to learn" in lines["Landmark"] or "nothing to learn" in text
    assert "Landmark (2 pictures)" in text
    assert {side for _, side in timed} == set(costs.SIDES_PX)
    assert (data / "docs" / "images" / "lineage-sheet.jpg").exists()
    assert (data / "docs" / "images" / "lineage-quality.png").exists()


@pytest.mark.long
def test_a_second_run_measures_nothing_anew_and_writes_the_same(
    cli: Cli, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MOST_MULTIPLICATIONS", 0)
    first = bench(cli, data)
    kept = (data / "kept" / "results.jsonl").read_bytes()
    second = bench(cli, data)
    assert (data / "kept" / "results.jsonl").read_bytes() == kept
    assert first.split("## Quality")[1] == second.split("## Quality")[1]


def test_without_time_nothing_is_claimed(cli: Cli, data: Path) -> None:
    text = bench(cli, data, "--time", "0.0001")
    assert "Nothing measured yet." in text
    assert "1,234 steps" in text
