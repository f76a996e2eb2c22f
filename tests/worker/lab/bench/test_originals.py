"""Pairs for the proof's error table are the same each time, and what went wrong is named."""

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("cv2")

from worker.lab.bench.originals.errors import Judged, judge_all, keep, read_kept, table
from worker.lab.bench.originals.pairs import VISIBLE_LEVELS, Pictures, _visible, scene

ROW = Judged("00001", "drawn", 2.0, "png", "digit", ("bicubic", "crop"), "taken", "differs")


def test_a_scene_is_the_same_each_time() -> None:
    first, again = (scene(Pictures(), 8, seed=5) for _ in range(2))
    assert first.small == again.small
    assert (first.codec, first.factor, first.edit) == (again.codec, again.factor, again.edit)
    assert first.truth.size == first.edited.size
    assert first.truth.tobytes() != first.edited.tobytes()


def test_an_edit_that_nobody_can_see_is_none() -> None:
    small = scene(Pictures(), 8, seed=5).small
    assert _visible(small, small) < VISIBLE_LEVELS


def test_a_run_goes_on_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "rows.jsonl"
    assert read_kept(file) == {}
    other = replace(ROW, name="00002")
    for one in (ROW, other):
        keep(file, one)
    assert read_kept(file) == {"00001": ROW, "00002": other}


def test_a_false_one_that_was_taken_is_counted_and_named() -> None:
    wrong = replace(ROW, name="00002", true="differs", false="taken")
    lines = "\n".join(table([ROW, wrong]))
    assert "| all | 1 of 2 (50.0 %) | 1 of 2 |" in lines
    assert "| edit: digit | 1 of 2 (50.0 %) | 1 of 2 |" in lines
    assert "{'differs': 1}" in lines
    assert "FALSE TAKEN: Judged(name='00002'" in lines


@pytest.mark.long
def test_scenes_are_judged_in_their_order() -> None:
    rows = list(judge_all(None, [0, 1], 5, 1))
    assert [one.name for one in rows] == ["00000", "00001"]
    assert "taken" not in {one.false for one in rows}
