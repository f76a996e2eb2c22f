"""What is known of a process's speed says what would take too long, and no more than it knows."""

import time

import pytest

from worker.upscaling.speed import BELIEVED_S, MEASURED_PX, Speed

MPX = 1_000_000


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    clock = [5000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    return clock


def test_nothing_is_refused_before_something_was_measured() -> None:
    speed = Speed()
    assert speed.seconds(2, 15 * MPX, 180) is None
    speed.note(2, MPX, 20.0)
    assert speed.seconds(2, 15 * MPX, 180) is None, "the first one may have loaded the network"


def test_the_quickest_of_the_last_says_how_long_one_takes(now: list[float]) -> None:
    speed = Speed()
    for seconds in (60.0, 20.0, 40.0):
        speed.note(2, MPX, seconds)
    assert speed.seconds(2, 15 * MPX, 180) == pytest.approx(300)
    assert speed.seconds(1.5, 15 * MPX, 180) == pytest.approx(300)
    assert speed.seconds(2, 8 * MPX, 180) is None
    assert speed.seconds(4, 15 * MPX, 180) is None, "another network"
    now[0] += BELIEVED_S + 1
    assert speed.seconds(2, 15 * MPX, 180) is None


def test_what_was_not_done_in_time_is_not_tried_again_for_a_while(now: list[float]) -> None:
    speed = Speed()
    speed.note_late(4, 4 * MPX)
    assert speed.seconds(4, 4 * MPX, 180) == pytest.approx(180)
    assert speed.seconds(4, 8 * MPX, 180) == pytest.approx(360)
    assert speed.seconds(4, 3 * MPX, 180) is None
    now[0] += BELIEVED_S + 1
    assert speed.seconds(4, 8 * MPX, 180) is None


def test_small_pictures_are_no_measure_and_always_tried() -> None:
    speed = Speed()
    for _ in range(3):
        speed.note(2, MEASURED_PX - 1, 1000.0)
    speed.note_late(2, MEASURED_PX - 1)
    assert speed.seconds(2, 15 * MPX, 180) is None
    for _ in range(3):
        speed.note(2, MEASURED_PX, 1000.0)
    assert speed.seconds(2, MEASURED_PX - 1, 180) is None
    assert speed.seconds(2, MEASURED_PX, 180) is not None
