"""What belongs together among the source pictures, and which of it is only ever measured on."""

import csv
import hashlib
from pathlib import Path

# One in this many pictures, chosen by its name, is kept for validation and never trained on.
HELD_BACK_ONE_IN = 32
# … and one in so many families: the same hand drew all of one.
HELD_BACK_FAMILIES_ONE_IN = 14
HELD_BACK_SOURCES = frozenset(
    {
        "allisonhorst/stats-illustrations",
        "openstax/osbooks-introduction-sociology",
        "nextcloud/example-files",
        "WordPress/twentytwentyfive",
    }
)
"""Kept for validation as a whole: a source's pictures are alike in camera, hand and subject."""
HELD_BACK_PHOTOS = frozenset(
    f"osbooks-introduction-sociology-{digest}.jpg"
    for digest in (
        *("324d8152", "436f220a", "62f38975", "8971cc57", "95908a67", "b2d9a1cb", "b370c6ad"),
        *("b7e03feb", "c5b4cf75", "c860c68c", "cc5beb25", "d2f12e93", "ea7796aa", "f3378607"),
    )
)
"""Of a later delivery of one source: foliage, cloth, skin, water and hair for the guard set."""


def is_held_back(name: str) -> bool:
    """Tell the pictures that only measure; decided by the name, so it never changes."""
    return name in HELD_BACK_PHOTOS or _one_in(name, HELD_BACK_ONE_IN)


def _one_in(name: str, count: int) -> bool:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) % count == 0


class Families:
    """Knows each picture's source and author, where a CREDITS.tsv lies beside the folder."""

    def __init__(self, folder: Path) -> None:
        """Read the table of a data set: columns file, source, path in source."""
        self._rows: dict[str, tuple[str, str]] = {}
        table = folder.parent / "CREDITS.tsv"
        if table.exists():
            with table.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file, delimiter="\t"):
                    name = Path(row["file"]).name
                    self._rows[name] = (row["source"], row["path in source"])

    def held_back(self, name: str) -> bool:
        """Tell whether the file `name` is measured on instead of trained on."""
        if is_held_back(name):
            return True
        source, path = self._rows.get(name, ("", ""))
        return source in HELD_BACK_SOURCES or (
            path.endswith(".svg") and _one_in(family_of(source, path), HELD_BACK_FAMILIES_ONE_IN)
        )


def family_of(source: str, path: str) -> str:
    """Name the set of icons that a file belongs to: its folder, or the brand its name begins with.

    `icons/cc-0/Animals/Ada/fly.svg` goes with all of that folder; in a flat folder of logos,
    `logos/github-octocat.svg` goes with `logos/github.svg`.
    """
    parts = Path(path).parts
    if len(parts) > 2:
        return f"{source}/{'/'.join(parts[:-1])}"
    return f"{source}/{Path(path).stem.split('-')[0]}"
