"""Idempotency-Key: a POST that comes twice makes one thing; what is made is known by its id."""

from collections.abc import Callable

from flask import request
from werkzeug.datastructures import Headers

from crispdeck.records.shelf.idempotency import Answer, abandon, begin, complete, request_hash
from web.auth import caller
from web.engine import engine

REPLAYED = "Idempotency-Replayed"


def once(key: str | None, content: bytes, make: Callable[[], str]) -> tuple[str, Headers]:
    """Call `make` unless the same request was carried out within the last 24 hours.

    Args:
        key: what the client sent as Idempotency-Key; None: always make.
        content: the request's body, or its digest.
        make: does the work and returns the new thing's id.

    Returns:
        The id, and headers that say if it is an old one.

    Raises:
        IdempotencyMismatchError: the key came with another request.
        ConflictError: the same request is still being carried out.
    """
    headers = Headers()
    if key is None:
        return make(), headers
    db, tenant_id = engine().db, caller().tenant_id
    # The order of parameters means nothing; a client may build it anew for its retry.
    query = "&".join(sorted(request.query_string.decode("ascii", "replace").split("&")))
    asked = request_hash(request.method, f"{request.path}?{query}", content)
    known = begin(db, tenant_id, key, asked)
    if known is not None:
        headers[REPLAYED] = "true"
        return known.body, headers
    try:
        created = make()
    # Also when the server is told to stop: the client tries again, and must not be told to wait.
    except BaseException:
        abandon(db, tenant_id, key)
        raise
    complete(db, tenant_id, key, Answer(201, created, "text/plain"))
    return created, headers
