"""Adds up the changes of pictures, job by job, and lets a job go on after its last picture.

On PostgreSQL many workers end pictures of one job at once. One of them holds the job's baton (an
advisory lock) and adds up for all; the others need not wait, for whoever held the baton looks
once more after it has committed, and by then sees what they had committed before they asked.
"""

import logging
from collections.abc import Iterable, Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from crispdeck.queue.names import WakeUp
from crispdeck.records.database import Database
from crispdeck.records.ledger import add_up, recount
from crispdeck.records.tables import Job, PictureChange
from crispdeck.records.transitions import lock_job, settle

logger = logging.getLogger(__name__)


def add_up_jobs(db: Database, job_ids: Iterable[str]) -> list[WakeUp]:
    """Bring counts and events of these jobs up to their pictures; the messages for what is next.

    Changes of a job that somebody else is adding up are left to them.
    """
    wakeups: list[WakeUp] = []
    left = sorted(set(job_ids))
    while left:
        with db.session() as session:
            left = _batons(db, session, left)
            jobs = _locked(session, left)
            add_up(session, jobs)
            now = db.now(session)
            for job in jobs:
                wakeups += settle(session, job, now)
    return wakeups


def jobs_behind(db: Database, limit: int = 1000) -> list[str]:
    """List jobs with changes that nobody added up: whoever was to do it was killed."""
    with db.reading() as session:
        query = select(PictureChange.job_id).distinct().order_by(PictureChange.job_id)
        return list(session.scalars(query.limit(limit)))


def count_anew(db: Database, job_id: str) -> bool:
    """Count a job's pictures anew from their rows; True if its counts were wrong."""
    with db.session() as session:
        job = lock_job(session, job_id)
        if job is None:
            return False
        add_up(session, [job])
        return recount(session, job)


_BATONS = text(
    """
    WITH behind AS MATERIALIZED (
        SELECT id FROM unnest(CAST(:ids AS text[])) AS asked (id)
        WHERE EXISTS (SELECT 1 FROM picture_change c WHERE c.job_id = asked.id)
    )
    SELECT id FROM behind WHERE pg_try_advisory_xact_lock(hashtextextended(id, 0)) ORDER BY id
    """
)


def _batons(db: Database, session: Session, job_ids: Sequence[str]) -> list[str]:
    """Take the batons of those jobs that are behind, until the transaction ends."""
    if db.dialect == "postgresql":
        return list(session.scalars(_BATONS, {"ids": list(job_ids)}))
    query = select(PictureChange.job_id).distinct().where(PictureChange.job_id.in_(job_ids))
    return sorted(session.scalars(query))


def _locked(session: Session, job_ids: Sequence[str]) -> list[Job]:
    """Lock what nobody else has locked; or else the first, while no other lock is held."""
    if not job_ids:
        return []
    query = select(Job).where(Job.id.in_(job_ids)).order_by(Job.id)
    free = query.with_for_update(key_share=True, skip_locked=True)
    found = list(session.scalars(free.execution_options(populate_existing=True)))
    if found:
        return found
    first = lock_job(session, job_ids[0])
    if first is not None:
        return [first]
    _forget_orphans(session, job_ids[0])
    return []


def _forget_orphans(session: Session, job_id: str) -> None:
    """Drop the changes of a job that was deleted."""
    session.query(PictureChange).where(PictureChange.job_id == job_id).delete(
        synchronize_session=False
    )
