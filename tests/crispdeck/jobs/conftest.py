"""Both databases, migrated, with a tenant and a clock in them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crispdeck.jobs.database import Database
from tests.crispdeck.jobs.world import Clock, World

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.servers)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def db(database_url: str, clock: Clock) -> Iterator[Database]:
    """A database with our tables, whose clock is the test's."""
    database = Database(database_url, clock=clock)
    database.migrate()
    yield database
    database.dispose()


@pytest.fixture
def real_time_db(database_url: str) -> Iterator[Database]:
    """A database with our tables and its own clock."""
    database = Database(database_url)
    database.migrate()
    yield database
    database.dispose()


@pytest.fixture
def world(db: Database, clock: Clock) -> World:
    return World(db, clock)
