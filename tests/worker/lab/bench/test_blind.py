"""Blind pairs: nothing on a sheet tells whose a picture is, and answers are counted by the key."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from crispdeck.errors import BadInputError
from worker.lab.bench import blind
from worker.lab.bench.blind import Pair, count, draw, pairs, write
from worker.lab.bench.cases import degraded_cases
from worker.lab.bench.methods import BICUBIC, LANCZOS, Kind, Small
from worker.lab.metrics import Picture


@dataclass(frozen=True)
class Painter:
    """Makes every picture one colour, so that it is known on a sheet."""

    label: str
    level: int
    kind: Kind = "peer"
    scales: frozenset[int] = frozenset({2, 4})
    digest: str = "painter"

    def enlarge(self, small: Small, scale: int) -> Picture:
        height_px, width_px = small.rgb.shape[:2]
        return np.full((height_px * scale, width_px * scale, 3), self.level, np.uint8)


@pytest.fixture
def drawn() -> list[Pair]:
    rng = np.random.default_rng(3)
    truths = [(f"{n}", rng.integers(0, 256, (80, 96, 3), dtype=np.uint8)) for n in range(8)]
    return list(
        pairs(degraded_cases("set", truths, scales=(4,)), (Painter("a", 20), Painter("b", 200)))
    )


def test_either_side_is_either_method_s_about_as_often_and_always_the_same(
    drawn: list[Pair],
) -> None:
    lefts = [pair.left for pair in drawn]
    assert 4 <= lefts.count("a") <= 12
    assert {frozenset((pair.left, pair.right)) for pair in drawn} == {frozenset("ab")}
    rng = np.random.default_rng(3)
    truths = [(f"{n}", rng.integers(0, 256, (80, 96, 3), dtype=np.uint8)) for n in range(8)]
    again = pairs(degraded_cases("set", truths, scales=(4,)), (Painter("a", 20), Painter("b", 200)))
    assert [pair.left for pair in again] == lefts


def test_the_key_names_the_sides_of_the_sheet(tmp_path: Path, drawn: list[Pair]) -> None:
    (sheet, *_) = write(drawn, tmp_path / "sheets", tmp_path / "key")
    with Image.open(sheet) as file:
        picture = np.asarray(file)
    first = json.loads((tmp_path / "key" / "key.json").read_text())[0]
    level = {"a": 20, "b": 200}
    row = blind.GAP_PX + 4
    assert picture[row, blind.NUMBER_PX + 4, 0] == level[first["left"]]
    right_px = blind.NUMBER_PX + blind.PANEL_PX[0] + blind.GAP_PX
    assert picture[row, right_px + 4, 0] == level[first["right"]]


def test_sheets_and_key_lie_apart(tmp_path: Path, drawn: list[Pair]) -> None:
    write(drawn, tmp_path / "sheets", tmp_path / "key")
    names = {path.name for path in (tmp_path / "sheets").iterdir()}
    assert names == {"sheet-01.png", "sheet-02.png", "sheet-03.png"}
    with pytest.raises(BadInputError, match="apart"):
        write(drawn, tmp_path / "both", tmp_path / "both")


def test_a_sheet_shows_the_same_place_of_both_pixel_for_pixel() -> None:
    truth = np.zeros((400, 600, 3), np.uint8)
    truth[300:, 500:] = np.random.default_rng(1).integers(0, 256, (100, 100, 3), dtype=np.uint8)
    (pair,) = list(pairs(degraded_cases("s", [("t", truth)], scales=(2,)), (BICUBIC, LANCZOS)))[:1]
    assert all(panel.shape == (320, 440, 3) for panel in pair.panels)
    assert all(panel[-40:, -40:].std() > 20 for panel in pair.panels)
    assert draw([pair]).height == 320 + 2 * blind.GAP_PX


class TestCounting:
    @pytest.fixture
    def key(self, tmp_path: Path, drawn: list[Pair]) -> Path:
        write(drawn, tmp_path / "sheets", tmp_path / "key")
        return tmp_path / "key"

    def answered(self, tmp_path: Path, lines: list[str]) -> Path:
        path = tmp_path / "answers.csv"
        path.write_text("number,better\n" + "\n".join(lines) + "\n")
        return path

    def test_the_share_is_of_the_method_whatever_the_side(
        self, tmp_path: Path, key: Path, drawn: list[Pair]
    ) -> None:
        side = {pair.number: "left" if pair.left == "a" else "right" for pair in drawn}
        other = {"left": "right", "right": "left"}
        lines = [f"{n},{side[n] if n <= 12 else other[side[n]]}" for n in range(1, 16)]
        *_, everything = count(key, self.answered(tmp_path, [*lines, "16,equal"]), "a")
        assert (everything.group, everything.answers) == ("all", 16)
        assert everything.share == pytest.approx(12.5 / 16)
        # Wilson's interval for 12.5 of 16, by hand.
        assert everything.low == pytest.approx(0.53, abs=0.02)
        assert everything.high == pytest.approx(0.92, abs=0.02)

    @pytest.mark.parametrize("line", ["99,left", "1,both", "1,"])
    def test_what_is_no_answer_is_refused(self, tmp_path: Path, key: Path, line: str) -> None:
        with pytest.raises(BadInputError, match="no answer"):
            count(key, self.answered(tmp_path, [line]), "a")

    def test_a_method_that_was_not_shown_is_refused(self, tmp_path: Path, key: Path) -> None:
        with pytest.raises(BadInputError, match="c was not shown"):
            count(key, self.answered(tmp_path, ["1,left"]), "c")
