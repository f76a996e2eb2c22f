"""`crispdeck watch` as a process: it works, ends when asked, goes on from there."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
MakeDeck = Callable[..., Path]


@pytest.mark.long
def test_once_does_what_is_there_and_says_so(cli: Cli, deck: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    call = ("watch", deck.parent, "--out", out, "--once", "--quiet-for", 0, "--report", "none")
    ran = cli(*call)
    assert ran.code == 0, ran.err
    assert "3 pictures made sharp" in ran.out
    assert str(out / "talk.pptx") in ran.out
    assert cli(*call).code == 3


def test_results_may_not_go_around_the_watched_folder(cli: Cli, deck: Path) -> None:
    for out in (deck.parent, deck.parent.parent):
        ran = cli("watch", deck.parent, "--out", out, "--once")
        assert ran.code == 2
        assert "leave it out" in ran.err


@pytest.mark.parametrize("number", [signal.SIGTERM])
def test_an_idle_watch_ends_at_once_when_asked(tmp_path: Path, number: signal.Signals) -> None:
    pytest.importorskip("torch", reason="the command is part of the extra `worker`")
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "crispdeck.cli", "watch", incoming, "-o", tmp_path / "out"],
        env=os.environ | {"CRISPDECK_DATA_DIR": str(tmp_path / "data")},
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    assert b"Watching" in process.stderr.readline()
    asked_s = time.monotonic()
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert b"goes on from here" in err
    assert time.monotonic() - asked_s < 5
