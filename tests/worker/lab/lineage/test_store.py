"""Of two files of a row's weights the one is used that was trained for longer."""

from pathlib import Path

import pytest
import torch

from worker.lab.lineage import store
from worker.lab.lineage.registration import UNTRAINED, descriptor_of
from worker.lab.lineage.rows import ROWS
from worker.networks.weights import trained

ROW = ROWS["espcn"]


@pytest.fixture(autouse=True)
def two_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "COMMITTED", tmp_path / "committed")
    monkeypatch.setenv("LINEAGE_DATA", str(tmp_path / "made"))


def keep(folder: Path, minutes: float, seed: int) -> torch.Tensor:
    torch.manual_seed(seed)
    weights: dict[str, torch.Tensor] = ROW.build().state_dict()
    store.keep(ROW.name, weights, minutes=minutes, steps=9, folder=folder)
    return weights["body.last.weight"]


def test_a_row_that_nobody_trained_is_called_so() -> None:
    assert descriptor_of(ROW).version == UNTRAINED


def test_the_longer_trained_weights_are_used_in_half_precision() -> None:
    short = keep(store.COMMITTED, 25, seed=1)
    version = descriptor_of(ROW).version
    longer = keep(store.made_folder(), 100, seed=2)
    found = trained(descriptor_of(ROW)).state_dict()["body.last.weight"]
    torch.testing.assert_close(found, longer, atol=1e-3, rtol=1e-3)
    assert not torch.allclose(found, short, atol=1e-3)
    assert descriptor_of(ROW).version != version
    assert store.entry_of(ROW.name, store.made_folder())["processor_minutes"] == 100  # type: ignore[index]
