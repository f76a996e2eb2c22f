"""`crispdeck bench` from end to end on a tiny set, with peers, stopped and gone on with."""

import json
from pathlib import Path

import pytest

from tests.command_line import Cli

QUICK = ("--scale", "4", "--threads", "1", "--no-ocr", "--dtype", "float32")


@pytest.fixture
def nothing_beside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As outside of a checkout with test data."""
    monkeypatch.setenv("SHARED_DATA", str(tmp_path / "absent"))


@pytest.mark.usefixtures("nothing_beside")
def test_one_run_writes_tables_and_plots(
    cli: Cli, truths: Path, peers: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ran = cli("bench", "--peers", peers, "-o", out, "--rounds", "1", "--side", "16", *QUICK, truths)
    assert ran.code == 0, ran.err
    assert {path.name for path in out.iterdir()} >= {
        "quality.md",
        "quality.json",
        "speed.md",
        "speed.json",
        "gain-x4.png",
        "speed-x4.png",
        "results.jsonl",
    }
    assert "left out rlfn/model_zoo/other.pth" in ran.err
    found = json.loads((out / "quality.json").read_text())
    methods = {row["method"] for row in found["rows"]}
    assert methods >= {"bicubic", "Lanczos", "Crispdeck", "RLFN", "nearest"}
    assert any(method.endswith(", bare") for method in methods)
    assert {row["regime"] for row in found["rows"]} == {"clean", "jpeg75"}
    assert "cores" in found["about"]
    assert "PSNR" in ran.out


@pytest.mark.usefixtures("nothing_beside")
def test_the_second_run_measures_nothing_anew(cli: Cli, truths: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = cli("bench", "quality", truths, "-o", out, *QUICK)
    kept = (out / "results.jsonl").read_bytes()
    table = (out / "quality.json").read_text().split('"rows"')[1]
    second = cli("bench", "quality", truths, "-o", out, *QUICK)
    assert (first.code, second.code) == (0, 0)
    assert (out / "results.jsonl").read_bytes() == kept
    assert (out / "quality.json").read_text().split('"rows"')[1] == table


@pytest.mark.usefixtures("nothing_beside")
def test_without_pictures_the_quality_is_left_out_and_said_so(cli: Cli, tmp_path: Path) -> None:
    ran = cli("bench", "quality", "-o", tmp_path / "out", *QUICK)
    assert ran.code == 0
    assert "no quality" in ran.err


@pytest.mark.usefixtures("nothing_beside")
def test_a_folder_without_pictures_is_an_error(cli: Cli, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = cli("bench", "quality", empty, "-o", tmp_path / "out", *QUICK)
    assert ran.code == 1
    assert "no pictures" in ran.err
    assert "[bad_input]" in ran.err


def test_help_names_every_benchmark(cli: Cli) -> None:
    ran = cli("bench", "--help")
    assert ran.code == 0
    for name in ("report", "quality", "speed", "sheets", "quickpath", "scan", "decks", "showcase"):
        assert f"  {name} " in ran.out
        assert cli("bench", name, "--help").code == 0


def test_sheets_show_the_same_windows_before_and_after(
    cli: Cli,
    deck: Path,
    peers: Path,
    tmp_path: Path,
) -> None:
    out = tmp_path / "sheets"
    picks = ("--pick", "talk.pptx:image1.png", "--pick", "talk.pptx:image2.jpg")
    ran = cli("bench", "sheets", deck.parent, "--peers", peers, "-o", out, *picks)
    assert ran.code == 0, ran.err
    assert {path.name for path in out.iterdir()} == {"before-after-real.jpg", "beside-peers.jpg"}


def test_a_picture_that_is_not_there_is_an_error(cli: Cli, deck: Path, tmp_path: Path) -> None:
    ran = cli("bench", "sheets", deck.parent, "-o", tmp_path, "--pick", "talk.pptx:none.png")
    assert ran.code == 1
    assert "talk.pptx:none.png" in ran.err
