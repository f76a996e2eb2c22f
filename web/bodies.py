"""What a request may carry: media type and size, checked before anything is read."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, TypeVar, cast

from flask import Flask, Request, current_app, request
from werkzeug.exceptions import BadRequest, ClientDisconnected, UnsupportedMediaType

from crispdeck.errors import RequestTooLargeError
from crispdeck.settings import Settings
from web.engine import engine

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "crispdeck_body"

JSON_BYTES = 1 << 20  # of a body without a file: 500 hashes of pictures take 33 KB; a guess
ENVELOPE_BYTES = 64 << 10
"""What multipart puts around a file."""
FORM_PARTS = 8  # fields and files of one form: the longest has five; a guess


@dataclass(frozen=True)
class Body:
    """The media types of a route, and which setting limits its size."""

    types: tuple[str, ...] = ("application/json",)
    limit: str = ""

    def most_bytes(self, settings: Settings) -> int:
        """Return the largest body in bytes."""
        return getattr(settings, self.limit) + ENVELOPE_BYTES if self.limit else JSON_BYTES

    def fits(self, mimetype: str) -> bool:
        """Compare a media type; `image/*` stands for all pictures."""
        family = mimetype.split("/", maxsplit=1)[0] + "/*"
        return mimetype in self.types or family in self.types


def takes(*types: str, limit: str = "") -> Callable[[View], View]:
    """Mark a view that takes a body of other types than JSON, as large as a setting says."""

    def mark(view: View) -> View:
        setattr(view, _MARK, Body(types, limit))
        return view

    return mark


class _Body(io.RawIOBase):
    """A request's body that says in the words of files that its sender has gone."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._stream.read(size)
        except ClientDisconnected as error:
            raise ConnectionAbortedError("the sender went away") from error


def body_of(raw: Request) -> IO[bytes]:
    """Give the bytes that a request sends; reading them raises ConnectionError once it is gone."""
    return cast("IO[bytes]", _Body(raw.stream))


def most_bytes() -> int:
    """Return the largest body that this request may have; its head is checked.

    Raises:
        RequestTooLargeError: it says that it is larger.
        UnsupportedMediaType: this address takes other types.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    body = getattr(view, _MARK, Body())
    most = int(body.most_bytes(engine().settings))
    if (request.content_length or 0) > most:
        raise RequestTooLargeError(f"At most {most:,} bytes are taken here.")
    if view and _has_body() and not body.fits(request.mimetype):
        raise UnsupportedMediaType(f"Send {' or '.join(body.types)} as Content-Type.")
    return most


def _has_body() -> bool:
    return bool(request.content_length) or "Transfer-Encoding" in request.headers


def _check() -> None:
    most = most_bytes()
    # werkzeug counts what really comes; the header is only the early and friendly check.
    request.max_content_length = most
    request.max_form_parts = FORM_PARTS
    if _has_body() and request.mimetype == "application/json":
        _check_json()


def _check_json() -> None:
    """Refuse JSON that cannot be read as 400, not as a missing field.

    Half a surrogate pair is no character: neither the database nor an answer could hold it.
    """
    try:
        json.dumps(request.get_json(), ensure_ascii=False).encode()
    except RecursionError as error:
        raise BadRequest("The JSON is nested too deeply.") from error
    except UnicodeEncodeError as error:
        raise BadRequest("A text in the JSON holds half a surrogate pair.") from error


def register(app: Flask) -> None:
    """Check every request of `app`."""
    app.before_request(_check)
