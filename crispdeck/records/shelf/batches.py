"""Batches: decks handed in together; what lies in them is `batch_contents`' part."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crispdeck.errors import GoneError, NotFoundError
from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.pagination import page_of
from crispdeck.records.rows import Page
from crispdeck.records.shelf.values import BatchRecord
from crispdeck.records.tables import Batch


def create_batch(
    db: Database, tenant_id: str, options: dict[str, Any], *, retention_days: float
) -> BatchRecord:
    """Make an empty batch whose decks will be worked on with these options."""
    with db.session() as session:
        now = db.now(session)
        batch = Batch(
            id=new_id(),
            tenant_id=tenant_id,
            options=options,
            created_at=now,
            expires_at=now + timedelta(days=retention_days),
        )
        session.add(batch)
        return BatchRecord.of(batch)


def get_batch(db: Database, tenant_id: str, batch_id: str) -> BatchRecord:
    """Look at a batch.

    Raises:
        NotFoundError: no such batch of this tenant.
        GoneError: it was deleted or has expired.
    """
    with db.reading() as session:
        now = db.now(session)
        return BatchRecord.of(visible(session.get(Batch, batch_id), tenant_id, batch_id, now))


def list_batches(
    db: Database, tenant_id: str, *, after: str | None = None, limit: int = 50
) -> Page[BatchRecord]:
    """List a tenant's batches, newest first."""
    with db.reading() as session:
        query = select(Batch).where(
            Batch.tenant_id == tenant_id,
            Batch.deleted_at.is_(None),
            Batch.expires_at > db.now(session),
        )
        return page_of(session, query, Batch.id, after, limit, BatchRecord)


def set_batch_options(
    db: Database, tenant_id: str, batch_id: str, options: dict[str, Any]
) -> BatchRecord:
    """Choose other options for the decks of a batch. Raises NotFoundError, GoneError."""
    with db.session() as session:
        batch = lock_batch(session, tenant_id, batch_id, db.now(session))
        batch.options = options
        return BatchRecord.of(batch)


def lock_batch(session: Session, tenant_id: str, batch_id: str, now: datetime) -> Batch:
    """Keep a batch from being deleted until the transaction ends. Raises as `get_batch` does."""
    batch = session.get(
        Batch, batch_id, with_for_update={"key_share": True}, populate_existing=True
    )
    return visible(batch, tenant_id, batch_id, now)


def visible(batch: Batch | None, tenant_id: str, batch_id: str, now: datetime) -> Batch:
    """Return the batch if its tenant may see it. Raises NotFoundError, GoneError."""
    if batch is None or batch.tenant_id != tenant_id:
        raise NotFoundError(f"There is no batch {batch_id}.")
    if batch.deleted_at is not None or batch.expires_at <= now:
        raise GoneError(f"Batch {batch_id} was deleted or has expired.")
    return batch
