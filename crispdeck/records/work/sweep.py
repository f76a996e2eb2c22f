"""What every few seconds makes up for lost workers and lost messages; it deletes nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crispdeck.queue.names import QueueName, WakeUp
from crispdeck.records.database import Database
from crispdeck.records.states import OPEN_JOB_STATES, WORKER_LOST, PictureState, Stage
from crispdeck.records.tables import Job, Picture
from crispdeck.records.transitions import (
    job_wakeups,
    lock_job,
    picture_wakeup,
    requeue_job,
    requeue_picture,
    settle,
)

ANNOUNCED_AT_ONCE = 500
"""Messages for one queue that one sweep asks for at most; the next sweep asks for more."""

WAITS_FOR_ITS_STAGE = (
    Job.state.in_(OPEN_JOB_STATES),
    Job.stage != Stage.UPSCALE,
    Job.lease_until.is_(None),
)


def sweep(
    db: Database,
    *,
    stale_queued_s: float,
    max_attempts: int,
    depths: Mapping[QueueName, int] | None = None,
) -> list[WakeUp]:
    """Take rows back from silent workers and announce rows that nobody took; safe to run twice.

    Args:
        stale_queued_s: a row that was announced and waits for so long may have lost its message.
        max_attempts: the attempt whose loss makes a row fail with `worker_lost`.
        depths: messages that wait in each queue, if the broker tells. As many rows need no new
            message, so that a long backlog does not pile up copies.
    """
    with db.reading() as session:
        now = db.now(session)
        silent = _jobs_with_expired_leases(session, now)
    wakeups: list[WakeUp] = []
    for job_id in silent:
        with db.session() as session:
            job = lock_job(session, job_id)
            if job is not None:
                wakeups += _take_back(session, job, db.now(session), max_attempts)
    with db.session() as session:
        stale = db.now(session) - timedelta(seconds=stale_queued_s)
        for queue in (QueueName.INTERACTIVE, QueueName.BULK):
            wakeups += _announce_pictures(session, queue, stale, depths, db.now(session))
        wakeups += _announce_jobs(session, stale, depths, db.now(session))
    return wakeups


def _jobs_with_expired_leases(session: Session, now: datetime) -> list[str]:
    pictures = select(Picture.job_id).where(
        Picture.state == PictureState.RUNNING, Picture.lease_until < now
    )
    jobs = select(Job.id).where(Job.state.in_(OPEN_JOB_STATES), Job.lease_until < now)
    return sorted(session.scalars(pictures.union(jobs)))


def _take_back(session: Session, job: Job, now: datetime, max_attempts: int) -> list[WakeUp]:
    if job.lease_until is not None and job.lease_until < now:
        return requeue_job(session, job, now, code=WORKER_LOST, max_attempts=max_attempts)
    wakeups = []
    lost = select(Picture).where(
        Picture.job_id == job.id,
        Picture.state == PictureState.RUNNING,
        Picture.lease_until < now,
    )
    for picture in session.scalars(lost.execution_options(populate_existing=True)).all():
        requeue_picture(session, job, picture, now, code=WORKER_LOST, max_attempts=max_attempts)
        if picture.state is PictureState.QUEUED:
            wakeups.append(picture_wakeup(picture))
    return wakeups + settle(session, job, now)


def _announce_pictures(
    session: Session,
    queue: QueueName,
    stale: datetime,
    depths: Mapping[QueueName, int] | None,
    now: datetime,
) -> list[WakeUp]:
    waiting = (Picture.state == PictureState.QUEUED, Picture.queue == queue)
    total = session.scalars(select(func.count()).select_from(Picture).where(*waiting)).one()
    # Locked rows are passed over: somebody is at them, and this transaction must not wait.
    query = (
        select(Picture)
        .where(*waiting, Picture.announced_at < stale)
        .order_by(Picture.id)
        .limit(_missing(total, queue, depths))
        .with_for_update(key_share=True, skip_locked=True)
    )
    pictures = session.scalars(query).all()
    for picture in pictures:
        picture.announced_at = now
    return [picture_wakeup(picture) for picture in pictures]


def _announce_jobs(
    session: Session, stale: datetime, depths: Mapping[QueueName, int] | None, now: datetime
) -> list[WakeUp]:
    total = session.scalars(select(func.count()).select_from(Job).where(*WAITS_FOR_ITS_STAGE)).one()
    query = (
        select(Job)
        .where(*WAITS_FOR_ITS_STAGE, Job.announced_at < stale)
        .order_by(Job.id)
        .limit(_missing(total, QueueName.CPU, depths))
        .with_for_update(key_share=True, skip_locked=True)
    )
    jobs = session.scalars(query).all()
    for job in jobs:
        job.announced_at = now
    return [wakeup for job in jobs for wakeup in job_wakeups(job)]


def _missing(waiting: int, queue: QueueName, depths: Mapping[QueueName, int] | None) -> int:
    messages = 0 if depths is None else depths.get(queue, 0)
    return min(ANNOUNCED_AT_ONCE, max(0, waiting - messages))
