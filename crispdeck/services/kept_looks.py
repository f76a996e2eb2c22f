"""Small pictures and slides that were made once, kept on the local disk while there is room."""

import hashlib
import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from crispdeck.errors import BadInputError

MANY = 4096
"""Refusals that are remembered: what could not be decoded is not tried again for each look."""


class KeptLooks:
    """Bytes by a name, the ones used longest ago dropped first; safe to use from many threads.

    Whoever asks for what is being made waits for it; nothing is made twice at once.

    Args:
        most_bytes: how much is kept.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._refused: OrderedDict[str, BadInputError] = OrderedDict()
        self._makers: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._folder: Path | None = None

    def get(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return what is kept under a name, or make it; a BadInputError of `make` is kept too."""
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
            if known not in self._sizes:
                return None
            self._sizes.move_to_end(known)
        with suppress(OSError):  # dropped meanwhile, or a tidy person emptied the folder
            return (self._place() / known).read_bytes()
        return None

    def _keep(self, known: str, make: Callable[[], bytes]) -> bytes:
        try:
            made = make()
        except BadInputError as error:
            with self._lock:
                self._refused[known] = error
                while len(self._refused) > MANY:
                    self._refused.popitem(last=False)
            raise
        with suppress(OSError):  # a full disk: it is made again the next time
            (self._place() / known).write_bytes(made)
            with self._lock:
                self._sizes[known] = len(made)
                self._drop_oldest()
        return made

    def _drop_oldest(self) -> None:
        total = sum(self._sizes.values())
        while total > self._most_bytes:
            name, size = self._sizes.popitem(last=False)
            total -= size
            (self._place() / name).unlink(missing_ok=True)

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="crispdeck-looks-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder
