"""Ends work on a picture that takes too long, wherever it is; the caller tells what it was."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


class TimeIsUp(BaseException):
    """The budget is spent.

    No Exception: decoders answer damage with any of these, so their callers catch them all.
    """


@contextmanager
def budget(seconds: float) -> Iterator[None]:
    """Raise TimeIsUp in the block after so many seconds of wall time.

    It comes by a signal between two steps of the interpreter, so a single long call of a library
    ends first. In another thread than the main one there is no signal and no limit: the
    processes of a pool work in their main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def is_up(_number: int, _frame: FrameType | None) -> NoReturn:
        raise TimeIsUp

    began = time.monotonic()
    before = signal.signal(signal.SIGALRM, is_up)
    others_s, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if others_s:  # somebody else's alarm goes on where it was
            left_s = others_s - (time.monotonic() - began)
            signal.setitimer(signal.ITIMER_REAL, max(left_s, 0.001))
