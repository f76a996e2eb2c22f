"""What every answer carries: security headers, a request id and a line in the log."""

import json
import logging
import re
import time
import uuid

from flask import Flask, Response, g, request

log = logging.getLogger("crispdeck.access")

_MADE_JOB = re.compile(r"/jobs/([0-9a-f]{32})$")
_GOOD_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

# The page keeps to its own files. Thumbnails are fetched with the key and shown as blob: URLs.
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
# Answers of the API are data: nothing in them may run or be framed.
HSTS_S = 31_536_000
"""A year: who came by TLS once is not sent here without it again (RFC 6797). No subdomains: they
may be somebody else's."""
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _GOOD_ID.fullmatch(given) else uuid.uuid4().hex
    g.began_s = time.perf_counter()


def _secure(response: Response) -> Response:
    headers = response.headers
    is_page = response.mimetype == "text/html" and "Content-Disposition" not in headers
    headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else DATA_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={HSTS_S}"
    headers["Referrer-Policy"] = "no-referrer"
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    headers["X-Request-Id"] = g.get("request_id", "")
    if request.path.startswith("/api/"):
        headers.setdefault("Cache-Control", "private, no-store")
    return response


def _report(response: Response) -> Response:
    """Write one JSON line; the query is left out, it may hold a signature."""
    caller, session_operator = g.get("caller"), g.get("session_operator")
    line = {
        "event": "request",
        "request_id": g.get("request_id", ""),
        "method": request.method,
        "path": request.path,
        "endpoint": request.endpoint,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("began_s", time.perf_counter())) * 1000, 1),
        "bytes_in": request.content_length,
        "tenant": caller.tenant_id if caller else None,
        "key": caller.key_id if caller else None,
        "operator": session_operator.name if session_operator else None,
        "job": _job(response),
    }
    log.info("%s", json.dumps(line))
    return response


def _job(response: Response) -> str | None:
    """Name the job that a request asks for or has made: by it, workers' lines are found."""
    asked = (request.view_args or {}).get("job_id") or response.headers.get("Crispdeck-Job")
    made = _MADE_JOB.search(response.headers.get("Location", ""))
    return asked or (made[1] if made else None)


def register(app: Flask) -> None:
    """Add them to every answer of `app`, errors included."""
    app.before_request(_begin)
    # Flask calls these in reverse: the log line comes last and sees the final answer.
    app.after_request(_report)
    app.after_request(_secure)
