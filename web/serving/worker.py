"""gunicorn's asynchronous worker, with an end for those who never finish what they began."""

import asyncio
import resource
from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi

from crispdeck.settings import Settings
from web.app import create_app
from web.serving.bridge import Bridge

HEAD_S = 15.0
"""A connection must have sent the head of its first request by then; behind a proxy it has at
once. The head of a later one comes within the time that a connection is kept for."""
OPEN_FILES = 65_536
"""What is asked of the system: each connection is one, and shells begin with 1,024."""


def create_server() -> Bridge:
    """Make the application that `gunicorn --worker-class web.serving.worker.Worker` serves."""
    settings = Settings.of_server()
    return Bridge(create_app(settings), settings)


def raise_open_files() -> None:
    """Let this process open as many files as the system allows it, up to OPEN_FILES."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(most, soft), hard))


class Worker(gasgi.ASGIWorker):  # type: ignore[misc] # gunicorn has no types
    """Serves `create_server`."""

    def init_process(self) -> None:
        """Prepare the process."""
        raise_open_files()
        self.protocols: set[Protocol] = set()
        super().init_process()

    def _setup_event_loop(self) -> None:
        super()._setup_event_loop()
        made = self.loop.create_server

        def create_server(_factory: Any, **values: Any) -> Any:
            return made(lambda: Protocol(self), **values)

        # gunicorn names its protocol in the middle of a long method; this is the one door to it.
        self.loop.create_server = create_server

    def handle_exit_signal(self) -> None:
        """End in good order: who waits is answered, idle connections are closed."""
        super().handle_exit_signal()
        self.asgi.end()
        for protocol in list(self.protocols):
            protocol.close_if_idle()


class Protocol(ASGIProtocol):  # type: ignore[misc] # gunicorn has no types
    """One connection."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin to count the time."""
        if self.worker.nr_conns >= self.worker.worker_connections:
            self._conn_lost_handled = True  # it was never counted
            transport.abort()
            return
        self.worker.protocols.add(self)
        self._late = self.worker.loop.call_later(HEAD_S, transport.abort)
        super().connection_made(transport)

    def _on_headers_complete(self) -> bool:
        if self._late is not None:
            self._late.cancel()
            self._late = None
        return bool(super()._on_headers_complete())

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        if self._late is not None:
            self._late.cancel()
        self.worker.protocols.discard(self)
        super().connection_lost(exc)

    def close_if_idle(self) -> None:
        """Close it unless a request is in work."""
        if self._keepalive_handle is not None or self._late is not None:
            self.transport.close()
