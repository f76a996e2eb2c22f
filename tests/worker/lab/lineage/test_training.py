"""Training learns, goes on where it stopped, and counts the processor's time."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from crispdeck.errors import BadInputError
from tests.command_line import Cli
from worker.lab.lineage.__main__ import main, minutes_of
from worker.lab.lineage.losses.pixels import Squares
from worker.lab.lineage.recipes import checkpoint_of, train_row
from worker.lab.lineage.rows import ROWS
from worker.lab.lineage.store import entry_of, made_folder
from worker.lab.lineage.training import Budget, start, step
from worker.lab.training.batches import Sampler
from worker.lab.training.corpus import Corpus
from worker.lab.training.make_corpus import build_corpus


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    monkeypatch.setenv("LINEAGE_DATA", str(tmp_path / "made"))
    for name in ("photos", "graphics"):
        (tmp_path / name).mkdir()
        for number, file in enumerate(["a.png", "b.png"]):
            rough = np.random.default_rng(number).integers(0, 256, (16, 16, 3), dtype=np.uint8)
            picture = Image.fromarray(rough).resize((160, 160), Image.Resampling.NEAREST)
            picture.save(tmp_path / name / file)
    return build_corpus(
        tmp_path / "corpus", tmp_path / "photos", tmp_path / "graphics", pages=0, seed=1
    )


def budget(seconds: float) -> Budget:
    return Budget(seconds / 60, batch=2, small_px=24)


def test_it_goes_on_where_it_stopped_and_says_how_long_it_had(corpus: Corpus) -> None:
    first = train_row(ROWS["espcn"], corpus, budget(0.3))
    second = train_row(ROWS["espcn"], corpus, budget(0.6))
    assert 0 < first.step < second.step
    assert 0.3 <= first.seconds < 0.6 <= second.seconds
    entry = entry_of("espcn", made_folder())
    assert entry is not None
    assert entry["steps"] == second.step
    assert entry["processor_minutes"] == round(second.minutes, 1)
    assert checkpoint_of(ROWS["espcn"]).exists()


def test_what_had_its_budget_is_left_as_it_is(corpus: Corpus) -> None:
    first = train_row(ROWS["espcn"], corpus, budget(0.3))
    assert train_row(ROWS["espcn"], corpus, budget(0.3)).step == first.step


def test_the_loss_falls(corpus: Corpus) -> None:
    torch.manual_seed(1)
    state = start(ROWS["espcn"].build(), Squares(), 1e-3)
    batch = Sampler(corpus, scale=4, small_px=24, seed=1).batch(2)
    for _ in range(40):
        step(state, batch, 1e-3)
    assert state.losses[-1] < state.losses[0] / 2


@pytest.mark.parametrize(("text", "minutes"), [("30min", 30), ("2h", 120), ("1.5min", 1.5)])
def test_budgets_are_read(text: str, minutes: float) -> None:
    assert minutes_of(text) == minutes


def test_the_command_trains_by_name(cli: Cli, corpus: Corpus, tmp_path: Path) -> None:
    assert corpus.entries
    ran = cli(
        "train", "--network", "espcn", "--budget", "0.002min", "--corpus", tmp_path / "corpus"
    )
    assert ran.code == 0, ran.err
    assert entry_of("espcn", made_folder()) is not None


@pytest.mark.parametrize("arguments", [["--network", "nobody"], ["--network", "espcn"]])
def test_an_unknown_network_and_a_missing_corpus_are_refused(
    arguments: list[str], tmp_path: Path
) -> None:
    with pytest.raises(BadInputError, match=r"has no network nobody|no corpus"):
        main([*arguments, "--corpus", str(tmp_path / "absent")])
