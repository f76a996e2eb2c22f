"""Means and tables: averaged over the right pictures, the best in bold, nothing invented."""

import math

import pytest

from worker.lab.bench.measuring import Measured
from worker.lab.bench.tables import METRICS, as_json, markdown, rows

PSNR = [metric for metric in METRICS if metric.name == "psnr_db"]


def one(
    method: str, psnr_db: float, *, set_: str = "Set5", group: str = "", **more: float
) -> Measured:
    return Measured(
        set_, group or set_, "a", "clean", 4, method, "peer", {"psnr_db": psnr_db, **more}
    )


def test_means_are_taken_per_set_and_method() -> None:
    found = rows([one("a", 30), one("b", 31), one("a", 32), one("a", 20, set_="Set14")])
    means = {(row.group.set, row.method): (row.pictures, row.figures["psnr_db"]) for row in found}
    assert means == {("Set5", "a"): (2, 31), ("Set5", "b"): (1, 31), ("Set14", "a"): (1, 20)}


def test_what_could_not_be_measured_is_left_out_of_the_mean() -> None:
    (row,) = rows([one("a", 30, line_weight=math.nan), one("a", 30, line_weight=1.2)])
    assert row.figures["line_weight"] == pytest.approx(1.2)


def test_invented_words_are_added_up() -> None:
    (row,) = rows([one("a", 30, words_invented=2), one("a", 30, words_invented=3)])
    assert row.figures["words_invented"] == 5


def test_classes_of_the_validation_set_come_alone_and_together() -> None:
    found = rows(
        [
            one("a", 30, set_="validation", group="text"),
            one("a", 40, set_="validation", group="logo"),
            one("a", 10, set_="validation", group="photo"),
        ]
    )
    means = {row.group.group: row.figures["psnr_db"] for row in found}
    assert means == {"text": 30, "logo": 40, "all flat": 35, "photo": 10, "all photographs": 10}


def test_the_best_is_bold_and_what_is_missing_is_a_dash() -> None:
    page = markdown(rows([one("a", 30), one("b", 31), one("a", 20, set_="Set14")]), PSNR)
    assert "| set | pictures | a | b |" in page
    assert "| Set5, clean | 1 | 30.00 | **31.00** |" in page
    assert "| Set14, clean | 1 | **20.00** | – |" in page


def test_the_line_weight_nearest_to_1_is_best() -> None:
    weight = [metric for metric in METRICS if metric.name == "line_weight"]
    page = markdown(rows([one("thin", 1, line_weight=0.8), one("fat", 1, line_weight=1.1)]), weight)
    assert "| Set5, clean | 1 | 0.800 | **1.100** |" in page


def test_json_holds_every_mean() -> None:
    (row,) = as_json(rows([one("a", 30)]))
    assert row["method"] == "a"
    assert row["scale"] == 4
    assert row["figures"] == {"psnr_db": 30.0}
