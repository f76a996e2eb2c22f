"""The world that tests stand in: shared data and real servers, started once and only if asked for.

Redis, PostgreSQL and Swift run on free ports of 127.0.0.1 and end with the test run. A server
that is not installed is an error that names the command; it is never a silent skip.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crispdeck.records.database import Database
from crispdeck.settings import Settings
from tests.migrated import MigratedOnce
from tests.servers.postgres_server import PostgresServer
from tests.servers.redis_server import RedisServer
from tests.servers.swift_server import SwiftServer

REPOSITORY = Path(__file__).parents[1]
REAL_MIGRATE = Database.migrate
SERVER_FIXTURES = {"redis_server", "own_redis", "postgres_server", "s3_server"}


ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")
"""The pools of NumPy, torch and OpenCV. Where tests run side by side, their threads spin for cores
that are taken: what takes 0.05 s of processor time on one took 0.6 to 3.4 s on two."""


def pytest_configure(config: pytest.Config) -> None:
    """Take the caller's own Crispdeck settings away; tests say what they need."""
    for name in [name for name in os.environ if name.startswith("CRISPDECK_")]:
        del os.environ[name]
    if config.getoption("numprocesses", None):  # before the processes start, which inherit it
        for name in ONE_THREAD:
            os.environ.setdefault(name, "1")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that asks for a server, so that `-m "not servers"` is always true."""
    for item in items:
        if SERVER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.servers)


@pytest.fixture(scope="session", autouse=True)
def migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Migrate SQLite once in each process of the run, and copy the file from then on."""
    copied = MigratedOnce(tmp_path_factory.mktemp("migrated"), REAL_MIGRATE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "migrate", lambda self, revision="head": copied(self, revision))
        yield


@pytest.fixture
def real_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Migrate as a program does, for tests of the migrations themselves."""
    monkeypatch.setattr(Database, "migrate", REAL_MIGRATE)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real decks and pictures beside the repository ($SHARED_DATA elsewhere)."""
    folder = Path(os.environ.get("SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"needs the real decks and pictures of ../shared/data ({folder} is absent)")
    return folder


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One Redis for the whole run."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """A Redis database that nobody has used."""
    return redis_server.new_url()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis for one test, to be killed and started again."""
    folder = tmp_path / "own_redis"
    folder.mkdir()
    server = RedisServer(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole run."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres_database(postgres_server: PostgresServer) -> Callable[[], str]:
    """Give a function that creates an empty database and returns its SQLAlchemy URL."""
    return postgres_server.new_url


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """The SQLAlchemy URL of an empty PostgreSQL database."""
    return postgres_server.new_url()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SwiftServer]:
    """One S3 server for the whole run."""
    server = SwiftServer(tmp_path_factory.mktemp("swift"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def s3_settings(s3_server: SwiftServer, tmp_path: Path) -> Settings:
    """Settings whose object store is a fresh bucket on the S3 server."""
    return s3_server.settings_for(s3_server.new_bucket(), data_dir=tmp_path / "data")


@pytest.fixture
def embedded_settings(tmp_path: Path) -> Settings:
    """The laptop's stack: broker, records and objects are files in a fresh folder."""
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def distributed_settings(redis_url: str, postgres_url: str, s3_settings: Settings) -> Settings:
    """The cluster's stack: fresh databases and a fresh bucket on real servers."""
    return replace(s3_settings, broker_url=redis_url, database_url=postgres_url)


@pytest.fixture(
    params=["embedded", pytest.param("distributed", marks=pytest.mark.servers)],
)
def stack(request: pytest.FixtureRequest) -> Settings:
    """Each of the two stacks in turn; servers start only for the second."""
    settings: Settings = request.getfixturevalue(f"{request.param}_settings")
    return settings
