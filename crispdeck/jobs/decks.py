"""Uploaded decks: make, look, list, delete; the bytes lie in the object store."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crispdeck.errors import GoneError, LimitReachedError, NotFoundError
from crispdeck.jobs.database import Database
from crispdeck.jobs.ids import new_id
from crispdeck.jobs.pages import page_of
from crispdeck.jobs.records import DeckRecord, Page
from crispdeck.jobs.states import OPEN_JOB_STATES
from crispdeck.jobs.tables import Deck, Job
from crispdeck.jobs.tenants import count_stored_bytes, lock_tenant
from crispdeck.jobs.transitions import cancel, lock_jobs

MAX_NAME_LENGTH = 300


def create_deck(  # noqa: PLR0913 - these are what a deck's row is made of
    db: Database,
    tenant_id: str,
    *,
    name: str,
    size_bytes: int,
    sha256: str,
    object_key: str,
    scan_json: dict[str, Any],
    retention_days: float,
    deck_id: str | None = None,
    max_stored_bytes: int = 0,
) -> DeckRecord:
    """Record a deck whose bytes lie in the store already.

    Args:
        deck_id: the id that `object_key` was made with; a new one if left out.
        max_stored_bytes: what the tenant may keep, this deck included (0: no limit).

    Raises:
        LimitReachedError: the tenant would keep more than that.
    """
    with db.session() as session:
        now = db.now(session)
        lock_tenant(session, tenant_id)
        kept_bytes = count_stored_bytes(session, tenant_id)
        if max_stored_bytes and kept_bytes + size_bytes > max_stored_bytes:
            raise LimitReachedError(
                f"This deck would bring what you keep to {kept_bytes + size_bytes:,} bytes; "
                f"{max_stored_bytes:,} are allowed. Delete some decks.",
                retry_after_s=3600,
            )
        deck = Deck(
            id=deck_id or new_id(),
            tenant_id=tenant_id,
            name=_storable(name),
            size_bytes=size_bytes,
            sha256=sha256,
            object_key=object_key,
            scan=scan_json,
            created_at=now,
            expires_at=now + timedelta(days=retention_days),
        )
        session.add(deck)
        return DeckRecord.of(deck)


def get_deck(db: Database, tenant_id: str, deck_id: str) -> DeckRecord:
    """Look at a deck.

    Raises:
        NotFoundError: no such deck of this tenant.
        GoneError: it was deleted or has expired.
    """
    with db.reading() as session:
        found = session.get(Deck, deck_id)
        return DeckRecord.of(_visible(found, tenant_id, deck_id, db.now(session)))


def get_scan(db: Database, tenant_id: str, deck_id: str) -> dict[str, Any]:
    """Return what the scan of a deck found. Raises NotFoundError, GoneError."""
    with db.reading() as session:
        found = session.get(Deck, deck_id)
        return _visible(found, tenant_id, deck_id, db.now(session)).scan


def list_decks(
    db: Database, tenant_id: str, *, after: str | None = None, limit: int = 50
) -> Page[DeckRecord]:
    """List a tenant's decks, newest first."""
    with db.reading() as session:
        query = select(Deck).where(
            Deck.tenant_id == tenant_id,
            Deck.deleted_at.is_(None),
            Deck.expires_at > db.now(session),
        )
        return page_of(session, query, Deck.id, after, limit, DeckRecord)


def delete_deck(db: Database, tenant_id: str, deck_id: str) -> None:
    """Make a deck unreachable and end its jobs; the sweeper deletes its objects, then its rows.

    Raises:
        NotFoundError: no such deck of this tenant.
        GoneError: it was deleted or has expired already.
    """
    with db.session() as session:
        now = db.now(session)
        mark_deleted(session, lock_deck(session, tenant_id, deck_id, now), now)


def mark_deleted(session: Session, deck: Deck, now: datetime) -> None:
    """End the open jobs of a locked deck and leave the rest to the sweeper."""
    deck.deleted_at = now
    open_jobs = select(Job.id).where(Job.deck_id == deck.id, Job.state.in_(OPEN_JOB_STATES))
    for job in lock_jobs(session, session.scalars(open_jobs)).values():
        cancel(session, job, now)


def lock_deck(session: Session, tenant_id: str, deck_id: str, now: datetime) -> Deck:
    """Keep a deck from being deleted until the transaction ends. Raises as `get_deck` does."""
    deck = session.get(Deck, deck_id, with_for_update={"key_share": True}, populate_existing=True)
    return _visible(deck, tenant_id, deck_id, now)


def _storable(name: str) -> str:
    """Cut a file's name to what both databases can hold, and to one line of text."""
    text = name.encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else " " for c in text).strip()[:MAX_NAME_LENGTH]


def _visible(deck: Deck | None, tenant_id: str, deck_id: str, now: datetime) -> Deck:
    if deck is None or deck.tenant_id != tenant_id:
        raise NotFoundError(f"No deck {deck_id}.")
    if deck.deleted_at is not None or deck.expires_at <= now:
        raise GoneError(f"Deck {deck_id} was deleted or has expired.")
    return deck
