"""Which workers live and what they do."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from crispdeck.records.database import Database
from crispdeck.records.tables import WorkerHeartbeat
from crispdeck.records.work.values import WorkerRecord

LONGEST_BEAT_S = 10.0
"""Time between two heartbeats under long leases; what the dashboard shows is never older."""


def beat_interval_s(lease_s: float) -> float:
    """Return the time between two heartbeats: a lease allows for two that are lost."""
    return min(lease_s / 3, LONGEST_BEAT_S)


def beat(db: Database, worker: str, *, queues: Sequence[str], doing: dict[str, Any]) -> None:
    """Note that a worker lives.

    Args:
        doing: what it is at, on which device, with which version: free JSON for people.
    """
    with db.session() as session:
        now = db.now(session)
        row = session.get(WorkerHeartbeat, worker)
        if row is None:
            row = WorkerHeartbeat(worker=worker, started_at=now)
            session.add(row)
        row.queues, row.doing, row.beat_at = list(queues), doing, now


def workers(db: Database, *, silent_s: float = 60.0) -> list[WorkerRecord]:
    """List the workers that gave a sign of life within the last `silent_s` seconds."""
    with db.reading() as session:
        since = db.now(session) - timedelta(seconds=silent_s)
        query = select(WorkerHeartbeat).where(WorkerHeartbeat.beat_at >= since)
        rows = session.scalars(query.order_by(WorkerHeartbeat.worker))
        return [WorkerRecord.of(row) for row in rows]


def forget_worker(db: Database, worker: str) -> None:
    """Note that a worker has ended as it should."""
    with db.session() as session:
        session.execute(delete(WorkerHeartbeat).where(WorkerHeartbeat.worker == worker))
