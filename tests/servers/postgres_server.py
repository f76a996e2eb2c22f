"""A PostgreSQL of our own with a fresh database for everyone who asks."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg

from tests.servers.process import ServerProcess, find_program, free_port

DEBIAN_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


class PostgresServer:
    """initdb and postgres in a temporary folder, on a free port, without fsync.

    PostgreSQL refuses to run as root, so root runs it as the user `postgres` that Debian's
    package makes. Its folder lies outside pytest's, which only its owner may enter.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self._databases_given = 0
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="crispdeck-postgres-"))
        data = self._folder / "data"
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "max_connections": "200",
        }
        flags = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        self.process = ServerProcess(
            [find_program("postgres", *DEBIAN_FOLDERS), "-D", str(data), *flags],
            log=self._folder / "postgres.log",
            user=self._user,
        )
        self._make_cluster(data)

    def start(self) -> None:
        """Start it; returns when it answers."""
        self.process.start(self._answers)

    def stop(self) -> None:
        """Stop it at once (SIGQUIT: PostgreSQL's immediate shutdown) and delete its files."""
        self.process.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def new_url(self) -> str:
        """Create an empty database and give its SQLAlchemy URL."""
        self._databases_given += 1
        name = f"test{self._databases_given}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://crispdeck@127.0.0.1:{self.port}/{name}"

    def _make_cluster(self, data: Path) -> None:
        if self._user:
            shutil.chown(self._folder, self._user)
        subprocess.run(
            [
                find_program("initdb", *DEBIAN_FOLDERS),
                *("--pgdata", str(data), "--username", "crispdeck", "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
            cwd=self._folder,
        )

    def _dsn(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=crispdeck dbname={database} connect_timeout=2"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._dsn("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True
