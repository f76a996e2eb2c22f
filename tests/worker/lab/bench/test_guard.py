"""The guard set: always the same, of one size, and with what was never trained on only."""

from pathlib import Path

import numpy as np

from worker.lab.bench.cases import guard_cases
from worker.lab.bench.guard import BEHIND, CROPS, HAND_DRAWN, LIGHTS, SIDE_PX, guard_truths
from worker.lab.training.families import Families


def test_what_needs_no_photograph_is_drawn_anywhere_and_always_the_same(tmp_path: Path) -> None:
    first, again = ({name: truth for _, name, truth in guard_truths(tmp_path)} for _ in range(2))
    assert {name.rsplit("-", 1)[0] for name in first} == {
        *("soft", "stars", "gradients", "newsprint", "word clouds", "scans"),
    }
    for name, truth in first.items():
        assert truth.shape == (SIDE_PX, SIDE_PX, 3)
        assert truth.std() > 1
        assert np.array_equal(truth, again[name])


def test_without_photographs_there_is_no_guard_set(tmp_path: Path) -> None:
    assert list(guard_cases(tmp_path, [2, 4], None)) == []


def test_nothing_of_it_is_trained_on(shared_data: Path) -> None:
    train = shared_data / "train"
    photos, graphics = Families(train / "photos"), Families(train / "graphics")
    crops = [crop for kind in CROPS.values() for crop in kind]
    for name, _, _ in [*crops, *BEHIND, LIGHTS]:
        assert photos.held_back(f"{name}.jpg"), name
    for name in HAND_DRAWN:
        (path,) = (train / "graphics").glob(f"{name}.*")
        assert graphics.held_back(path.name), name


def test_every_class_is_there_small_by_2_and_4_clean_and_as_jpeg(shared_data: Path) -> None:
    cases = list(guard_cases(shared_data / "train", [2, 4], 1))
    kinds = {case.group for case in cases}
    assert len(kinds) == 15
    assert len(cases) == 4 * len(kinds)
    assert {case.set for case in cases} == {"guard"}
