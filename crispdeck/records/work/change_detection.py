"""What tells that something has changed, for many who wait, in a few queries that stay cheap."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from crispdeck.records.database import Database
from crispdeck.records.tables import Batch, Deck, Event, Job, Upload, WaitingDeck

AT_ONCE = 500
"""Ids in one query: SQLite's oldest builds take 999."""


def last_event(db: Database) -> int:
    """Return the number of the newest event; 0: there is none."""
    with db.reading() as session:
        return session.scalars(select(func.max(Event.seq))).one() or 0


def events_since(db: Database, seq: int, *, most: int) -> Sequence[tuple[int, str]]:
    """List numbers and jobs of the events behind one, oldest first.

    Events of different jobs may become visible in another order than that of their numbers:
    whoever must miss none asks again from a little before the last one seen.
    """
    with db.reading() as session:
        query = select(Event.seq, Event.job_id).where(Event.seq > seq)
        return [(row[0], row[1]) for row in session.execute(query.order_by(Event.seq).limit(most))]


def batch_marks(db: Database, batch_ids: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Return for each batch what differs whenever something in it does."""
    marks: dict[str, list[Any]] = {}
    with db.reading() as session:
        wanted = list(batch_ids)
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            for one in some:
                marks[one] = []
            for row in _rows(session, some):
                marks[row[0]].append(tuple(row[1:]))
    return {batch_id: tuple(found) for batch_id, found in marks.items()}


def _rows(session: Session, ids: Sequence[str]) -> Iterable[Any]:
    yield from session.execute(
        select(Batch.id, Batch.options, Batch.deleted_at).where(Batch.id.in_(ids))
    )
    yield from session.execute(
        select(
            Upload.batch_id,
            func.count(),
            func.max(Upload.touched_at),
            func.sum(Upload.offset_bytes),
        )
        .where(Upload.batch_id.in_(ids))
        .group_by(Upload.batch_id)
    )
    yield from session.execute(
        select(
            Deck.batch_id,
            func.count(Deck.id.distinct()),
            func.count(Deck.deleted_at),
            func.count(WaitingDeck.deck_id),
        )
        .outerjoin(WaitingDeck, WaitingDeck.deck_id == Deck.id)
        .where(Deck.batch_id.in_(ids))
        .group_by(Deck.batch_id)
    )
    yield from _digests(session, ids)
    # Whatever happens to a job is an event of it.
    newest = (
        select(func.max(Event.seq)).where(Event.job_id == Job.id).correlate(Job).scalar_subquery()
    )
    yield from session.execute(
        select(Deck.batch_id, func.max(newest), func.count())
        .join(Job, Job.deck_id == Deck.id)
        .where(Deck.batch_id.in_(ids))
        .group_by(Deck.batch_id)
    )


def _digests(session: Session, ids: Sequence[str]) -> Iterable[Any]:
    """Yield a digest for each batch of what may change without an event: scans, kept originals."""
    found: dict[str, Any] = defaultdict(hashlib.sha256)
    # As they are written in the row: that they differ is all that is asked.
    for query in (
        select(Deck.batch_id, Deck.id, cast(Deck.brief, Text))
        .where(Deck.batch_id.in_(ids), Deck.deleted_at.is_(None))
        .order_by(Deck.id),
        select(Deck.batch_id, Job.id, cast(Job.kept, Text))
        .join(Job, Job.deck_id == Deck.id)
        .where(Deck.batch_id.in_(ids), Deck.deleted_at.is_(None), Job.kept.is_not(None))
        .order_by(Job.id),
    ):
        for batch_id, row_id, written in session.execute(query):
            found[str(batch_id)].update(f"{row_id} {written}\n".encode())
    for batch_id, digest in found.items():
        yield batch_id, digest.digest()
