"""Confined processes keep to their limits, and what they run into is a coded error."""

import fcntl
import io
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from crispdeck.errors import (
    CrispdeckError,
    DeckTooLargeError,
    LimitReachedError,
    NotADeckError,
    PictureTooLargeError,
)
from crispdeck.services.confined import Cost, Pool, pool
from crispdeck.services.confined.pool import HEAVY_BYTES, LIGHT_BYTES
from tests.hostile_decks import deep_png

COST = Cost(cpu_s=20.0, over=PictureTooLargeError, words="too much")
SMALL: dict[str, Any] = {"limits": {}, "part": None, "max_side_px": 320, "max_px": 70_000_000}


@pytest.fixture
def one() -> Iterator[Pool]:
    made = Pool(1)
    yield made
    made.close()


def processes(one: Pool) -> list[int]:
    return [process._process.pid for process in one._idle]


def largest_bytes(process_id: int) -> int:
    status = Path(f"/proc/{process_id}/status").read_text()
    return (
        int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) << 10
    )


def png(side_px: int = 64) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side_px, side_px), "red").save(out, "PNG")
    return out.getvalue()


def test_a_process_does_one_task_after_the_other(one: Pool) -> None:
    for _ in range(3):
        _found, small = one.run("make_small", SMALL, cost=COST, whose="a", blob=png())
        assert Image.open(io.BytesIO(small)).size == (64, 64)
        first = processes(one)
    assert len(first) == 1


def test_an_error_of_a_task_is_raised_as_what_it_was(one: Pool, tmp_path: Path) -> None:
    values = {"limits": {}, "options": {}, "allow_signed": False, "digest": True}
    with (tmp_path / "no deck").open("w+b") as file:
        file.write(b"Dear Sir or Madam")
        file.flush()
        with pytest.raises(NotADeckError, match="not a PowerPoint deck"):
            one.run("admit", values, cost=COST, whose="a", files=(file.fileno(),))


def test_62_megapixels_of_16_bits_become_small_within_the_limit_of_memory(one: Pool) -> None:
    _found, small = one.run("make_small", SMALL, cost=COST, whose="a", blob=deep_png(7_900))
    assert max(Image.open(io.BytesIO(small)).size) == 320
    base = 70 << 20  # Python, numpy, Pillow and lxml
    assert largest_bytes(processes(one)[0]) < base + HEAVY_BYTES


def test_ordinary_work_gets_little_memory(one: Pool) -> None:
    one.run("make_small", SMALL, cost=COST, whose="a", blob=png(1_500))
    assert largest_bytes(processes(one)[0]) < (70 << 20) + LIGHT_BYTES


def test_what_waits_for_much_memory_keeps_nobody_from_a_small_picture() -> None:
    two = Pool(2)
    large = deep_png(7_000)
    floods = [
        threading.Thread(
            target=two.run,
            args=("make_small", SMALL),
            kwargs={"cost": COST, "whose": "a", "blob": large},
        )
        for _ in range(2)
    ]
    for thread in floods:
        thread.start()
    while not two._heavy._waiting:
        time.sleep(0.05)
    two.run("make_small", SMALL, cost=COST, whose="b", blob=png())
    assert all(thread.is_alive() for thread in floods)
    for thread in floods:
        thread.join()
    two.close()


def test_what_takes_too_much_processor_time_ends_and_says_so(one: Pool) -> None:
    cost = Cost(cpu_s=0.5, over=DeckTooLargeError, words="far too long")
    begun = time.monotonic()
    with pytest.raises(DeckTooLargeError, match="far too long"):
        one.run("make_small", SMALL, cost=cost, whose="a", blob=deep_png(7_900))
    assert time.monotonic() - begun < 60
    one.run("make_small", SMALL, cost=COST, whose="a", blob=png())


def test_a_process_that_is_killed_is_replaced(one: Pool) -> None:
    one.run("make_small", SMALL, cost=COST, whose="a", blob=png())
    os.kill(processes(one)[0], 9)
    time.sleep(0.2)
    one.run("make_small", SMALL, cost=COST, whose="a", blob=png())


class Dying(pool._Process):
    """Dies by a signal while it does certain tasks."""

    by = signal.SIGKILL
    of_bytes: frozenset[int] = frozenset({LIGHT_BYTES, HEAVY_BYTES})
    begun = 0

    def ask(
        self, task: dict[str, Any], blob: bytes, files: Sequence[int]
    ) -> tuple[dict[str, Any], bytes]:
        type(self).begun += 1
        if task["memory_bytes"] in self.of_bytes:
            die_soon(self._process.pid, self.by)
        return super().ask(task, blob, files)


