"""What the processes of a worker that stops still hold, and giving all of it back at once."""

from typing import Any

from sqlalchemy import ColumnElement, delete, func, select

from crispdeck.queue.names import WakeUp
from crispdeck.records.database import Database
from crispdeck.records.states import OPEN_JOB_STATES, PictureState
from crispdeck.records.tables import Job, Picture, WorkerHeartbeat
from crispdeck.records.transitions import (
    lock_jobs,
    lock_pictures,
    picture_wakeup,
    requeue_job,
    requeue_picture,
)
from crispdeck.records.work.adding_up import add_up_jobs

CODE = "worker_stopped"


def count_held(db: Database, node: str) -> int:
    """Count the rows that the processes of a worker have claimed and not ended.

    Args:
        node: the name that they share.
    """
    with db.reading() as session:
        pictures = select(func.count()).select_from(Picture).where(*_pictures_of(node))
        jobs = select(func.count()).select_from(Job).where(*_jobs_of(node))
        return session.scalars(pictures).one() + session.scalars(jobs).one()


def give_back_all(db: Database, node: str) -> list[WakeUp]:
    """Let others do at once what the processes of a worker hold; the attempt is not counted.

    Whatever they still do is void from here on. They are signed off, too.

    Returns:
        A message for each row.
    """
    announced: list[WakeUp] = []
    with db.session() as session:
        now = db.now(session)
        held = session.scalars(select(Job.id).where(*_jobs_of(node))).all()
        for job in lock_jobs(session, held).values():
            if job.lease_until is None or not (job.worker or "").startswith(f"{node}:"):
                continue
            job.attempts -= 1
            announced += requeue_job(session, job, now, code=CODE, max_attempts=job.attempts + 1)
    with db.session() as session:
        now = db.now(session)
        pictures = lock_pictures(session, *_pictures_of(node))
        for picture in pictures:
            picture.attempts -= 1
            most = picture.attempts + 1
            requeue_picture(session, picture, now, code=CODE, max_attempts=most)
            announced.append(picture_wakeup(picture))
        session.execute(delete(WorkerHeartbeat).where(_is_of(WorkerHeartbeat.worker, node)))
    return announced + add_up_jobs(db, [picture.job_id for picture in pictures])


def _pictures_of(node: str) -> tuple[ColumnElement[bool], ...]:
    return Picture.state == PictureState.RUNNING, _is_of(Picture.worker, node)


def _jobs_of(node: str) -> tuple[ColumnElement[bool], ...]:
    return Job.state.in_(OPEN_JOB_STATES), Job.lease_until.is_not(None), _is_of(Job.worker, node)


def _is_of(column: Any, node: str) -> ColumnElement[bool]:
    """Say if the name of a process is one of this worker: the worker's, a colon and a number."""
    is_of: ColumnElement[bool] = column.startswith(f"{node}:", autoescape=True)
    return is_of
