"""Both databases with our tables, a tenant and a clock in them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from crispdeck.records.database import Database
from crispdeck.records.tables import Table
from tests.crispdeck.records.world import Clock, World

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.servers)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind in turn, without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_database: Callable[[], str]) -> str:
    """One PostgreSQL database for all tests: each new one is a thousand files."""
    url = postgres_database()
    db = Database(url)
    db.migrate()
    db.dispose()
    return url


@pytest.fixture(params=BOTH)
def records_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind in turn, with our tables and no rows."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'records.db'}"
        db = Database(url)
        db.migrate()
    else:
        url = request.getfixturevalue("migrated_postgres_url")
        db = Database(url)
        with db.session() as session:
            # TRUNCATE makes every file of every table anew; here are a few rows in a few of them.
            session.execute(text("SET LOCAL session_replication_role = replica"))  # no foreign keys
            for table in Table.metadata.tables:
                session.execute(text(f"DELETE FROM {table}"))
            sequences = "SELECT sequence_name FROM information_schema.sequences"
            for name in session.scalars(text(sequences)).all():
                session.execute(text(f"ALTER SEQUENCE {name} RESTART"))
    db.dispose()
    return url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def db(records_url: str, clock: Clock) -> Iterator[Database]:
    """A database whose clock is the test's."""
    database = Database(records_url, clock=clock)
    yield database
    database.dispose()


@pytest.fixture
def real_time_db(records_url: str) -> Iterator[Database]:
    """A database with its own clock."""
    database = Database(records_url)
    yield database
    database.dispose()


@pytest.fixture
def world(db: Database, clock: Clock) -> World:
    return World(db, clock)
