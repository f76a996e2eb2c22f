"""All that lies in a batch at one moment, and deleting it; knows nothing of one deck."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crispdeck.records.database import Database
from crispdeck.records.shelf.batches import lock_batch, visible
from crispdeck.records.shelf.decks import mark_deleted
from crispdeck.records.shelf.values import BatchRecord, DeckRecord, UploadRecord
from crispdeck.records.states import UploadState
from crispdeck.records.tables import Batch, Deck, Job, Upload, WaitingDeck
from crispdeck.records.work.values import JobRecord

SHOWN_UPLOADS = (UploadState.RECEIVING, UploadState.REFUSED)


@dataclass(frozen=True, kw_only=True)
class BatchContents:
    """A batch with its decks, their latest jobs, and what is on its way or was refused."""

    batch: BatchRecord
    decks: tuple[DeckRecord, ...]
    """By folder and name."""
    jobs: dict[str, JobRecord]
    """The latest job of each deck that has one, by the deck's id."""
    uploads: tuple[UploadRecord, ...]
    waiting: frozenset[str]
    """Ids of decks that are begun as soon as a job is free."""


def read_contents(db: Database, tenant_id: str, batch_id: str) -> BatchContents:
    """Look at all of a batch in one transaction. Raises NotFoundError, GoneError."""
    with db.reading() as session:
        now = db.now(session)
        batch = visible(session.get(Batch, batch_id), tenant_id, batch_id, now)
        decks = session.scalars(
            select(Deck)
            .where(Deck.batch_id == batch.id, Deck.deleted_at.is_(None), Deck.expires_at > now)
            .order_by(Deck.folder, Deck.name, Deck.id)
        )
        uploads = session.scalars(
            select(Upload)
            .where(Upload.batch_id == batch.id, Upload.state.in_(SHOWN_UPLOADS))
            .order_by(Upload.folder, Upload.name, Upload.id)
        )
        return BatchContents(
            batch=BatchRecord.of(batch),
            decks=tuple(DeckRecord.of(deck) for deck in decks),
            jobs=_latest_jobs(session, batch.id),
            uploads=tuple(UploadRecord.of(upload) for upload in uploads),
            waiting=frozenset(
                session.scalars(
                    select(WaitingDeck.deck_id)
                    .join(Deck, Deck.id == WaitingDeck.deck_id)
                    .where(Deck.batch_id == batch.id)
                )
            ),
        )


def delete_batch(db: Database, tenant_id: str, batch_id: str) -> None:
    """Make a batch and its decks unreachable and end their jobs; the sweeper does the rest.

    Raises:
        NotFoundError: no such batch of this tenant.
        GoneError: it was deleted or has expired already.
    """
    with db.session() as session:
        now = db.now(session)
        batch = lock_batch(session, tenant_id, batch_id, now)
        batch.deleted_at = now
        for upload in session.scalars(
            select(Upload)
            .where(Upload.batch_id == batch.id, Upload.state.in_(SHOWN_UPLOADS))
            .order_by(Upload.id)
            .with_for_update()
        ):
            upload.state, upload.touched_at = UploadState.CANCELLED, now
        for deck in session.scalars(
            select(Deck)
            .where(Deck.batch_id == batch.id, Deck.deleted_at.is_(None))
            .order_by(Deck.id)
            .with_for_update(key_share=True)
        ):
            mark_deleted(session, deck, now)


def _latest_jobs(session: Session, batch_id: str) -> dict[str, JobRecord]:
    latest = (
        select(func.max(Job.id))
        .join(Deck, Deck.id == Job.deck_id)
        .where(Deck.batch_id == batch_id)
        .group_by(Job.deck_id)
    )
    found = session.scalars(select(Job).where(Job.id.in_(latest)))
    return {job.deck_id or "": JobRecord.of(job) for job in found}
