"""Figures kept between runs survive being cut off anywhere."""

import math
from pathlib import Path

import pytest

from worker.lab.bench.results import Results


def test_what_is_put_is_there_in_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "new" / "results.jsonl"
    Results(path).put("a", {"psnr_db": 30.25, "line_weight": math.nan}, {"set": "Set5"})
    kept = Results(path).get("a")
    assert kept is not None
    assert kept["psnr_db"] == 30.25
    assert math.isnan(kept["line_weight"])
    assert Results(path).get("b") is None


@pytest.mark.parametrize("cut", [1, 2, 10, 30])
def test_a_line_cut_short_is_measured_again_and_harms_no_other(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "results.jsonl"
    results = Results(path)
    results.put("a", {"psnr_db": 30.0}, {})
    results.put("b", {"psnr_db": 31.0}, {})
    path.write_bytes(path.read_bytes()[:-cut])
    again = Results(path)
    again.put("c", {"psnr_db": 32.0}, {})
    last = Results(path)
    assert last.get("a") == {"psnr_db": 30.0}
    assert last.get("c") == {"psnr_db": 32.0}
    # Only the newline is missing: the line itself is whole.
    assert (last.get("b") is None) == (cut > 1)


def test_lines_of_something_else_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text('[1]\n{"key": "a"}\nnonsense\n{"key": "b", "figures": {"x": "much"}}\n')
    assert Results(path).get("a") is None
    assert Results(path).get("b") is None
