"""Queues from which nobody takes anything until they are resumed; what is in work goes on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crispdeck.queue.names import QueueName
from crispdeck.records.database import Database
from crispdeck.records.rows import FromRow
from crispdeck.records.tables import QueuePause


@dataclass(frozen=True, kw_only=True)
class PauseRecord(FromRow):
    """Who paused a queue, and since when it stands."""

    queue: QueueName
    since: datetime
    actor: str


def pause_queue(db: Database, queue: QueueName, *, actor: str) -> None:
    """Let nobody take anything new from a queue. Again is no error."""
    with db.session() as session:
        if session.get(QueuePause, queue) is None:
            session.add(QueuePause(queue=queue, since=db.now(session), actor=actor))


def resume_queue(db: Database, queue: QueueName) -> None:
    """Let workers take again; the sweep announces what waits. Again is no error."""
    with db.session() as session:
        session.execute(delete(QueuePause).where(QueuePause.queue == queue))


def list_pauses(db: Database) -> dict[QueueName, PauseRecord]:
    """List the paused queues."""
    with db.reading() as session:
        return {row.queue: PauseRecord.of(row) for row in session.scalars(select(QueuePause))}


def is_paused(session: Session, queue: QueueName) -> bool:
    """Say in a claim's own transaction if its queue stands."""
    return session.get(QueuePause, queue) is not None
