"""Answers that anybody may ask for, made at most once in a while."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class KeptAnswers:
    """What was found out a moment ago, by a name; safe to use from many threads.

    Whoever asks while it is being found out waits for that.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Any]] = {}
        self._makers: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, name: str, good_for_s: float, find_out: Callable[[], T]) -> T:
        """Return what was found out less than so many seconds ago, or find it out."""
        with self._lock:
            maker = self._makers.setdefault(name, threading.Lock())
        with maker:
            until, found = self._kept.get(name, (0.0, None))
            if time.monotonic() >= until:
                found = find_out()
                self._kept[name] = (time.monotonic() + good_for_s, found)
            return cast("T", found)