def die_soon(process_id: int, by: signal.Signals) -> None:
    """Stop a process before it can answer, and end it when it has been asked."""
    os.kill(process_id, signal.SIGSTOP)

    def die() -> None:
        os.kill(process_id, by)
        os.kill(process_id, signal.SIGCONT)

    threading.Timer(0.3, die).start()


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV])
def test_what_dies_with_little_memory_is_done_with_much(
    one: Pool, monkeypatch: pytest.MonkeyPatch, by: signal.Signals
) -> None:
    monkeypatch.setattr(Dying, "by", by)
    monkeypatch.setattr(Dying, "of_bytes", frozenset({LIGHT_BYTES}))
    monkeypatch.setattr(pool, "_Process", Dying)
    _found, small = one.run("make_small", SMALL, cost=COST, whose="a", blob=png())
    assert Image.open(io.BytesIO(small)).size == (64, 64)


def test_a_crash_is_not_called_too_large(one: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dying, "by", signal.SIGSEGV)
    monkeypatch.setattr(Dying, "begun", 0)
    monkeypatch.setattr(pool, "_Process", Dying)
    with pytest.raises(CrispdeckError, match="SIGSEGV") as caught:
        one.run("make_small", SMALL, cost=COST, whose="a", blob=png())
    assert (caught.value.code, caught.value.status) == ("internal_error", 500)
    assert Dying.begun == 2


def test_a_fault_of_ours_is_not_called_too_large_and_the_process_lives_on(one: Pool) -> None:
    with pytest.raises(CrispdeckError, match="KeyError") as caught:
        one.run("make_small", {}, cost=COST, whose="a", blob=png())
    assert (caught.value.code, caught.value.status) == ("internal_error", 500)
    before = processes(one)
    one.run("make_small", SMALL, cost=COST, whose="a", blob=png())
    assert processes(one) == before


def test_a_process_that_is_killed_just_before_it_is_asked_is_replaced(one: Pool) -> None:
    heavy = Cost(cpu_s=20.0, over=PictureTooLargeError, words="too much", heavy=True)
    one.run("make_small", SMALL, cost=heavy, whose="a", blob=png())
    die_soon(processes(one)[0], signal.SIGKILL)
    one.run("make_small", SMALL, cost=heavy, whose="a", blob=png())


def test_what_runs_out_of_much_memory_is_called_so(
    one: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "HEAVY_BYTES", LIGHT_BYTES)
    with pytest.raises(PictureTooLargeError, match="too much") as caught:
        one.run("make_small", SMALL, cost=COST, whose="a", blob=deep_png(7_900))
    assert caught.value.ran_out


def test_a_line_with_a_high_number_is_used_as_any_other(
    one: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard == resource.RLIM_INFINITY or hard >= 1_200, "ulimit -Hn must be 1200 or more"
    made = socket.socketpair

    def high() -> tuple[socket.socket, socket.socket]:
        ours, theirs = made()
        number = fcntl.fcntl(ours, fcntl.F_DUPFD_CLOEXEC, 1_100)
        ours.close()
        return socket.socket(fileno=number), theirs

    monkeypatch.setattr(socket, "socketpair", high)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1_200), hard))
    try:
        one.run("make_small", SMALL, cost=COST, whose="a", blob=png())
        assert one._idle[0]._line.fileno() >= 1_100
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_process_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISPDECK_S3_SECRET_KEY", "hush")
    assert "hush" not in pool._environment().values()


def test_a_process_ends_when_nobody_asks_any_more(one: Pool) -> None:
    one.run("make_small", SMALL, cost=COST, whose="a", blob=png())
    process = one._idle.pop()
    process._line.close()
    assert process._process.wait(timeout=10) == 0


def test_tenants_take_turns_and_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = pool._Turns(1)
    order: list[str] = []
    held = turns.turn("a")
    held.__enter__()

    def work(whose: str) -> None:
        with turns.turn(whose):
            order.append(whose)

    waiting = []
    for whose in ("a", "a", "b"):
        thread = threading.Thread(target=work, args=(whose,))
        thread.start()
        waiting.append(thread)
        while len(turns._waiting) < len(waiting):
            time.sleep(0.01)
    monkeypatch.setattr(pool, "PATIENCE_S", 0.05)
    with pytest.raises(LimitReachedError), turns.turn("c"):
        pass
    held.__exit__(None, None, None)
    for thread in waiting:
        thread.join()
    assert sorted(order) == ["a", "a", "b"]


def test_who_has_the_least_in_work_goes_first() -> None:
    turns = pool._Turns(2)
    first, second = turns.turn("a"), turns.turn("a")
    first.__enter__()
    second.__enter__()
    order: list[str] = []

    def work(whose: str) -> None:
        with turns.turn(whose):
            order.append(whose)
            time.sleep(0.05)

    threads = []
    for whose in ("a", "b"):
        threads.append(threading.Thread(target=work, args=(whose,)))
        threads[-1].start()
        while len(turns._waiting) < len(threads):
            time.sleep(0.01)
    first.__exit__(None, None, None)
    for thread in threads:
        thread.join()
    second.__exit__(None, None, None)
    assert order[0] == "b"
