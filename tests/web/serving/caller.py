"""Calls an ASGI application as a server does, without a socket."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from web.serving.bridge import Bridge


class Exchange:
    """One request under way: what was sent so far, and what has come back."""

    def __init__(
        self,
        bridge: Bridge,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None = b"",
        *,
        reads: bool = True,
    ) -> None:
        self._reads = reads
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._begun = asyncio.Event()
        self._news = asyncio.Event()
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.taken = 0
        """Messages of the body that were asked for."""
        route, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": route,
            "query_string": query.encode(),
            "http_version": "1.1",
            "scheme": "http",
            "server": ("testserver", 80),
            "client": ("127.0.0.1", 4711),
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        }
        if body is not None:
            self.send(body, more=False)
        self.task = asyncio.ensure_future(bridge(scope, self._receive, self._send))

    def send(self, piece: bytes, *, more: bool) -> None:
        """Send a piece of the body."""
        self._in.put_nowait({"type": "http.request", "body": piece, "more_body": more})

    def leave(self) -> None:
        """Close the connection."""
        self._in.put_nowait({"type": "http.disconnect"})

    async def _receive(self) -> dict[str, Any]:
        message = await self._in.get()
        self.taken += 1
        return message

    async def _send(self, message: dict[str, Any]) -> None:
        while not self._reads:
            await asyncio.sleep(1)
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode(): v.decode() for k, v in message["headers"]}
        else:
            self.body += message["body"]
        self._news.set()

    async def until(self, text: bytes, within_s: float = 20.0) -> None:
        """Wait until the answer holds a text."""

        async def look() -> None:
            while text not in self.body:
                self._news.clear()
                await self._news.wait()

        await asyncio.wait_for(look(), within_s)

    async def answer(self, within_s: float = 20.0) -> "Exchange":
        """Wait for the end of the answer."""
        await asyncio.wait_for(self.task, within_s)
        return self

    def json(self) -> Any:
        return json.loads(self.body)
