"""ASGI outside, Flask inside: threads are for work, and all waiting is done here."""

import asyncio
import hashlib
import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, cast

from flask import Flask, g
from werkzeug.exceptions import HTTPException

from crispdeck.errors import CrispdeckError
from crispdeck.settings import Settings
from web import auth, bodies, streams
from web.engine import Engine
from web.serving.request_bodies import Body, Message, Receive, take_body
from web.serving.watching import Watcher
from web.waiting import CAN_LEAVE, FOLLOWED, Waiting

Send = Callable[[Message], Awaitable[None]]
Scope = dict[str, Any]
Start = tuple[int, list[tuple[bytes, bytes]]]

READER_S = 60.0
"""A reader that takes nothing for so long has gone."""
RECHECK_S = 60.0
"""Who waits looks by itself now and then, should a change have gone unnoticed."""
PIECE_BYTES = 256 << 10  # of an answer that are sent at a time; a guess
UNCHECKED_BYTES = 16 << 10
"""A larger body is taken in only from callers who may send it there."""
SENDERS_OF_ONE = 32
"""Large bodies of one caller at once, from their first byte until the application is done with
them: each lies on the disk meanwhile."""
CHECK_THREADS = 4
"""For those who wait; they look for some milliseconds each."""
WATCH_THREADS = 1
"""For the watcher, which asks one thing after another: whoever looks long keeps it from nothing."""


