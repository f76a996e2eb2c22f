"""Reading what happened to a job, from a cursor on; writing is `transitions`' part."""

from sqlalchemy import select

from crispdeck.records.database import Database
from crispdeck.records.tables import Event
from crispdeck.records.work.values import EventRecord


def events_after(
    db: Database, tenant_id: str, job_id: str, *, after: int = 0, limit: int = 200
) -> list[EventRecord]:
    """List the events behind the one numbered `after`, oldest first.

    Numbers rise within a job and have gaps. Events of one job become visible in the order of
    their numbers, so the last number seen is a safe place to go on from.
    """
    with db.reading() as session:
        query = (
            select(Event)
            .where(Event.tenant_id == tenant_id, Event.job_id == job_id, Event.seq > after)
            .order_by(Event.seq)
            .limit(limit)
        )
        return [EventRecord.of(row) for row in session.scalars(query)]
