"""Adds up the changes of pictures, job by job, and lets a job go on after its last picture.

On PostgreSQL many workers end pictures of one job at once. One of them holds the job's baton (an
advisory lock) and adds up for all; the others need not wait, for whoever held the baton looks
once more after it has committed, and by then sees what they had committed before they asked.
"""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crispdeck.queue.names import WakeUp
from crispdeck.records.database import Database
from crispdeck.records.ledger import add_up, recount
from crispdeck.records.tables import PictureChange
from crispdeck.records.transitions import lock_job, settle
from crispdeck.records.work.statements import ADD_UP, BATON, BEHIND


def add_up_jobs(db: Database, job_ids: Iterable[str]) -> list[WakeUp]:
    """Bring counts and events of these jobs up to their pictures; the messages for what is next.

    Changes of a job that somebody else is adding up are left to them.
    """
    left = sorted(set(job_ids))
    if db.dialect == "postgresql":
        return _add_up_at_once(db, left)
    wakeups: list[WakeUp] = []
    for job_id in left:
        wakeups += _add_up_alone(db, job_id)
    return wakeups


def _add_up_at_once(db: Database, left: list[str]) -> list[WakeUp]:
    wakeups: list[WakeUp] = []
    while left:
        try:
            rows = db.at_once(ADD_UP, {"ids": left})
        except IntegrityError:
            # A count would be negative. In the way of one job alone the others are added up.
            for job_id in left:
                wakeups += _add_up_alone(db, job_id)
            return wakeups
        for row in rows:
            # Somebody has the job's lock: wait for it, holding nothing else.
            if row["ended"] or not row["added"]:
                wakeups += _add_up_alone(db, row["id"])
        left = [row["job_id"] for row in db.at_once(BEHIND, {"ids": [r["id"] for r in rows]})]
    return wakeups


def _add_up_alone(db: Database, job_id: str) -> list[WakeUp]:
    """Add up under the job's lock, and let the job go on if its last picture has ended."""
    with db.session() as session:
        if not _has_baton(db, session, job_id):
            return []
        job = lock_job(session, job_id)
        if job is None:
            gone = delete(PictureChange).where(PictureChange.job_id == job_id)
            session.execute(gone.execution_options(synchronize_session=False))
            return []
        add_up(session, [job])
        return settle(session, job, db.now(session))


def _has_baton(db: Database, session: Session, job_id: str) -> bool:
    """Take the job's baton until the transaction ends; False: somebody else has it."""
    return db.dialect == "sqlite" or session.scalars(BATON, {"id": job_id}).one()


def jobs_behind(db: Database, limit: int = 1000) -> list[str]:
    """List jobs with changes that nobody added up: whoever was to do it was killed."""
    with db.reading() as session:
        query = select(PictureChange.job_id).distinct().order_by(PictureChange.job_id)
        return list(session.scalars(query.limit(limit)))


def recount_job(db: Database, job_id: str) -> bool:
    """Count a job's pictures anew from their rows; True if its counts were wrong."""
    with db.session() as session:
        job = lock_job(session, job_id)
        if job is None:
            return False
        add_up(session, [job])
        return recount(session, job)
