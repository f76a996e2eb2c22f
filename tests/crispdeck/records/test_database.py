"""Transactions, the clock, migrations, on both databases."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, insert, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from crispdeck.errors import InvalidRequestError, RecordsError
from crispdeck.records.database import Database
from crispdeck.records.tables import Deck, Table, Tenant

pytestmark = pytest.mark.usefixtures("real_migrations")

MIGRATE = (
    "import sys; from crispdeck.records.database import Database; Database(sys.argv[1]).migrate()"
)


def sync_url(url: str) -> str:
    """Name the driver, which Database does itself."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def tables(url: str) -> set[str]:
    engine = create_engine(sync_url(url))
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_migrating_makes_exactly_the_tables_of_the_models(database_url: str) -> None:
    db = Database(database_url)
    db.migrate()
    engine = create_engine(sync_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()
    db.dispose()


def test_migrating_down_leaves_no_table_and_up_works_again(database_url: str) -> None:
    db = Database(database_url)
    db.migrate()
    db.migrate("base")
    assert tables(database_url) <= {"alembic_version"}
    db.migrate()
    db.ping()
    db.dispose()


def test_several_processes_migrate_at_once(database_url: str) -> None:
    command = [sys.executable, "-c", MIGRATE, database_url]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    errors = [process.communicate(timeout=120)[1].decode() for process in processes]
    assert errors == [""] * 4
    assert "picture" in tables(database_url)


def test_a_database_without_our_tables_is_not_ready(database_url: str) -> None:
    db = Database(database_url)
    with pytest.raises(RecordsError):
        db.ping()
    db.dispose()


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/none", "sqlite:////proc/nowhere/records.db"]
)
def test_a_database_that_is_away_is_our_error(url: str) -> None:
    with pytest.raises(RecordsError) as caught:
        Database(url).ping()
    assert caught.value.retryable


def test_an_error_rolls_all_back(real_time_db: Database) -> None:
    def add_the_same_twice() -> None:
        with real_time_db.session() as session:
            session.execute(insert(Tenant).values(id="t", name="n", created_at=datetime.now(UTC)))
            session.execute(insert(Tenant).values(id="t", name="n", created_at=datetime.now(UTC)))

    with pytest.raises(IntegrityError):
        add_the_same_twice()
    with real_time_db.reading() as session:
        assert session.query(Tenant).count() == 0


def test_times_come_back_as_aware_utc(real_time_db: Database) -> None:
    at = datetime(2026, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
    with real_time_db.session() as session:
        session.add(Tenant(id="t", name="n", created_at=at.astimezone()))
    with real_time_db.reading() as session:
        found = session.get_one(Tenant, "t").created_at
    assert (found, found.tzinfo) == (at, UTC)


def test_the_databases_clock_is_right_and_goes_on_within_a_transaction(
    real_time_db: Database,
) -> None:
    with real_time_db.session() as session:
        first, second = real_time_db.now(session), real_time_db.now(session)
    assert abs(datetime.now(UTC) - first) < timedelta(seconds=60)
    assert second > first


def test_a_row_of_nobody_is_refused(real_time_db: Database) -> None:
    now = datetime.now(UTC)
    with pytest.raises(IntegrityError), real_time_db.session() as session:
        session.add(
            Deck(
                id="d",
                tenant_id="nobody",
                name="n",
                size_bytes=1,
                sha256="",
                object_key="k",
                scan={},
                created_at=now,
                expires_at=now,
            )
        )


def test_two_writers_lose_no_update(real_time_db: Database) -> None:
    with real_time_db.session() as session:
        session.add(Tenant(id="t", name="0", created_at=datetime.now(UTC)))

    def add_one(_: int) -> None:
        with real_time_db.session() as session:
            tenant = session.get_one(Tenant, "t", with_for_update=True)
            tenant.name = str(int(tenant.name) + 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(80)))
    with real_time_db.reading() as session:
        assert session.get_one(Tenant, "t").name == "80"


def test_reading_does_not_wait_for_a_writer(real_time_db: Database) -> None:
    with real_time_db.session() as session:
        session.add(Tenant(id="t", name="n", created_at=datetime.now(UTC)))
        session.flush()
        with real_time_db.reading() as reader:
            assert reader.get(Tenant, "t") is None


def test_a_forked_child_gets_connections_of_its_own(real_time_db: Database) -> None:
    with real_time_db.reading() as session:
        session.execute(text("SELECT 1"))
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        with real_time_db.reading() as session:
            os._exit(0 if session.query(Tenant).count() == 0 else 1)
    assert os.waitpid(child, 0)[1] == 0
    with real_time_db.reading() as session:
        assert session.query(Tenant).count() == 0


@pytest.mark.servers
def test_a_value_that_postgresql_cannot_hold_is_the_callers_error(postgres_url: str) -> None:
    db = Database(postgres_url)
    db.migrate()
    with pytest.raises(InvalidRequestError), db.reading() as session:
        session.get(Tenant, "a\x00b")
    db.dispose()


def test_sqlite_lies_in_a_folder_that_is_made_for_it(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'a' / 'b' / 'records.db'}")
    db.migrate()
    db.ping()
    db.dispose()
