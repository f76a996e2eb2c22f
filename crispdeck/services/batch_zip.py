"""All decks of a batch as one zip, written while it is read: no size limits it but the disk's."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO, Literal

from crispdeck.deck.names import crisp_name
from crispdeck.errors import CrispdeckError
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.states import JobState
from crispdeck.records.work.batch_contents import BatchContents
from crispdeck.records.work.values import JobRecord
from crispdeck.services.platform import Platform
from crispdeck.services.reports import report_file
from crispdeck.services.results import open_result
from crispdeck.services.zip_names import ZipNames

CHUNK_BYTES = 1 << 18  # read at a time; a guess

Report = Literal["html", "pptx", "none"]


def stream_zip(platform: Platform, found: BatchContents, report: Report) -> Iterator[bytes]:
    """Yield the zip: each deck under its folder and name, with its report beside it.

    Decks are packed already, so they are only stored. What cannot be given is told in a text file,
    as a zip that is under way cannot become an error.
    """
    pipe = _Pipe()
    names = ZipNames()
    missing: list[str] = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for deck in found.decks:
            try:
                for name, file in _files(platform, deck, found.jobs.get(deck.id), report):
                    with closing(file) as source:
                        yield from _add(archive, pipe, names.free(deck.folder or "", name), source)
            # The status line is sent already: an error here could only break the download off.
            except CrispdeckError as error:
                missing.append(f"{deck.name}: {error.message}")
        if missing:
            archive.writestr(names.free("", "not in this zip.txt"), "\n".join(missing) + "\n")
    yield pipe.take()


def _files(
    platform: Platform, deck: DeckRecord, job: JobRecord | None, report: Report
) -> Iterator[tuple[str, BinaryIO]]:
    """Yield the deck, and its report if it was changed."""
    if job is None or job.state is not JobState.DONE or not job.result_key:
        yield deck.name, platform.store.open(deck.object_key)
        return
    name = crisp_name(deck.name)
    yield name, open_result(platform, deck, job)[0]
    if report != "none":
        stem = name.rsplit(".", 1)[0]
        yield f"{stem}.report.{report}", report_file(platform, deck, job, report)


def _add(archive: zipfile.ZipFile, pipe: "_Pipe", name: str, source: BinaryIO) -> Iterator[bytes]:
    # The size is not known before the end: room for a large one is left in any case.
    with archive.open(zipfile.ZipInfo(name, _NO_TIME), "w", force_zip64=True) as entry:
        while chunk := source.read(CHUNK_BYTES):
            entry.write(chunk)
            yield pipe.take()
    yield pipe.take()


_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The same decks make the same zip."""


class _Pipe(io.RawIOBase):
    """What the zip writes, until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        self._pieces.append(bytes(piece))
        self._at += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._at

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
