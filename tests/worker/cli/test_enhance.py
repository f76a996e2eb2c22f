"""`crispdeck enhance` with the real network: whole files or none, originals kept, codes right."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation

Cli = Callable[..., Any]
MakeDeck = Callable[..., Path]


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as deck:
        return {name: deck.read(name) for name in deck.namelist()}


def test_a_deck_is_written_beside_its_source_with_only_the_pictures_changed(
    cli: Cli, deck: Path
) -> None:
    before = deck.read_bytes()
    ran = cli("enhance", deck)
    assert ran.code == 0, ran.err
    out = deck.with_name("talk.crisp.pptx")
    assert str(out) in ran.out
    assert "3 pictures made sharp" in ran.out
    assert deck.read_bytes() == before
    old, new = parts(deck), parts(out)
    changed = {name for name in old if old[name] != new.get(name)}
    assert {name.rpartition(".")[2] for name in changed} == {"png", "jpg", "gif", "rels"}
    assert len(Presentation(str(out)).slides) == 4
    assert sorted(path.name for path in deck.parent.iterdir()) == ["talk.crisp.pptx", "talk.pptx"]


def test_the_enhanced_deck_is_readable_like_any_file(cli: Cli, deck: Path, tmp_path: Path) -> None:
    assert cli("enhance", deck).code == 0
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert deck.with_name("talk.crisp.pptx").stat().st_mode == plain.stat().st_mode


def test_a_second_run_finds_nothing_blurred(cli: Cli, deck: Path) -> None:
    assert cli("enhance", deck, "--target-ppi", 110, "--low-ppi", 80).code == 0
    again = deck.with_name("talk.crisp.pptx")
    ran = cli("enhance", again, "--low-ppi", 80, "-o", deck.with_name("twice.pptx"))
    assert ran.code == 3
    assert not deck.with_name("twice.pptx").exists()


def test_nothing_is_overwritten_unasked(cli: Cli, deck: Path) -> None:
    out = deck.with_name("talk.crisp.pptx")
    out.write_text("mine")
    ran = cli("enhance", deck)
    assert ran.code == 1
    assert "[output_exists]" in ran.err
    assert "--overwrite" in ran.err
    assert out.read_text() == "mine"
    assert cli("enhance", deck, "--overwrite").code == 0
    assert len(Presentation(str(out)).slides) == 4


def test_an_existing_report_is_not_overwritten_either(cli: Cli, deck: Path) -> None:
    report = deck.with_name("report.html")
    report.write_text("mine")
    assert cli("enhance", deck, "--report", report).code == 1
    assert report.read_text() == "mine"
    assert not deck.with_name("talk.crisp.pptx").exists()


def test_a_dry_run_writes_nothing(cli: Cli, deck: Path, data_dir: Path) -> None:
    ran = cli("enhance", deck, "--dry-run")
    assert ran.code == 0
    assert "3 pictures would be made sharp" in ran.out
    assert [path.name for path in deck.parent.iterdir()] == ["talk.pptx"]
    assert not data_dir.exists()
    (planned,) = cli("enhance", deck, "--dry-run", "--json").json["decks"]
    assert planned["state"] == "planned"
    assert [picture["scale"] for picture in planned["pictures"]] == [4, 4, 4]


@pytest.mark.parametrize(
    ("name", "start"), [("r.html", b"<!doctype html>"), ("r.pptx", b"PK"), ("r.json", b"{")]
)
def test_a_report_is_written_in_each_kind(cli: Cli, deck: Path, name: str, start: bytes) -> None:
    report = deck.with_name(name)
    assert cli("enhance", deck, "--report", report).code == 0
    assert report.read_bytes().startswith(start)


def test_a_report_of_an_unknown_kind_is_wrong_usage(cli: Cli, deck: Path) -> None:
    assert cli("enhance", deck, "--report", deck.with_name("r.doc")).code == 2


def test_folders_keep_their_shape_and_each_deck_gets_its_report(
    cli: Cli, deck: Path, make_deck: MakeDeck, low_png: bytes, tmp_path: Path
) -> None:
    make_deck(deck.parent / "deep" / "talk.pptx", low_png)
    out = tmp_path / "out"
    ran = cli("enhance", deck.parent, "-o", out, "--report", tmp_path / "r" / "report.json")
    assert ran.code == 0, ran.err
    assert sorted(str(p.relative_to(out)) for p in out.rglob("*.pptx")) == [
        "deep/talk.pptx",
        "talk.pptx",
    ]
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == [
        "deep-talk.report.json",
        "talk.report.json",
    ]
    assert "2 decks: 2 done" in ran.out


def test_one_bad_deck_does_not_stop_the_others(
    cli: Cli, deck: Path, make_deck: MakeDeck, sharp_png: bytes
) -> None:
    bad = deck.with_name("bad.pptx")
    bad.write_bytes(b"PK\3\4 cut short")
    make_deck(deck.with_name("sharp.pptx"), sharp_png)
    ran = cli("enhance", deck.parent, "--json")
    states = {Path(each["deck"]).name: each["state"] for each in ran.json["decks"]}
    assert ran.code == 1
    assert states == {"bad.pptx": "failed", "sharp.pptx": "nothing_to_do", "talk.pptx": "done"}


def test_several_decks_cannot_go_into_one_file(cli: Cli, deck: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.pptx"
    copy.write_bytes(deck.read_bytes())
    assert cli("enhance", deck, copy, "-o", tmp_path / "one.pptx").code == 2
    same = tmp_path / "elsewhere" / "talk.pptx"
    same.parent.mkdir()
    same.write_bytes(deck.read_bytes())
    ran = cli("enhance", deck, same, "-o", tmp_path / "out")
    assert ran.code == 2
    assert "same file" in ran.err


def test_the_same_picture_on_several_decks_gets_the_same_bytes(
    cli: Cli, make_deck: MakeDeck, tmp_path: Path, low_png: bytes, low_jpeg: bytes
) -> None:
    make_deck(tmp_path / "in" / "a.pptx", low_png, low_jpeg)
    make_deck(tmp_path / "in" / "b.pptx", low_png)
    decks = cli("enhance", tmp_path / "in", "--json").json["decks"]
    made = [{p["bytes_after"]: p["upscale"] for p in each["pictures"]} for each in decks]
    ((size, report),) = made[1].items()
    # Equal to the last digit of the seconds: it was made once.
    assert made[0][size] == report


def test_a_damaged_picture_is_told_and_the_deck_is_written(
    cli: Cli, make_deck: MakeDeck, tmp_path: Path, low_png: bytes, low_jpeg: bytes
) -> None:
    damaged = low_png[:-30] + bytes(10) + low_png[-20:]
    made = make_deck(tmp_path / "in" / "talk.pptx", low_jpeg, damaged)
    ran = cli("enhance", made)
    # The picture itself is at fault, not Crispdeck: the run is a success.
    assert ran.code == 0
    assert "[picture_unreadable]" in ran.err
    assert "1 picture made sharp" in ran.out


def test_a_deck_that_is_its_own_output_is_replaced_only_when_asked(cli: Cli, deck: Path) -> None:
    before = deck.read_bytes()
    assert cli("enhance", deck, "-o", deck).code == 1
    assert deck.read_bytes() == before
    assert cli("enhance", deck, "-o", deck, "--overwrite").code == 0
    assert deck.read_bytes() != before
    assert len(Presentation(str(deck)).slides) == 4


def test_the_scan_options_reach_the_enhance(cli: Cli, deck: Path) -> None:
    assert cli("enhance", deck, "--low-ppi", 10).code == 3
    (planned,) = cli("enhance", deck, "--target-ppi", 40, "--dry-run", "--json").json["decks"]
    assert [picture["scale"] for picture in planned["pictures"]] == [2, 2, 2]


@pytest.fixture
def heeding_interrupts() -> Iterator[None]:
    """Start children as a terminal would: under nohup and behind & SIGINT is ignored by all."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.usefixtures("heeding_interrupts")
