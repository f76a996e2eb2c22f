"""Small pictures and slides that were made once, kept on the local disk while there is room.

They lie one behind the other in a file without a name, which no kill can leave behind.
"""

import hashlib
import os
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import IO

from crispdeck.errors import BadInputError

MANY = 4096
"""Refusals that are remembered: what could not be decoded is not tried again for each look."""


class PreviewCache:
    """Bytes by a name, the oldest dropped first; safe to use from many threads.

    Whoever asks for what is being made waits for it; nothing is made twice at once.

    Args:
        most_bytes: how much is kept.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._places: OrderedDict[str, tuple[int, int]] = OrderedDict()
        """Where each lies in the file: its start and its bytes, in the order of writing."""
        self._next = 0
        self._file: IO[bytes] | None = None
        self._refused: OrderedDict[str, BadInputError] = OrderedDict()
        self._makers: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return what is kept under a name, or make it; a BadInputError of `make` is kept too.

        Not one that came from a limit: another time may have more to give.
        """
        known = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
        with self._lock:
            maker = self._makers.setdefault(known, threading.Lock())
        try:
            with maker:
                found = self._kept(known)
                return self._keep(known, make) if found is None else found
        finally:
            with self._lock:
                if not maker.locked():
                    self._makers.pop(known, None)

    def _kept(self, known: str) -> bytes | None:
        with self._lock:
            if known in self._refused:
                raise type(self._refused[known])(self._refused[known].message)
            place = self._places.get(known)
            if place is None or self._file is None:
                return None
            return os.pread(self._file.fileno(), place[1], place[0])

    def _keep(self, known: str, make: Callable[[], bytes]) -> bytes:
        try:
            made = make()
        except BadInputError as error:
            if error.ran_out:
                raise
            with self._lock:
                self._refused[known] = error
                while len(self._refused) > MANY:
                    self._refused.popitem(last=False)
            raise
        with self._lock, suppress(OSError):  # a full disk: it is made again the next time
            self._write(known, made)
        return made

    def _write(self, known: str, made: bytes) -> None:
        """Write behind the last one, from the start again at the end, over whatever lies there."""
        if len(made) > self._most_bytes:
            return
        start = self._next if self._next + len(made) <= self._most_bytes else 0
        end = start + len(made)
        gone = [name for name, (at, size) in self._places.items() if at < end and start < at + size]
        for name in gone:
            del self._places[name]
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this object
            weakref.finalize(self, self._file.close)
        os.pwrite(self._file.fileno(), made, start)
        self._places[known] = start, len(made)
        self._next = end