class Bridge:
    """An ASGI application (3.0) that runs a Flask application.

    Args:
        app: made by web.app.create_app.
        settings: how many threads.
    """

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.web_threads, thread_name_prefix="request")
        self._checking = ThreadPoolExecutor(CHECK_THREADS, thread_name_prefix="look")
        found = app.extensions["crispdeck"]
        assert isinstance(found, Engine)  # noqa: S101 - create_app puts it there
        watching = ThreadPoolExecutor(WATCH_THREADS, thread_name_prefix="watch")
        self._watcher = Watcher(found.db, watching)
        self._places = _Places(max(1, settings.web_threads // 2))
        self._senders = _Places(SENDERS_OF_ONE)
        self._ending = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection's next request."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        elif scope["path"] == "/healthz":
            await _be_alive(scope, send)
        else:
            await self._serve(scope, receive, send)

    def end(self) -> None:
        """Let all who wait be answered now: the process is about to end."""
        self._ending.set()
        self._watcher.wake_all()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        environ = _environ(scope)
        async with AsyncExitStack() as sender:
            body = await self._body(environ, receive, sender)
            environ["wsgi.input"] = body
            answer = await self._answer(environ, body)
        if answer.followed is None and answer.waiting is None:
            await self._send(answer, send)
        elif answer.waiting is not None:
            await self._wait(answer.waiting, environ, receive, send)
        else:
            await self._follow(answer, receive, send)

    async def _answer(self, environ: dict[str, Any], body: Body) -> "_Answer":
        """Run the application in a thread; what it has begun ends, though its caller has gone."""
        run = asyncio.get_running_loop().run_in_executor
        work: asyncio.Future[_Answer] | None = None
        try:
            async with self._places.place(_who(environ)):
                work = run(self._threads, _Answer.of, self._app, environ)
                answer = await asyncio.shield(work)
        except BaseException:
            # Cancelled: gunicorn gives a connection that is lost three seconds. The work may be
            # done in this very moment; nobody else will free what it holds.
            if work is None:
                body.close()
            else:
                work.add_done_callback(lambda done: _drop(done, body))
            raise
        body.close()
        return answer

    async def _body(
        self, environ: dict[str, Any], receive: Receive, sender: AsyncExitStack
    ) -> Body:
        """Take the body in, unless the caller may not send it.

        `sender` holds the place of a large one.
        """
        length = environ.get("CONTENT_LENGTH", "")
        announced = int(length) if length.isascii() and length.isdigit() else None
        if announced is None and "HTTP_TRANSFER_ENCODING" not in environ:
            return (await take_body(receive, 0))[0]
        most = UNCHECKED_BYTES
        if announced is None or announced > UNCHECKED_BYTES:
            run = asyncio.get_running_loop().run_in_executor
            most = await run(self._threads, _most_bytes, self._app, environ)
            if not most:
                return (await take_body(_nothing, 0))[0]
            await sender.enter_async_context(self._senders.place(_who(environ)))
        body, size_bytes = await take_body(receive, most)
        if announced is None:
            environ["CONTENT_LENGTH"] = str(size_bytes)
        return body

    async def _send(self, answer: "_Answer", send: Send) -> None:
        run = asyncio.get_running_loop().run_in_executor
        try:
            await _patiently(send, _start(answer.status, answer.headers))
            while True:
                piece, is_last = await run(self._threads, answer.piece)
                await _patiently(send, _piece(piece, more=not is_last))
                if is_last:
                    return
        finally:
            await run(self._threads, answer.close)

    async def _wait(
        self, waiting: Waiting, environ: dict[str, Any], receive: Receive, send: Send
    ) -> None:
        run = asyncio.get_running_loop().run_in_executor
        watch = self._watcher.watch(waiting.topic)
        gone = asyncio.ensure_future(_gone(receive))
        try:
            while not gone.done():
                is_time = time.monotonic() >= waiting.until or self._ending.is_set()
                look = run(self._checking, _Answer.again, self._app, environ, waiting, is_time)
                try:
                    answer = await asyncio.shield(look)
                except asyncio.CancelledError:
                    look.add_done_callback(_drop)
                    raise
                if answer is not None:
                    await self._send(answer, send)
                    return
                left_s = waiting.until - time.monotonic()
                await _first(gone, watch.change(min(left_s, _recheck_in_s())))
        finally:
            gone.cancel()
            self._watcher.end(watch)
            waiting.end()

    async def _follow(self, answer: "_Answer", receive: Receive, send: Send) -> None:
        followed = cast("streams.Followed", answer.followed)
        run = asyncio.get_running_loop().run_in_executor
        watch = self._watcher.watch(followed.topic)
        gone = asyncio.ensure_future(_gone(receive))
        now = time.monotonic()
        ends_at, beat_at, recheck_at = now + streams.LIFE_S, now + streams.HEARTBEAT_S, now
        try:
            await _patiently(send, _start(answer.status, answer.headers))
            await _patiently(send, _piece(streams.BEGIN.encode(), more=True))
            ended = False
            while not (ended or gone.done() or self._ending.is_set()):
                news, ended = await run(self._checking, followed.news)
                recheck_at = time.monotonic() + _recheck_in_s()
                if news:
                    await _patiently(send, _piece("".join(news).encode(), more=True))
                    beat_at = time.monotonic() + streams.HEARTBEAT_S
                if followed.is_behind:
                    continue
                while not (ended or gone.done() or self._ending.is_set()):
                    now = time.monotonic()
                    if now >= ends_at:
                        ended = True
                    elif now >= beat_at:
                        await _patiently(send, _piece(streams.PULSE.encode(), more=True))
                        beat_at = now + streams.HEARTBEAT_S
                    next_s = min(ends_at, beat_at, recheck_at) - time.monotonic()
                    if await _first(gone, watch.change(next_s)) or time.monotonic() >= recheck_at:
                        break
            if not gone.done():
                await _patiently(send, _piece(b"", more=False))
        finally:
            gone.cancel()
            self._watcher.end(watch)
            await run(self._checking, answer.close)


def _drop(done: "asyncio.Future[Any]", body: Body | None = None) -> None:
    """Free what an answer holds that nobody will read, and the body that it was made from."""
    if body is not None:
        body.close()
    if done.cancelled() or done.exception() is not None:
        return
    answer: _Answer | None = done.result()
    if answer is None:
        return
    answer.close()
    if answer.waiting is not None:
        answer.waiting.end()


class _Answer:
    """What the Flask application says to one request. Made and read in threads."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.followed: streams.Followed | None = None
        self.waiting: Waiting | None = None
        self._reading = threading.Lock()
        """A reader that goes away lets the answer be closed while a thread still makes a piece."""
        self._iterable: Iterable[bytes] = ()
        self._pieces: Iterator[bytes] = iter(())

    @classmethod
    def of(cls, app: Flask, environ: dict[str, Any]) -> "_Answer":
        """Run the application."""
        answer = cls()
        try:
            answer._take(app(environ, answer._begin))
        except Waiting as waiting:
            answer.waiting = waiting
        answer.followed = environ.get(FOLLOWED)
        return answer

    @classmethod
    def again(
        cls, app: Flask, environ: dict[str, Any], waiting: Waiting, is_time: bool
    ) -> "_Answer | None":
        """Look once more for whoever waits; None: there is still nothing to say."""
        answer = cls()
        with app.request_context(environ):
            for name, value in waiting.context.items():
                setattr(g, name, value)
            try:
                said = waiting.check(is_time)
            except Exception as error:
                said = cast("Any", app.handle_user_exception(error))
            if said is None:
                return None
            answer._take(app.finalize_request(said)(environ, answer._begin))
        return answer

    def _begin(self, status: str, headers: list[tuple[str, str]], _error: Any = None, /) -> Any:
        self.status = int(status.split(" ", 1)[0])
        self.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]

    def _take(self, iterable: Iterable[bytes]) -> None:
        self._iterable = iterable
        self._pieces = iter(iterable)

    def piece(self) -> tuple[bytes, bool]:
        """Return the next bytes, and whether they are the last."""
        found, size = [], 0
        with self._reading:
            for piece in self._pieces:
                found.append(piece)
                size += len(piece)
                if size >= PIECE_BYTES:
                    return b"".join(found), False
        return b"".join(found), True

    def close(self) -> None:
        """End the answer, read or not."""
        close = getattr(self._iterable, "close", None)
        if close is not None:
            with self._reading:
                close()


class _Places:
    """Requests in work, so many of one caller; the caller's others wait here."""

    def __init__(self, of_one: int) -> None:
        self._of_one = of_one
        self._callers: dict[str, asyncio.Semaphore] = {}
        self._known: Counter[str] = Counter()

    @asynccontextmanager
    async def place(self, who: str) -> AsyncIterator[None]:
        own = self._callers.setdefault(who, asyncio.Semaphore(self._of_one))
        self._known[who] += 1
        try:
            async with own:
                yield
        finally:
            self._known[who] -= 1
            if not self._known[who]:
                del self._known[who], self._callers[who]


def _who(environ: dict[str, Any]) -> str:
    """Tell callers apart before it is known who they are: by their key, else their address."""
    key = environ.get("HTTP_AUTHORIZATION") or environ.get("REMOTE_ADDR", "")
    return hashlib.sha256(key.encode("latin-1", "replace")).hexdigest()


def _most_bytes(app: Flask, environ: dict[str, Any]) -> int:
    """Return how large a body may be that this caller sends to this address; 0: none at all."""
    with app.request_context({**environ, "wsgi.input": Body(cast("Any", None), is_whole=True)}):
        try:
            auth.identify()
            auth.authorise()
            return bodies.most_bytes()
        except (CrispdeckError, HTTPException):
            return 0


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def _environ(scope: Scope) -> dict[str, Any]:
    """Put a request in WSGI's words (PEP 3333)."""
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        CAN_LEAVE: True,
    }
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        key = name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        # RFC 9110, 5.3; cookies are joined by semicolons (RFC 9113, 8.2.3).
        glue = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{glue}{value}" if key in environ else value
    return environ


def _start(status: int, headers: list[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def _piece(piece: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": piece, "more_body": more}


async def _patiently(send: Send, message: Message) -> None:
    """Send; raises TimeoutError for a reader that takes nothing."""
    await asyncio.wait_for(send(message), READER_S)


async def _gone(receive: Receive) -> None:
    """Return when the caller has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _first(gone: "asyncio.Future[None]", change: Awaitable[bool]) -> bool:
    """Wait for a change, or for the caller to go; True: something has changed."""
    task = asyncio.ensure_future(change)
    both: set[asyncio.Future[Any]] = {gone, task}
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        return task.result()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return False


def _recheck_in_s() -> float:
    return RECHECK_S * (0.75 + random.random() / 2)  # noqa: S311 - only so that not all look at once


async def _be_alive(scope: Scope, send: Send) -> None:
    """Answer the probe of life here: it asks for this loop, not for a free thread."""
    good = scope["method"] in {"GET", "HEAD"}
    body = json.dumps({"status": "alive"} if good else {}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
    ]
    await send(_start(200 if good else 405, headers))
    await send(_piece(body if scope["method"] != "HEAD" else b"", more=False))


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
