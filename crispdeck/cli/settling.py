"""Which files have stopped changing; by looking at them, which works on network drives too."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from crispdeck.cli.files import Source


@dataclass(frozen=True)
class Stamp:
    """What tells one version of a file from another without reading it."""

    size_bytes: int
    mtime_ns: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read a file's stamp.

        Raises:
            OSError: it is gone, or may not be looked at.
        """
        found = path.stat()
        return cls(found.st_size, found.st_mtime_ns)


class Settling:
    """Remembers since when each file has been as it is.

    Args:
        quiet_s: how long a file must have been the same.
    """

    def __init__(self, quiet_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet_s = quiet_s
        self._clock = clock
        self._since: dict[Path, tuple[Stamp, float]] = {}

    def settled(self, sources: Iterable[Source]) -> list[tuple[Source, Stamp]]:
        """Return the files that have been the same for long enough; empty ones never are.

        Whoever copies a file makes it empty first; one that is gone again is forgotten.
        """
        now_s, seen, ready = self._clock(), self._since, []
        self._since = {}
        for source in sources:
            try:
                stamp = Stamp.of(source.path)
            except OSError:
                continue
            before = seen.get(source.path)
            since_s = before[1] if before and before[0] == stamp else now_s
            self._since[source.path] = (stamp, since_s)
            if stamp.size_bytes and now_s - since_s >= self._quiet_s:
                ready.append((source, stamp))
        return ready
