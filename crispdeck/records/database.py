"""One database, SQLite or PostgreSQL: transactions, its clock, its migrations; no tables."""

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    Connection,
    Engine,
    RowMapping,
    TextClause,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DataError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from crispdeck.errors import InvalidRequestError, RecordsError

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_TIMEOUT_S = 30
"""How long a writer of SQLite waits for another; a guess, beyond any transaction of ours."""
ADVISORY_LOCK = 0x63726973  # "cris": any number that no other program in the database uses

READ_ONLY = "postgresql_readonly"  # SQLAlchemy's own option; our SQLite handler reads it as well


class Database:
    """Gives transactions; safe to use from many threads and after a fork.

    Args:
        url: an SQLAlchemy URL, `sqlite:///…` or `postgresql://…` (psycopg 3).
        clock: replaces the database's own clock in tests.
        pool_size: connections kept open; four times as many may be open at once.
    """

    def __init__(
        self, url: str, *, clock: Callable[[], datetime] | None = None, pool_size: int = 10
    ) -> None:
        self._clock = clock
        self._engine = _engine(_with_driver(make_url(url)), pool_size)
        # The same pool, but transactions that read only: on SQLite they begin without taking the
        # one writer's place.
        reader = self._engine.execution_options(**{READ_ONLY: True})
        # Values are copied out of rows after the commit; expired ones would be read anew, without a
        # session.
        self._writers = sessionmaker(self._engine, expire_on_commit=False)
        self._readers = sessionmaker(reader, expire_on_commit=False)
        self._kept = threading.local()
        _forget_connections_after_fork(self._engine)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One writing transaction: committed at the end, rolled back on any error.

        On SQLite it is the only writer from its first line on (BEGIN IMMEDIATE), so that what
        it reads cannot change before it writes.

        Raises:
            RecordsError: the database is away or too busy.
        """
        with _database_errors(), self._writers.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that only reads and waits for nobody.

        Raises:
            RecordsError: the database is away.
        """
        with _database_errors(), self._readers() as session:
            yield session

    def at_once(self, statement: TextClause, values: Mapping[str, Any]) -> list[RowMapping]:
        """Do one statement that commits by itself, and return its rows; not on SQLite."""
        with self.keeping_connection(), _database_errors():
            connection: Connection = self._kept.connection
            return [row._mapping for row in connection.execute(statement, values)]

    @contextmanager
    def keeping_connection(self) -> Iterator[None]:
        """Let all `at_once` of this thread within the block share a connection.

        Each one that is fetched from the pool is first asked if it lives: a round trip.
        """
        if self.dialect == "sqlite" or getattr(self._kept, "connection", None) is not None:
            yield
            return
        with self.autocommitting() as connection:
            self._kept.connection = connection
            try:
                yield
            finally:
                self._kept.connection = None

    @contextmanager
    def autocommitting(self) -> Iterator[Connection]:
        """Give a connection for what must not be in a transaction, such as VACUUM."""
        with _database_errors(), self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def now(self, session: Session) -> datetime:
        """Tell the time by one clock for all machines: leases must not depend on their own."""
        if self._clock is not None:
            return self._clock()
        if self.dialect == "sqlite":
            return datetime.now(UTC)
        # clock_timestamp() and not now(), which stands still within a transaction that may have
        # waited for a lock.
        now: datetime = session.scalars(select(func.clock_timestamp())).one()
        return now.astimezone(UTC)

    def set_time(self) -> datetime | None:
        """Return the time that replaces the database's own in tests, for whole statements."""
        return None if self._clock is None else self._clock()

    def lock(self, session: Session | Connection) -> None:
        """Let one transaction at a time past this point, until it ends."""
        if self.dialect == "postgresql":  # on SQLite a writing transaction is alone anyway
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})

    def migrate(self, revision: str = "head") -> None:
        """Bring the tables to `revision`; several processes may call this at once.

        All of it is one transaction on both databases, and the others wait for it.
        """
        with _database_errors(), self._engine.begin() as connection:
            # Several programs start at once and all migrate: the first does it, the others find it
            # done.
            self.lock(connection)
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            if revision == "base":
                command.downgrade(config, revision)
            else:
                command.upgrade(config, revision)

    def ping(self) -> None:
        """Raise RecordsError unless the database answers and has our tables."""
        try:
            with self.reading() as session:
                session.execute(text("SELECT version_num FROM alembic_version"))
        except ProgrammingError as error:
            raise RecordsError("The database has none of Crispdeck's tables.") from error

    def version(self) -> str:
        """Name the database and its version, or only its kind while it is away."""
        try:
            with self.reading() as session:
                if self.dialect == "sqlite":
                    return f"SQLite {sqlite3.sqlite_version}"
                found = session.scalars(text("SHOW server_version")).one()
                return f"PostgreSQL {found}"
        except RecordsError:
            return self.dialect

    def dispose(self) -> None:
        """Close all connections that are not in use."""
        self._engine.dispose()


@contextmanager
def _database_errors() -> Iterator[None]:
    try:
        yield
    except DataError as error:  # a NUL, a text too long: PostgreSQL is stricter than SQLite
        raise InvalidRequestError(f"A value cannot be stored: {error.orig}") from error
    except (OperationalError, InterfaceError) as error:
        raise RecordsError(f"The database does not answer: {error.orig}") from error


def _with_driver(url: URL) -> URL:
    """Name psycopg 3 where the URL leaves the driver open: SQLAlchemy would take psycopg2."""
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def _engine(url: URL, pool_size: int) -> Engine:
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url, pool_size=pool_size, max_overflow=3 * pool_size, pool_pre_ping=True
        )
    _make_folder(Path(url.database or "."))
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=3 * pool_size,
        connect_args={"timeout": BUSY_TIMEOUT_S},
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # SQLite gives its other files (-wal, -shm) the permissions of this one.
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise RecordsError(f"The folder of the database cannot be made: {error}") from error


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # Python's sqlite3 would open transactions itself, and too late; `_begin_sqlite` does it.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    # NORMAL loses nothing when a process is killed; a power cut may lose the last commits,
    # but never corrupts: https://www.sqlite.org/pragma.html#pragma_synchronous
    connection.execute("PRAGMA synchronous=NORMAL")
    _set_wal(connection)


def _set_wal(connection: sqlite3.Connection) -> None:
    """Let readers and the writer work side by side.

    The change from the rollback journal does not wait for other processes that are at it too,
    whatever the busy timeout says, so it is tried again.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _forget_connections_after_fork(engine: Engine) -> None:
    """Give a forked child its own connections: two processes on one socket mix up answers."""
    alive = weakref.ref(engine)

    def forget() -> None:
        if (found := alive()) is not None:
            found.dispose(close=False)

    os.register_at_fork(after_in_child=forget)
