"""Threads beside the network's: what waits behind a stuck one is done all the same."""

import threading
from collections.abc import Iterator

import pytest

from worker.upscaling.daemon_threads import DaemonThreads


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What a stuck thread waits for; it opens with the end of the test."""
    event = threading.Event()
    yield event
    event.set()


def stick(threads: DaemonThreads, gate: threading.Event) -> None:
    """Return when the next free thread is stuck."""
    is_at_it = threading.Event()

    def hangs() -> None:
        is_at_it.set()
        gate.wait(60)

    threads.do(hangs)
    assert is_at_it.wait(10)


def test_what_waits_behind_stuck_threads_is_done_by_new_ones(gate: threading.Event) -> None:
    threads = DaemonThreads(2)
    stick(threads, gate)
    stick(threads, gate)
    done: list[int] = []
    waiting = [threads.do(lambda number=number: done.append(number)) for number in range(3)]  # type: ignore[misc]
    threads.leave_behind()
    for future in waiting:
        future.result(timeout=10)
    assert sorted(done) == [0, 1, 2]


def test_what_was_called_off_meanwhile_is_not_done(gate: threading.Event) -> None:
    threads = DaemonThreads(1)
    stick(threads, gate)
    done: list[int] = []
    waiting = [threads.do(lambda number=number: done.append(number)) for number in range(2)]  # type: ignore[misc]
    assert waiting[0].cancel()
    threads.leave_behind()
    waiting[1].result(timeout=10)
    assert done == [1]


def test_a_stuck_thread_is_known_until_it_ends(gate: threading.Event) -> None:
    threads = DaemonThreads(2)
    assert not threads.has_stuck
    threads.do(int).result(timeout=10)
    threads.leave_behind()
    assert not threads.has_stuck, "none of them had anything to do"
    stick(threads, gate)
    threads.leave_behind()
    threads.do(int).result(timeout=10)
    while_stuck = threads.has_stuck
    gate.set()
    for thread in threads._left:
        thread.join(10)
    assert (while_stuck, threads.has_stuck) == (True, False)
