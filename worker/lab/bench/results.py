"""Figures kept from run to run, one line of JSON each, so that nothing is measured twice."""

import json
import math
from collections.abc import Mapping
from pathlib import Path

Figures = dict[str, float]
"""By name; nan where there was nothing to measure."""


class Results:
    """A file that only grows: a run that is stopped loses at most its last line.

    Lines that cannot be read are left alone and count as not measured. Two runs at once may write
    the same file: each line is written in one piece.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Figures] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                self._remember(line)
            self._end_last_line()

    def _remember(self, line: str) -> None:
        try:
            entry = json.loads(line)
            figures = entry["figures"]
            self._known[entry["key"]] = {
                name: math.nan if value is None else float(value) for name, value in figures.items()
            }
        except (ValueError, KeyError, TypeError, AttributeError):
            return

    def _end_last_line(self) -> None:
        """Close a line that a killed run left open, so that the next one starts afresh."""
        with self._path.open("rb+") as file:
            if file.seek(0, 2) and file.seek(-1, 2) and file.read(1) != b"\n":
                file.write(b"\n")

    def get(self, key: str) -> Figures | None:
        """Return what was measured under this key, if anything was."""
        return self._known.get(key)

    def put(self, key: str, figures: Figures, about: Mapping[str, object]) -> None:
        """Keep figures; `about` is for people who read the file."""
        self._known[key] = figures
        kept = {name: value if math.isfinite(value) else None for name, value in figures.items()}
        line = json.dumps({"key": key, **about, "figures": kept}, ensure_ascii=False)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
