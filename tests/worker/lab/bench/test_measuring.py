"""One case measured: figures, reading, what gives up and what falls back."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from crispdeck.settings import Settings
from worker.lab.bench import measuring
from worker.lab.bench.cases import Case, shrink
from worker.lab.bench.measuring import MOST_DB, READINGS, Measurer, compare
from worker.lab.bench.methods import BICUBIC, Kind, Method, Ours, Small
from worker.lab.bench.results import Results
from worker.lab.metrics import Picture
from worker.lab.metrics.ocr import Word


def case_of(truth: Picture, *, reads: bool = False) -> Case:
    return Case("tiny", "tiny", "one", "clean", 4, reads, shrink(truth, 4, "clean"), truth)


@pytest.fixture
def case(noise: Picture) -> Case:
    return case_of(noise.repeat(4, axis=0).repeat(4, axis=1))


@dataclass
class Broken:
    """Fails on every picture."""

    kind: Kind
    label: str = "broken"
    scales: frozenset[int] = frozenset({4})
    digest: str = "broken"

    def enlarge(self, small: Small, scale: int) -> Picture:
        raise RuntimeError(f"too small: {small.rgb.shape} at {scale}")


def test_what_equals_the_truth_has_the_highest_figures(case: Case) -> None:
    figures = compare(case.truth, case)
    assert figures["psnr_db"] == MOST_DB
    assert figures["ssim"] == pytest.approx(1)
    assert figures["gmsd"] == 0


def test_a_peer_that_gives_up_is_counted_and_the_others_go_on(case: Case, tmp_path: Path) -> None:
    measurer = Measurer(Results(tmp_path / "kept.jsonl"), read=False)
    broken, bicubic = measurer.measure(case, [Broken("peer"), BICUBIC])
    assert broken.figures == {"failed": 1.0}
    assert bicubic.figures["psnr_db"] > 10
    assert Measurer(Results(tmp_path / "kept.jsonl"), read=False).measure(
        case, [Broken("peer")]
    ) == [broken]


def test_a_failure_of_ours_ends_the_run(case: Case, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="too small"):
        Measurer(Results(tmp_path / "kept.jsonl"), read=False).measure(case, [Broken("ours")])


def test_a_fallback_of_ours_is_counted(case: Case, tmp_path: Path) -> None:
    ours = Ours(Settings(device="cpu", dtype="float32", torch_threads=1))
    (measured,) = Measurer(Results(tmp_path / "kept.jsonl"), read=False).measure(case, [ours])
    assert measured.figures["fell_back"] == float(ours.fell_back)


def test_words_are_read_once_per_truth_and_kept(
    noise: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[float] = []

    def reader(picture: Picture, *, enlarge: float, least_confidence: float = 60) -> list[Word]:
        read.append(enlarge)
        return [Word(text, True, 9 * n, 0, 8, 8) for n, text in enumerate(("one", "two", "six"))]

    monkeypatch.setattr(measuring, "read_words", reader)
    monkeypatch.setattr(measuring, "tesseract_version", lambda: "5")
    case = case_of(noise.repeat(4, axis=0).repeat(4, axis=1), reads=True)
    twice: list[Method] = [BICUBIC, Broken("peer")]
    for _ in range(2):
        measured, _ = Measurer(Results(tmp_path / "kept.jsonl")).measure(case, twice)
        assert measured.figures["words_agreement"] == 1
    assert read == 2 * [*READINGS], "the truth and bicubic, in the first run only"


def test_a_reading_without_words_in_the_truth_does_not_count(
    noise: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    three = [Word(text, True, 0, 0, 8, 8) for text in ("one", "two", "six")]

    def reader(picture: Picture, *, enlarge: float, least_confidence: float = 60) -> list[Word]:
        of_truth = least_confidence == 0
        if enlarge == READINGS[0]:
            return [] if of_truth else [three[0], Word("ghost", True, 20, 20, 8, 8)]
        return three if of_truth else three[:2]

    monkeypatch.setattr(measuring, "read_words", reader)
    monkeypatch.setattr(measuring, "tesseract_version", lambda: "5")
    case = case_of(noise.repeat(4, axis=0).repeat(4, axis=1), reads=True)
    (measured,) = Measurer(Results(tmp_path / "kept.jsonl")).measure(case, [BICUBIC])
    assert measured.figures["words_agreement"] == pytest.approx(2 * 2 / (2 + 3))
    assert measured.figures["words_invented"] == pytest.approx(1 / 2), "the ghost; not the first"


def test_where_the_truth_has_no_words_there_is_no_agreement_to_measure(
    noise: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "read_words", lambda *_, **__: [])
    monkeypatch.setattr(measuring, "tesseract_version", lambda: "5")
    case = case_of(np.ascontiguousarray(noise.repeat(4, axis=0).repeat(4, axis=1)), reads=True)
    (measured,) = Measurer(Results(tmp_path / "kept.jsonl")).measure(case, [BICUBIC])
    assert measured.figures.get("words_agreement", math.nan) != 1
    assert measured.figures["words_invented"] == 0
