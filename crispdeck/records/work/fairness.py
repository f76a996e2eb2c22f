"""Whose turn it is among the pictures that wait; nothing is claimed here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crispdeck.queue.names import QueueName
from crispdeck.records.states import PictureState
from crispdeck.records.tables import Picture

BULK_TURN_S = 60.0
"""However many people wait in front of a screen, bulk work gets a turn as often as this."""


@dataclass(frozen=True)
class Waiting:
    """A picture that was queued a moment ago."""

    id: str
    job_id: str
    queue: QueueName


def next_picture(
    session: Session, named_id: str, queues: Collection[QueueName], now: datetime
) -> Waiting | None:
    """Find the most urgent picture.

    1. The oldest in bulk, when that has waited a turn and nothing in bulk was begun meanwhile.
    2. The named one, if it is interactive: somebody waits for exactly this.
    3. The oldest interactive one. 4. The oldest in bulk: first come, first served.
    """
    bulk = _oldest(session, QueueName.BULK) if QueueName.BULK in queues else None
    if bulk is not None and _is_due(session, bulk, now):
        return bulk
    if QueueName.INTERACTIVE in queues:
        named = _named(session, named_id)
        if named is not None and named.queue is QueueName.INTERACTIVE:
            return named
        return _oldest(session, QueueName.INTERACTIVE) or bulk
    return bulk


def _oldest(session: Session, queue: QueueName) -> Waiting | None:
    query = (
        select(Picture.id, Picture.job_id, Picture.queue)
        .where(Picture.state == PictureState.QUEUED, Picture.queue == queue)
        .order_by(Picture.id)
        .limit(1)
    )
    found = session.execute(query).first()
    return Waiting(*found) if found else None


def _named(session: Session, picture_id: str) -> Waiting | None:
    query = select(Picture.id, Picture.job_id, Picture.queue).where(
        Picture.id == picture_id, Picture.state == PictureState.QUEUED
    )
    found = session.execute(query).first()
    return Waiting(*found) if found else None


def _is_due(session: Session, oldest: Waiting, now: datetime) -> bool:
    turn_begin = now - timedelta(seconds=BULK_TURN_S)
    waits_since = session.scalars(select(Picture.created_at).where(Picture.id == oldest.id)).one()
    if waits_since > turn_begin:
        return False
    begun = select(Picture.id).where(
        Picture.queue == QueueName.BULK, Picture.started_at > turn_begin
    )
    return session.scalars(begun.limit(1)).first() is None
