"""Tables for every empty SQLite file from one that was migrated once: the same, far sooner."""

import shutil
from collections.abc import Callable
from pathlib import Path

from crispdeck.records.database import Database

Migrate = Callable[[Database, str], None]


class MigratedOnce:
    """Stands in for `Database.migrate` in one process of the tests.

    An SQLite file with nothing in it, brought to the newest tables, is a copy of the first; all
    else is migrated as ever.

    Args:
        folder: where the first one is kept.
        migrate: the real way.
    """

    def __init__(self, folder: Path, migrate: Migrate) -> None:
        self._first = folder / "migrated.db"
        self._migrate = migrate

    def __call__(self, database: Database, revision: str = "head") -> None:
        """Do as `Database.migrate` does."""
        file = database._engine.url.database
        if revision != "head" or database.dialect != "sqlite" or not file or not _is_empty(file):
            self._migrate(database, revision)
            return
        if not self._first.exists():
            first = Database(f"sqlite:///{self._first}")
            self._migrate(first, revision)
            first.dispose()  # the last connection brings what lies in the WAL into the file
        shutil.copyfile(self._first, file)


def _is_empty(file: str) -> bool:
    path = Path(file)
    return path.is_file() and path.stat().st_size == 0
