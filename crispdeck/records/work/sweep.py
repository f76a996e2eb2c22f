"""What every few seconds makes up for lost workers and lost messages; it deletes nothing."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from crispdeck.errors import RecordsError
from crispdeck.queue.names import PICTURE_QUEUES, QueueName, WakeUp
from crispdeck.records.database import Database
from crispdeck.records.ledger import recount_shares
from crispdeck.records.states import OPEN_JOB_STATES, WORKER_LOST, PictureState, Stage
from crispdeck.records.tables import Job, Leased, Picture
from crispdeck.records.transitions import (
    job_wakeups,
    lock_job,
    lock_pictures,
    picture_wakeup,
    requeue_job,
    requeue_picture,
)
from crispdeck.records.work.adding_up import add_up_jobs, jobs_behind

logger = logging.getLogger(__name__)

ANNOUNCED_AT_ONCE = 500
"""Messages for one queue that one sweep asks for at most; the next sweep asks for more."""

CLOCK_SLACK = timedelta(seconds=5)
"""A lease may begin so much later than now without anybody's clock having been set back: between
two machines of a database that changes over, clocks differ by less."""

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
    wakeups: list[WakeUp] = []
    for job_id in _with_expired_leases(db):
        try:
            wakeups += _take_back(db, job_id, max_attempts)
        except RecordsError:
            raise
        except Exception:
            # One row that makes no sense must not keep the sweep from all others.
            logger.exception("what job %s lost could not be taken back", job_id)
    wakeups += add_up_jobs(db, jobs_behind(db))
    with db.session() as session:
        now = db.now(session)
        is_stale = timedelta(seconds=stale_queued_s)
        for queue in PICTURE_QUEUES:
            wakeups += _announce_pictures(session, queue, is_stale, depths, now)
        wakeups += _announce_jobs(session, is_stale, depths, now)
    with db.session() as session:
        if wrong := recount_shares(session):
            logger.warning("the shares of %s tenants were summed anew", wrong)
    return wakeups


def _with_expired_leases(db: Database) -> list[str]:
    with db.reading() as session:
        now = db.now(session)
        pictures = select(Picture.job_id).where(
            Picture.state == PictureState.RUNNING, _is_over(Picture, now)
        )
        jobs = select(Job.id).where(Job.state.in_(OPEN_JOB_STATES), _is_over(Job, now))
        return sorted(session.scalars(pictures.union(jobs)))


def _is_over(table: type[Leased], now: datetime) -> ColumnElement[bool]:
    """Name the leases that ran out, and those that begin in the future: a clock was set back.

    With the clock back by an hour, a dead worker's row would otherwise be held for that hour.
    """
    return or_(table.lease_until < now, table.leased_at > now + CLOCK_SLACK)


def _take_back(db: Database, job_id: str, max_attempts: int) -> list[WakeUp]:
    wakeups = []
    with db.session() as session:
        job = lock_job(session, job_id)
        now = db.now(session)
        if job is not None and job.lease_until is not None and job.state in OPEN_JOB_STATES:
            if _begins_anew(job, now):
                pass
            elif job.lease_until < now:
                wakeups += requeue_job(
                    session, job, now, code=WORKER_LOST, max_attempts=max_attempts
                )
    with db.session() as session:
        now = db.now(session)
        running = (Picture.job_id == job_id, Picture.state == PictureState.RUNNING)
        for picture in lock_pictures(session, *running, _is_over(Picture, now)):
            if _begins_anew(picture, now):
                continue
            requeue_picture(session, picture, now, code=WORKER_LOST, max_attempts=max_attempts)
            if picture.state is PictureState.QUEUED:
                wakeups.append(picture_wakeup(picture))
    return wakeups + add_up_jobs(db, [job_id])


def _begins_anew(row: Leased, now: datetime) -> bool:
    """Let a lease from the future begin now, with its length: who lives renews it meanwhile."""
    if row.leased_at is None or row.lease_until is None or row.leased_at <= now + CLOCK_SLACK:
        return False
    row.leased_at, row.lease_until = now, now + (row.lease_until - row.leased_at)
    return True


def _announce_pictures(
    session: Session,
    queue: QueueName,
    is_stale: timedelta,
    depths: Mapping[QueueName, int] | None,
    now: datetime,
) -> list[WakeUp]:
    waiting = (Picture.state == PictureState.QUEUED, Picture.queue == queue)
    total = session.scalars(select(func.count()).select_from(Picture).where(*waiting)).one()
    # Locked rows are passed over: somebody is at them, and this transaction must not wait.
    query = (
        select(Picture)
        .where(*waiting, _needs_message(Picture, is_stale, now))
        .order_by(Picture.id)
        .limit(_missing(total, queue, depths))
        .with_for_update(key_share=True, skip_locked=True)
    )
    pictures = session.scalars(query).all()
    for picture in pictures:
        picture.announced_at = now
    return [picture_wakeup(picture) for picture in pictures]


def _announce_jobs(
    session: Session, is_stale: timedelta, depths: Mapping[QueueName, int] | None, now: datetime
) -> list[WakeUp]:
    total = session.scalars(select(func.count()).select_from(Job).where(*WAITS_FOR_ITS_STAGE)).one()
    query = (
        select(Job)
        .where(*WAITS_FOR_ITS_STAGE, _needs_message(Job, is_stale, now))
        .order_by(Job.id)
        .limit(_missing(total, QueueName.CPU, depths))
        .with_for_update(key_share=True, skip_locked=True)
    )
    jobs = session.scalars(query).all()
    for job in jobs:
        job.announced_at = now
    return [wakeup for job in jobs for wakeup in job_wakeups(job)]


def _needs_message(table: type[Leased], is_stale: timedelta, now: datetime) -> ColumnElement[bool]:
    """Name what was announced long ago, or in the future by a clock that was set back."""
    announced = or_(table.announced_at < now - is_stale, table.announced_at > now + CLOCK_SLACK)
    return and_(announced, or_(table.not_before.is_(None), table.not_before <= now))


def _missing(waiting: int, queue: QueueName, depths: Mapping[QueueName, int] | None) -> int:
    messages = 0 if depths is None else depths.get(queue, 0)
    return min(ANNOUNCED_AT_ONCE, max(0, waiting - messages))
