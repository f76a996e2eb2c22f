"""Work that takes too long is ended wherever it is, and other alarms go on."""

import signal
import threading
import time
from collections.abc import Iterator

import pytest

from worker.upscaling.budget import TimeIsUp, budget


def wait(seconds: float) -> None:
    """Wait as decoders do: with handlers for every Exception around."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            time.sleep(0.005)
        except Exception:
            continue


def test_work_ends_when_its_time_is_up_though_it_catches_every_exception() -> None:
    began = time.monotonic()
    with pytest.raises(TimeIsUp), budget(0.05):
        wait(20)
    assert time.monotonic() - began < 5


@pytest.fixture
def no_alarm() -> Iterator[None]:
    """Take away the alarm by which pytest ends a test that hangs, and give it back."""
    left_s, _ = signal.setitimer(signal.ITIMER_REAL, 0)
    yield
    signal.setitimer(signal.ITIMER_REAL, left_s)


@pytest.mark.usefixtures("no_alarm")
def test_work_that_is_quick_is_left_alone_and_no_alarm_stays() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with budget(60):
        wait(0.01)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_somebody_elses_alarm_goes_on_where_it_was() -> None:
    with budget(60):
        with budget(30):
            wait(0.05)
        left_s, _ = signal.getitimer(signal.ITIMER_REAL)
    assert 50 < left_s < 60


def test_in_another_thread_there_is_no_limit() -> None:
    ended = []

    def work() -> None:
        with budget(0.01):
            wait(0.05)
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == [True]