def test_an_interrupted_run_leaves_nothing_behind(
    make_deck: MakeDeck, tmp_path: Path, number: signal.Signals
) -> None:
    noise = np.random.default_rng(8)
    out = tmp_path / "out"
    blobs = []
    for _ in range(12):
        picture = tmp_path / "noise.png"
        Image.fromarray(noise.integers(0, 256, (150, 200, 3), np.uint8)).save(picture)
        blobs.append(picture.read_bytes())
    made = make_deck(tmp_path / "talk.pptx", *blobs)
    env = os.environ | {
        "CRISPDECK_DATA_DIR": str(tmp_path / "data"),
        "TMPDIR": str(tmp_path / "tmp"),
    }
    (tmp_path / "tmp").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "crispdeck.cli", "enhance", str(made), "-o", f"{out}/"],
        env=env,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    wait_until(lambda: any((tmp_path / "tmp").rglob("*-x2")), process)
    assert any(out.iterdir())
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert b"Traceback" not in err
    assert list(out.iterdir()) == []
    assert not any(p for p in (tmp_path / "tmp").iterdir() if p.name.startswith("crispdeck-"))


def wait_until(true: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait for a sign that the process is at work."""
    deadline_s = time.monotonic() + 120
    while not true():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


def test_the_originals_are_kept_for_the_way_back(cli: Cli, deck: Path, data_dir: Path) -> None:
    assert cli("enhance", deck).code == 0
    kept = [path for path in (data_dir / "originals").rglob("*") if path.is_file()]
    assert len(kept) == 3


@pytest.mark.long
def test_real_talks_come_out_with_only_their_pictures_changed(
    cli: Cli, shared_data: Path, tmp_path: Path
) -> None:
    talk = shared_data / "decks" / "talks" / "presentations-8532c5dc.pptx"
    ran = cli("enhance", talk, "-o", tmp_path / "out.pptx", "--report", tmp_path / "r.html")
    assert ran.code == 0, ran.err
    old, new = parts(talk), parts(tmp_path / "out.pptx")
    assert old.keys() - new.keys() <= {name for name in old if "/media/" in name}
    same = {name for name in old if new.get(name) == old[name]}
    assert len(old) - len(same) <= 6
    assert (tmp_path / "r.html").stat().st_size < 5_000_000
    ran = cli("revert", tmp_path / "out.pptx", "-o", tmp_path / "back.pptx")
    assert ran.code == 0
    digests = [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in (talk, tmp_path / "back.pptx")
    ]
    assert parts(tmp_path / "back.pptx") == old, digests
