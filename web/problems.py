"""Every error as application/problem+json (RFC 9457); knows no route and no table."""

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, Response, g, request
from flask_limiter import RateLimitExceeded
from pydantic import ValidationError
from werkzeug.exceptions import ClientDisconnected, HTTPException

from crispdeck.errors import CrispdeckError, InvalidRequestError, LimitReachedError

log = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"
TYPE_PREFIX = "/api/v1/problems/"

# HTTPExceptions whose meaning has a code of our own; all others are named by their class.
HTTP_CODES = {
    400: "request_malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "request_too_large",
    415: "media_type_unsupported",
    429: "limit_reached",
}
HTTP_TITLES = {
    "not_found": "Nothing is at this address.",
    "request_malformed": "The request cannot be read.",
    "method_not_allowed": "This address does not take this method.",
    "media_type_unsupported": "The body has a media type that this address does not take.",
}


def problem(
    *,
    code: str,
    status: int,
    title: str,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    retryable: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Make the one shape that every error has."""
    members: dict[str, Any] = {
        "type": TYPE_PREFIX + code,
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "code": code,
        "errors": errors or [],
        "retryable": retryable,
        "request_id": g.get("request_id", ""),
    }
    response = Response(json.dumps(members, ensure_ascii=False), status, mimetype=PROBLEM_TYPE)
    response.headers.update(headers or {})
    return response


def title_of(error: type[CrispdeckError]) -> str:
    """Return the sentence that the class carries: the same for every occurrence."""
    return (error.__doc__ or error.code).strip().splitlines()[0]


def all_kinds() -> Iterator[type[CrispdeckError]]:
    """Yield every error class that has a code of its own, from the root on."""
    seen: set[str] = set()
    todo: list[type[CrispdeckError]] = [CrispdeckError]
    while todo:
        kind = todo.pop(0)
        if kind.code not in seen:
            seen.add(kind.code)
            yield kind
        todo += kind.__subclasses__()


def as_invalid(error: ValidationError) -> InvalidRequestError:
    """Turn pydantic's findings into our error; the input itself is not repeated."""
    fields = {
        ".".join(str(part) for part in item["loc"]) or "body": item["msg"]
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    }
    names = ", ".join(fields)
    return InvalidRequestError(
        f"These fields of the request are missing, unknown or out of range: {names}.", fields=fields
    )


def _of_ours(error: CrispdeckError) -> Response:
    if error.status >= 500:
        log.error("%s: %s", error.code, error.message, exc_info=error)
    headers = {}
    if isinstance(error, LimitReachedError):
        headers["Retry-After"] = str(error.retry_after_s)
    elif error.retryable:
        headers["Retry-After"] = "5"
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="crispdeck"'
    fields = error.fields if isinstance(error, InvalidRequestError) else {}
    title = title_of(type(error))
    return problem(
        code=error.code,
        status=error.status,
        title=title,
        # What breaks inside may name hosts and paths: that belongs in the log.
        detail=error.message if error.status < 500 else title,
        errors=[{"field": name, "detail": detail} for name, detail in fields.items()],
        retryable=error.retryable,
        headers=headers,
    )


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    code = HTTP_CODES.get(status, error.name.lower().replace(" ", "_").replace("-", "_"))
    headers = dict(error.get_headers())
    headers.pop("Content-Type", None)
    return problem(
        code=code,
        status=status,
        title=HTTP_TITLES.get(code, error.name),
        detail=HTTP_TITLES[code] if code == "not_found" else error.description or error.name,
        headers=headers,
    )


def _of_lost_sender(_error: ConnectionAbortedError) -> Response:
    return _of_http(ClientDisconnected())


def _of_rate(error: RateLimitExceeded) -> Response:
    return _of_ours(LimitReachedError(f"Too many requests: at most {error.description}."))


def _of_anything(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    return problem(
        code=CrispdeckError.code,
        status=500,
        title="Something broke inside Crispdeck.",
        detail="The error is in the log under this request's id.",
    )


def _of_invalid(error: ValidationError) -> Response:
    return _of_ours(as_invalid(error))


def register(app: Flask) -> None:
    """Answer every error of `app` with a problem."""
    app.register_error_handler(CrispdeckError, _of_ours)
    app.register_error_handler(RateLimitExceeded, _of_rate)
    app.register_error_handler(ConnectionAbortedError, _of_lost_sender)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(ValidationError, _of_invalid)
    app.register_error_handler(Exception, _of_anything)
