"""The bytes of stored decks as files that can seek: needed to read single parts of them."""

import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from crispdeck.deck.archive import DeckArchive, DeckLimits, open_deck
from crispdeck.settings import Settings
from crispdeck.storage import ObjectStore

KEPT_BYTES = 1 << 30


class DeckFiles:
    """Opens stored decks; those of a remote store are kept for a while on the local disk."""

    def __init__(self, store: ObjectStore, settings: Settings) -> None:
        self._store = store
        self._limits = DeckLimits.of(settings)
        self._folder = tempfile.TemporaryDirectory(prefix="crispdeck-decks-")
        self._kept: OrderedDict[str, Path] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def deck(self, key: str) -> Iterator[DeckArchive]:
        """Open a deck that passed the gate when it came; a signed one was asked about then.

        Raises:
            ObjectMissingError: the object is gone.
        """
        with (
            self._file(key) as file,
            open_deck(file, limits=self._limits, allow_signed=True) as deck,
        ):
            yield deck

    def _file(self, key: str) -> BinaryIO:
        stream = self._store.open(key)
        if stream.seekable():
            return stream
        with stream, self._lock:
            kept = self._kept.get(key)
            if kept is None:
                kept = self._keep(key, stream)
            self._kept.move_to_end(key)
            # Open before it can be dropped: an open file outlives its name.
            return kept.open("rb")

    def _keep(self, key: str, stream: BinaryIO) -> Path:
        with tempfile.NamedTemporaryFile(dir=self._folder.name, delete=False) as file:
            shutil.copyfileobj(stream, cast("BinaryIO", file), 1 << 20)
            path = Path(file.name)
        self._kept[key] = path
        sizes = {each: kept.stat().st_size for each, kept in self._kept.items()}
        while sum(sizes.values()) > KEPT_BYTES and len(self._kept) > 1:
            dropped, old = self._kept.popitem(last=False)
            sizes.pop(dropped)
            old.unlink()
        return path
