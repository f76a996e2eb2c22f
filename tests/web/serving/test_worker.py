"""The server as it is started: real sockets, half of a request on them, and a good end."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crispdeck.records.database import Database
from crispdeck.records.people.keys import Scope, create_tenant, issue_key
from crispdeck.settings import Settings

HEAD_S = 2.0


@dataclass
class Served:
    port: int
    process: subprocess.Popen[bytes]
    key: str

    def status_of(self, path: str, timeout_s: float = 10.0) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.key}"})
            return connection.getresponse().status

    def connect(self, sent: bytes = b"") -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        made.sendall(sent)
        return made


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("served")
    settings = Settings(data_dir=data)
    db = Database(settings.effective_database_url)
    db.migrate()
    key = issue_key(db, create_tenant(db, "owner"), Scope, "test").key
    db.dispose()
    start = (
        "from web.serving import worker; "
        f"worker.HEAD_S = {HEAD_S}; "
        "from gunicorn.app.wsgiapp import run; run()"
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [
            *(sys.executable, "-c", start, "--bind", f"fd://{listener.fileno()}"),
            *("--worker-class", "web.serving.worker.Worker", "--no-control-socket"),
            *("--graceful-timeout", "20", "web.serving.worker:create_server()"),
        ]
        process = subprocess.Popen(
            command,
            env=os.environ | settings.to_env() | {"CRISPDECK_WEB_THREADS": "4"},
            pass_fds=(listener.fileno(),),
        )
        port = listener.getsockname()[1]
        made = Served(port, process, key)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if made.status_of("/healthz", 60) == 200:
                    break
        yield made
    process.terminate()  # gunicorn takes its children with it
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=30)
    process.kill()
    process.wait()


def test_half_open_connections_stop_nobody_and_are_closed(served: Served) -> None:
    half = b"GET /api/v1/whoami HTTP/1.1\r\nHost: x\r\nX-Slow: "
    open_ones = [served.connect(half if number % 2 else b"") for number in range(200)]
    for path, status in (("/healthz", 200), ("/readyz", 200), ("/api/v1/whoami", 200)):
        assert served.status_of(path, 5) == status
    deadline = time.monotonic() + HEAD_S + 10
    for one in open_ones:
        one.settimeout(max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(ConnectionResetError):
            assert one.recv(1000) == b""
        one.close()


def test_slow_bodies_stop_nobody(served: Served) -> None:
    head = (
        f"POST /api/v1/decks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {served.key}\r\n"
        "Content-Type: multipart/form-data; boundary=e\r\nContent-Length: 100000\r\n\r\n--e"
    ).encode()
    open_ones = [served.connect(head) for _ in range(80)]
    time.sleep(1)
    assert served.status_of("/api/v1/whoami", 5) == 200
    for one in open_ones:
        one.close()


def test_a_connection_serves_several_requests(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    for _ in range(3):
        connection.request(
            "GET", "/api/v1/whoami", headers={"Authorization": f"Bearer {served.key}"}
        )
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
    time.sleep(HEAD_S / 2)
    connection.request("HEAD", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()


def test_the_end_comes_soon_though_connections_are_open(served: Served) -> None:
    idle = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    idle.request("GET", "/healthz")
    idle.getresponse().read()
    begun = time.monotonic()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=60) == 0
    assert time.monotonic() - begun < 18  # gunicorn would wait 20 s for them
    idle.close()


def test_the_server_asks_for_as_many_open_files_as_it_may(tmp_path: Path) -> None:
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 4096)); "
        "from web.serving.worker import raise_open_files; raise_open_files(); "
        "print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=200
    )
    assert told.stdout.strip() == "4096"
