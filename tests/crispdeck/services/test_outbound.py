"""Requests to strangers: no private address however it is written, no redirect, no long wait."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from crispdeck.errors import InvalidRequestError
from crispdeck.services.outbound import check_url, may_reach, networks_of, post

LOOPBACK = networks_of("127.0.0.0/8")


class Receiver(BaseHTTPRequestHandler):
    """Answers as its path says, and keeps what came."""

    came: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.came.append((self.path, dict(self.headers), body))
        status = int(self.path.strip("/") or 200)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def receiver() -> Iterator[str]:
    Receiver.came.clear()
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://hooks.test:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def here(*_: object) -> list[str]:
    return ["127.0.0.1"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.5.5",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "2001:0:7f00:1::",
    ],
)
def test_a_private_address_is_never_reached_however_it_is_written(address: str) -> None:
    assert not may_reach(address, ())


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address_is_reached(address: str) -> None:
    assert may_reach(address, ())


def test_a_network_that_the_settings_name_is_reached_and_no_other() -> None:
    allowed = networks_of("10.1.0.0/16 ::1")
    assert may_reach("10.1.2.3", allowed)
    assert may_reach("::1", allowed)
    assert not may_reach("10.2.0.1", allowed)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https://user@example.org/",
        "https://example.org/#part",
        "https://example.org:99999/",
        "https://example.org/\r\nX: y",
        "https://exämple.org/",
        "//example.org",
    ],
)
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequestError):
        check_url(url)


def test_the_body_and_the_headers_arrive_at_the_address_that_was_checked(receiver: str) -> None:
    answered = post(f"{receiver}/200", b"body", {"A": "b"}, allowed=LOOPBACK, resolver=here)
    assert (answered.status, answered.code) == (200, None)
    ((path, headers, body),) = Receiver.came
    assert (path, headers["A"], body) == ("/200", "b", b"body")
    assert headers["Host"].startswith("hooks.test:")


def test_a_name_that_leads_to_a_private_address_is_not_reached(receiver: str) -> None:
    url = receiver.replace("http:", "https:")
    assert post(url, b"", {}, resolver=here).code == "address_refused"
    assert Receiver.came == []


@pytest.mark.parametrize(
    ("status", "code"), [(302, "redirected"), (500, "not_taken"), (410, "not_taken")]
)
def test_a_redirect_is_not_followed_and_other_answers_are_failures(
    receiver: str, status: int, code: str
) -> None:
    answered = post(f"{receiver}/{status}", b"", {}, allowed=LOOPBACK, resolver=here)
    assert (answered.status, answered.code) == (status, code)
    assert len(Receiver.came) == 1


def test_who_is_silent_or_unknown_is_told_apart() -> None:
    def unknown(*_: object) -> list[str]:
        raise OSError("no such host")

    url = "http://hooks.test:9/"
    assert post(url, b"", {}, allowed=LOOPBACK, resolver=unknown).code == "name_unknown"
    assert post(url, b"", {}, allowed=LOOPBACK, resolver=here).code == "no_answer"


def test_who_drips_an_answer_does_not_hold_us() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                while not stop.wait(0.02):
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        url = f"http://hooks.test:{server.getsockname()[1]}/"
        answered = post(url, b"", {}, allowed=LOOPBACK, resolver=here, timeout_s=0.3)
        stop.set()
        thread.join()
    assert answered.code == "no_answer"
    assert answered.took_ms < 3000
