"""The bytes of stored decks as files that can seek: needed to read single parts of them."""

import hashlib
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from crispdeck.deck.opc.archive import DeckArchive, DeckLimits, open_deck
from crispdeck.errors import DamagedObjectError
from crispdeck.services.independent_readers import view_of
from crispdeck.settings import Settings
from crispdeck.storage import ObjectStore


class DeckFiles:
    """Opens stored decks; those of a remote store are kept for a while on the local disk.

    What is kept lies in nameless files, which no kill can leave behind.

    Args:
        store: where the decks lie.
        settings: the limits of decks.
        kept_bytes: how much of a remote store's decks is kept on the local disk.
    """

    def __init__(self, store: ObjectStore, settings: Settings, *, kept_bytes: int = 0) -> None:
        self._store = store
        self._kept_bytes = kept_bytes
        self._limits = DeckLimits.of(settings)
        self._kept: OrderedDict[str, IO[bytes]] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def deck(self, key: str, *, sha256: str | None = None) -> Iterator[DeckArchive]:
        """Open a deck that passed the gate when it came; a signed one was asked about then.

        Args:
            key: of the object.
            sha256: what its row says, to be checked; None: nobody looks.

        Raises:
            ObjectMissingError: the object is gone.
            DamagedObjectError: it is not what was stored.
        """
        with self._file(key) as file:
            if sha256 is not None:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]
                    self._forget(key)
                    raise DamagedObjectError(
                        f"The deck {key} is damaged: its bytes are not those that were stored."
                    )
                file.seek(0)
            with open_deck(file, limits=self._limits, allow_signed=True) as deck:
                yield deck

    @contextmanager
    def file(self, key: str) -> Iterator[BinaryIO]:
        """Open a deck's file, unread. Raises ObjectMissingError."""
        with self._file(key) as file:
            yield file

    def _forget(self, key: str) -> None:
        with self._lock:
            if key in self._kept:
                self._kept.pop(key).close()

    def _file(self, key: str) -> BinaryIO:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return view_of(self._kept[key].fileno())
        stream = self._store.open(key)
        if stream.seekable():
            return stream
        with stream:
            copy = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it is dropped
            shutil.copyfileobj(stream, copy, 1 << 20)
            copy.flush()
        with self._lock:
            self._kept[key] = copy
            view = view_of(copy.fileno())  # good even if the copy itself is dropped at once
            self._drop_oldest()
            return view

    def _drop_oldest(self) -> None:
        sizes = [os.fstat(file.fileno()).st_size for file in self._kept.values()]
        while sum(sizes) > self._kept_bytes:
            sizes.pop(0)
            self._kept.popitem(last=False)[1].close()
