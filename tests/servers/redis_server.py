"""A Redis of our own, append-only as in production, so that a kill loses no message."""

from pathlib import Path

import redis

from tests.servers.process import ServerProcess, find_program, free_port

DATABASES = 4096


class RedisServer:
    """redis-server on a free port; after a kill `start` brings the same data back."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._databases_given = 0
        options = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "databases": str(DATABASES),
            "maxmemory-policy": "noeviction",
        }
        flags = [word for key, value in options.items() for word in (f"--{key}", value)]
        self.process = ServerProcess(
            [find_program("redis-server"), *flags], log=folder / "redis.log"
        )

    @property
    def url(self) -> str:
        """The URL of database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    def new_url(self) -> str:
        """Give the URL of a database that nobody has used yet."""
        self._databases_given += 1
        return f"redis://127.0.0.1:{self.port}/{self._databases_given}"

    def start(self) -> None:
        """Start it; returns when it answers, its append-only file read."""
        self.process.start(self._answers)

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        self.process.kill()

    def stop(self) -> None:
        """Stop it in good order."""
        self.process.stop()

    def _answers(self) -> bool:
        try:
            with redis.Redis(port=self.port, socket_timeout=1) as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
