"""Children are kept alive, ended in good order, and never outlive their parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from worker.serving.children import Child, ChildPlan

LIMIT_S = 20.0


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, f"waited {LIMIT_S} s until {what}"
        time.sleep(0.02)


@pytest.fixture
def child() -> Iterator[Callable[[str], Child]]:
    made: list[Child] = []

    def make(program: str) -> Child:
        plan = ChildPlan("a child", [sys.executable, "-c", program], dict(os.environ))
        made.append(Child(plan))
        return made[-1]

    yield make
    for one in made:
        one.end(0)


def test_a_killed_child_is_started_again(child: Callable[[str], Child]) -> None:
    sleeper = child("import time; time.sleep(60)")
    sleeper.keep_running()
    first = sleeper.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)

    def is_replaced() -> bool:
        sleeper.keep_running()
        return sleeper.pid not in {first, None}

    wait_until(is_replaced, "the child is replaced")


def test_a_child_that_dies_at_once_is_started_less_and_less_often(
    child: Callable[[str], Child], caplog: pytest.LogCaptureFixture
) -> None:
    broken = child("raise SystemExit(3)")

    def has_died_three_times() -> bool:
        broken.keep_running()
        return len(caplog.records) >= 3

    caplog.set_level("ERROR")
    wait_until(has_died_three_times, "it died three times")
    delays = [record.getMessage().split()[-2] for record in caplog.records[:3]]
    assert delays == ["0.4", "0.8", "1.6"]


def test_a_child_may_finish_what_it_has_in_hand(
    child: Callable[[str], Child], tmp_path: Path
) -> None:
    finished, ready = tmp_path / "finished", tmp_path / "ready"
    worker = child(
        "import pathlib, signal, sys, time\n"
        "def end(*_):\n"
        f"    time.sleep(0.3); pathlib.Path({str(finished)!r}).touch(); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        f"pathlib.Path({str(ready)!r}).touch()\n"
        "time.sleep(60)\n"
    )
    worker.keep_running()
    wait_until(ready.exists, "the child is ready")
    worker.ask_to_end()
    worker.end(LIMIT_S)
    assert finished.exists()


def test_a_child_that_does_not_end_is_killed_with_all_that_it_started(
    child: Callable[[str], Child], tmp_path: Path
) -> None:
    note = tmp_path / "grandchild"
    stubborn = child(
        "import pathlib, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "started = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(started.pid))\n"
        "time.sleep(60)\n"
    )
    stubborn.keep_running()
    wait_until(lambda: note.exists() and note.read_text(), "it has started a process")
    grandchild = int(note.read_text())
    stubborn.ask_to_end()
    stubborn.end(0.1)
    wait_until(lambda: is_gone(grandchild), "the grandchild is gone")
    assert stubborn.pid is None


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "child"
    program = (
        "import os, pathlib, sys, time\n"
        "from worker.serving.children import Child, ChildPlan\n"
        "sleep = [sys.executable, '-c', 'import time; time.sleep(60)']\n"
        "child = Child(ChildPlan('a child', sleep, dict(os.environ)))\n"
        "child.keep_running()\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program]) as parent:
        wait_until(lambda: note.exists() and note.read_text(), "the child runs")
        parent.kill()
    wait_until(lambda: is_gone(int(note.read_text())), "the child is gone")


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
