"""Uploaded decks: create, read, list, delete; the bytes lie in the object store."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crispdeck.deck.model import DeckScan
from crispdeck.deck.scan_json import scan_from_json
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import GoneError, InvalidRequestError, NotFoundError
from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.pagination import page_of
from crispdeck.records.people.tenants import check_space, lock_tenant
from crispdeck.records.rows import Page
from crispdeck.records.shelf.batches import lock_batch
from crispdeck.records.shelf.uploads import complete
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.states import OPEN_JOB_STATES
from crispdeck.records.tables import Deck, Job, WaitingDeck
from crispdeck.records.text import one_line
from crispdeck.records.transitions import cancel, lock_jobs

MAX_NAME_LENGTH = 300  # characters: width of the column `deck.name`


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
    brief: dict[str, Any] | None = None,
    batch_id: str | None = None,
    folder: str | None = None,
    upload_id: str | None = None,
    max_stored_bytes: int = 0,
) -> DeckRecord:
    """Record a deck whose bytes lie in the store already.

    Args:
        deck_id: the id that `object_key` was made with; a new one if left out.
        brief: what lists show of the scan.
        folder: where the deck lay among those it was handed in with.
        upload_id: the upload that becomes this deck; its space was counted when it began.
        max_stored_bytes: what the tenant may keep, this deck included (0: no limit).

    Raises:
        LimitReachedError: the tenant would keep more than that.
        NotFoundError, GoneError: no such batch or upload of this tenant.
        ConflictError: the upload has ended, perhaps as another deck.
    """
    with db.session() as session:
        now = db.now(session)
        lock_tenant(session, tenant_id)
        deck_id = deck_id or new_id()
        if batch_id is not None:
            batch = lock_batch(session, tenant_id, batch_id, now)
            batch.expires_at = max(batch.expires_at, now + timedelta(days=retention_days))
        if upload_id is None:
            check_space(session, tenant_id, size_bytes, max_stored_bytes)
        else:
            complete(session, tenant_id, upload_id, deck_id)
        deck = Deck(
            id=deck_id,
            tenant_id=tenant_id,
            name=one_line(name, MAX_NAME_LENGTH),
            size_bytes=size_bytes,
            sha256=sha256,
            object_key=object_key,
            scan=scan_json,
            brief=brief,
            batch_id=batch_id,
            folder=folder,
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


def kept_scan(db: Database, tenant_id: str, deck_id: str, options: ScanOptions) -> DeckScan | None:
    """Return the kept scan of a deck if it was made with these options, else None.

    One and the same deck gives the same scan, so nobody need make it twice. A scan kept by an
    older version of the program counts for nothing.

    Raises:
        NotFoundError: no such deck of this tenant.
        GoneError: it was deleted or has expired.
    """
    try:
        found = scan_from_json(get_scan(db, tenant_id, deck_id))
    except InvalidRequestError:
        return None
    return found if found.options == options else None


def keep_scan(
    db: Database, tenant_id: str, deck_id: str, scan_json: dict[str, Any], brief: dict[str, Any]
) -> DeckRecord:
    """Put another scan of the same deck in the place of the last one.

    Raises:
        NotFoundError: no such deck of this tenant.
        GoneError: it was deleted or has expired.
    """
    with db.session() as session:
        deck = lock_deck(session, tenant_id, deck_id, db.now(session))
        deck.scan, deck.brief = scan_json, brief
        return DeckRecord.of(deck)


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
    session.execute(delete(WaitingDeck).where(WaitingDeck.deck_id == deck.id))
    open_jobs = select(Job.id).where(Job.deck_id == deck.id, Job.state.in_(OPEN_JOB_STATES))
    for job in lock_jobs(session, session.scalars(open_jobs)).values():
        cancel(session, job, now)


def lock_deck(session: Session, tenant_id: str, deck_id: str, now: datetime) -> Deck:
    """Keep a deck from being deleted until the transaction ends. Raises as `get_deck` does."""
    deck = session.get(Deck, deck_id, with_for_update={"key_share": True}, populate_existing=True)
    return _visible(deck, tenant_id, deck_id, now)


def _visible(deck: Deck | None, tenant_id: str, deck_id: str, now: datetime) -> Deck:
    if deck is None or deck.tenant_id != tenant_id:
        raise NotFoundError(f"There is no deck {deck_id}.")
    if deck.deleted_at is not None or deck.expires_at <= now:
        raise GoneError(f"Deck {deck_id} was deleted or has expired.")
    return deck
