"""Requests that come twice and must be carried out once; no HTTP.

`begin` before the work, then `complete` with the answer, or `abandon` when there is none.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crispdeck.errors import ConflictError, IdempotencyMismatchError
from crispdeck.records.database import Database
from crispdeck.records.tables import IdempotencyKey

KEPT_FOR = timedelta(hours=24)
"""As long as other services with such keys promise (Stripe: 24 hours)."""
GIVEN_UP_AFTER = timedelta(minutes=5)
"""A first request that has no answer by then died with its server."""


@dataclass(frozen=True)
class Answer:
    """What was answered the first time."""

    status: int
    body: str
    content_type: str = "application/json"


def request_hash(method: str, path: str, body: bytes) -> str:
    """Tell one request from another that comes with the same key."""
    head = f"{method.upper()}\n{path}\n".encode()
    return hashlib.sha256(head + hashlib.sha256(body).digest()).hexdigest()


def begin(db: Database, tenant_id: str, key: str, request: str) -> Answer | None:
    """Take the key for a request, or return the answer that it got before.

    Args:
        request: `request_hash` of the request.

    Raises:
        IdempotencyMismatchError: the key came with another request within 24 hours.
        ConflictError: the same request is still being carried out.
    """
    with db.session() as session:
        now = db.now(session)
        if _insert(session, tenant_id, key, request, now):
            return None
        row = session.get_one(IdempotencyKey, (tenant_id, key), with_for_update=True)
        if now - row.created_at < KEPT_FOR:
            if row.request_hash != request:
                raise IdempotencyMismatchError("This Idempotency-Key was used for another request.")
            if row.response is not None:
                return Answer(**row.response)
            if now - row.created_at < GIVEN_UP_AFTER:
                raise ConflictError(
                    "A request with this Idempotency-Key is still being carried out."
                )
        row.request_hash, row.response, row.created_at = request, None, now
        return None


def complete(db: Database, tenant_id: str, key: str, answer: Answer) -> None:
    """Keep the answer for the next time."""
    with db.session() as session:
        row = session.get(IdempotencyKey, (tenant_id, key), with_for_update=True)
        if row is not None:
            row.response = asdict(answer)


def abandon(db: Database, tenant_id: str, key: str) -> None:
    """Let the request be carried out when it comes again: this time it failed."""
    with db.session() as session:
        session.execute(
            delete(IdempotencyKey).where(
                IdempotencyKey.tenant_id == tenant_id,
                IdempotencyKey.key == key,
                IdempotencyKey.response.is_(None),
            )
        )


def _insert(session: Session, tenant_id: str, key: str, request: str, now: datetime) -> bool:
    """Return False if the key is there; waits for whoever is inserting the same one."""
    row = IdempotencyKey(tenant_id=tenant_id, key=key, request_hash=request, created_at=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True
