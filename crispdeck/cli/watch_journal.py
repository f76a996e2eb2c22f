"""What a watched folder's decks came to: one line for each, written before its files appear.

A line is the promise, the files follow by renaming: whoever was killed between the two finds the
staged files at the next start and renames them. So every version of a deck is worked on once, and
its files appear whole.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from crispdeck.cli.settling import Stamp
from crispdeck.errors import ConflictError
from crispdeck.words.watching import busy_words

FOLDER = ".crispdeck-watch"
"""Beside the results, since a rename is whole only within one file system."""

_MTIME_SLACK_NS = 2_000_000_000
"""FAT keeps times to two seconds, and network drives round when a file is renamed."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One version of one deck and what it came to.

    Attributes:
        deck: its path below the watched folder, with slashes.
        state: done, nothing_to_do or failed.
        final: nothing but another version of the deck changes it.
        staged: the folder below `FOLDER` with files on their way; empty: none.
        moves: from names of staged files to paths below the folder of results.
        removes: paths of notes that no longer hold.
        written: size and time of each file that appeared, by its path.
    """

    deck: str
    sha256: str
    size_bytes: int
    mtime_ns: int
    state: str
    final: bool = True
    staged: str = ""
    moves: dict[str, str] = field(default_factory=dict)
    removes: list[str] = field(default_factory=list)
    written: dict[str, list[int]] = field(default_factory=dict)

    @property
    def stamp(self) -> Stamp:
        """What the deck looked like."""
        return Stamp(self.size_bytes, self.mtime_ns)


class Journal:
    """The lines of one folder of results.

    Args:
        out: the folder of results; made if it is missing.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self.folder = out / FOLDER
        self._file = self.folder / "journal.jsonl"
        self._entries: dict[str, Entry] = {}
        self._count = 0
        self._promised: set[str] = set()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Hold the folder for this process, and finish what an earlier one had promised.

        Raises:
            ConflictError: another process holds it.
            OSError: the folder cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ConflictError(busy_words(str(self._out))) from error
            except OSError:
                pass  # some network drives know no locks: whoever uses one starts one watch
            self._read()
            self._promised = {entry.staged for entry in self._entries.values()}
            self.finish_promises()
            yield

    def finish_promises(self) -> None:
        """Let appear what could not while the folder was away, or its process was killed.

        Raises:
            OSError: it still cannot.
        """
        stages = {path.name: path for path in self.folder.glob("stage-*")}
        for entry in list(self._entries.values()):
            if entry.staged in self._promised and entry.staged in stages:
                self._keep(entry)
        for path in stages.values():
            shutil.rmtree(path, ignore_errors=True)

    def get(self, deck: str) -> Entry | None:
        """Return what the deck's last version came to."""
        return self._entries.get(deck)

    def is_ours(self, deck: str, target: Path) -> bool:
        """Say if a file of the results is as we left it, so that it may be replaced."""
        entry = self._entries.get(deck)
        known = entry.written.get(self._inside(target)) if entry else None
        if known is None:
            return False
        stamp = Stamp.of(target)
        return stamp.size_bytes == known[0] and abs(stamp.mtime_ns - known[1]) <= _MTIME_SLACK_NS

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Give a fresh folder for files on their way.

        It is gone afterwards, but where a promise could not be kept yet.
        """
        self._count += 1
        stage = self.folder / f"stage-{os.getpid()}-{self._count}"
        stage.mkdir()
        try:
            yield stage
        finally:
            if stage.name not in self._promised:
                shutil.rmtree(stage, ignore_errors=True)

    def commit(
        self, entry: Entry, stage: Path, moves: dict[Path, Path], removes: list[Path]
    ) -> None:
        """Write the line, then let its files appear, in their order.

        Args:
            moves: from staged files to where they appear.
            removes: files that go.
        """
        known = self._entries.get(entry.deck)
        written = dict(known.written) if known else {}
        for staged, target in moves.items():
            stamp = Stamp.of(staged)
            written[self._inside(target)] = [stamp.size_bytes, stamp.mtime_ns]
        entry = replace(
            entry,
            staged=stage.name,
            moves={staged.name: self._inside(target) for staged, target in moves.items()},
            removes=[self._inside(path) for path in removes],
            written=written,
        )
        self._append(entry)
        self._promised.add(stage.name)
        self._keep(entry)

    def restamp(self, entry: Entry, stamp: Stamp) -> None:
        """Note that the same bytes have another time now."""
        again = replace(entry, size_bytes=stamp.size_bytes, mtime_ns=stamp.mtime_ns, staged="")
        self._append(again)

    def _inside(self, path: Path) -> str:
        return path.relative_to(self._out).as_posix()

    def _append(self, entry: Entry) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(_line(entry))
            file.flush()
            os.fsync(file.fileno())
        self._entries[entry.deck] = entry

    def _keep(self, entry: Entry) -> None:
        """Let what a line promises appear; what has appeared already is passed over."""
        stage = self.folder / entry.staged
        for name, inside in entry.moves.items():
            staged, target = stage / name, self._out / inside
            if staged.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                staged.replace(target)
        for inside in entry.removes:
            (self._out / inside).unlink(missing_ok=True)
        self._promised.discard(entry.staged)

    def _read(self) -> None:
        """Read every whole line, the last of each deck counts; then write the file anew, short."""
        with suppress(FileNotFoundError):
            for line in self._file.read_text(encoding="utf-8", errors="replace").splitlines():
                with suppress(ValueError, TypeError):  # the line in which a process was killed
                    entry = Entry(**json.loads(line))
                    self._entries[entry.deck] = entry
        short = self._file.with_suffix(".new")
        with short.open("w", encoding="utf-8") as file:
            file.writelines(map(_line, self._entries.values()))
            file.flush()
            os.fsync(file.fileno())
        short.replace(self._file)


def _line(entry: Entry) -> str:
    return json.dumps(asdict(entry), ensure_ascii=True) + "\n"
