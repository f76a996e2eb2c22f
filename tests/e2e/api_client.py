"""A program that speaks to Crispdeck over HTTP with nothing but the standard library."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from typing import Any


@dataclass(frozen=True)
class Answer:
    """One HTTP answer."""

    status: int
    headers: HTTPMessage
    """By names in capitals or not, as HTTP has it."""
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class ApiClient:
    """Calls `/api/v1` on this machine with one key."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._key = key

    def call(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request and read the whole answer."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=90)
        try:
            sent = {"Authorization": f"Bearer {self._key}"} | dict(headers or {})
            connection.request(method, f"/api/v1{path}", body, sent)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def call_json(self, method: str, path: str, value: object) -> Answer:
        """Send a value as JSON."""
        body = json.dumps(value).encode()
        return self.call(method, path, body, {"Content-Type": "application/json"})

    def upload(self, deck: bytes, name: str, query: str = "") -> Answer:
        """Send a deck as a form does."""
        edge = secrets.token_hex(16)
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="deck"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + deck + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self.call("POST", f"/decks{query}", body, kind)

    def follow(self, job_id: str) -> list[dict[str, Any]]:
        """Read the job's events by the cursor, in order, until it has ended."""
        events: list[dict[str, Any]] = []
        after, ended = 0, False
        while not ended:
            page = self.call("GET", f"/jobs/{job_id}/events?after={after}&wait=10").json
            events += page["items"]
            after, ended = page["next_after"], page["ended"]
        return events
