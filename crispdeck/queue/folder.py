"""Celery messages as files in one folder, for one machine; no lock, each step is atomic.

kombu's own filesystem transport makes a message visible before it is written, and takes it by
moving it to the system's temporary folder. Where that is another file system (a tmpfs, a
container's volume) the move is a copy, and two workers may both make it. Here a message is
renamed into place when it is complete, and belongs to the worker that deletes it.
"""

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

MESSAGE = ".msg"
UNFINISHED = ".unfinished"


class Channel(filesystem.Channel):
    """Files named `<time>-<id>.<queue>.msg`, taken in the order of their names."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        path = self._folder / f"{time_ns():016x}-{uuid.uuid4().hex}.{queue}{MESSAGE}"
        unfinished = path.with_suffix(UNFINISHED)
        unfinished.write_text(dumps(payload))
        unfinished.rename(path)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        del timeout  # kombu polls
        for path in sorted(self._waiting(queue)):
            with suppress(FileNotFoundError):  # another worker was first
                payload = path.read_text()
                path.unlink()
                return loads(payload)
        raise Empty

    def _size(self, queue: str) -> int:
        return sum(1 for _ in self._waiting(queue))

    def _purge(self, queue: str) -> int:
        waiting = list(self._waiting(queue))
        for path in waiting:
            path.unlink(missing_ok=True)
        return len(waiting)

    def _waiting(self, queue: str) -> Iterator[Path]:
        end = f".{queue}{MESSAGE}"
        # listdir, for this runs many times a second and needs no Path for other queues' files.
        names = os.listdir(self._folder)  # noqa: PTH208
        return (self._folder / name for name in names if name.endswith(end))

    @property
    def _folder(self) -> Path:
        return Path(self.data_folder_in)


class Transport(filesystem.Transport):
    """kombu's transport with our channel."""

    Channel = Channel


def forget_stale(folder: Path, queues: Iterable[str], before: float) -> int:
    """Delete the messages of these queues that are older than `before` (seconds since 1970)."""
    ends = tuple(f".{queue}{MESSAGE}" for queue in queues)
    oldest_kept = f"{int(before * 1e9):016x}"
    forgotten = 0
    for name in os.listdir(folder):  # noqa: PTH208 - names alone are needed
        if name.endswith(ends) and name < oldest_kept:
            with suppress(FileNotFoundError):  # a worker was first
                (folder / name).unlink()
                forgotten += 1
    return forgotten
