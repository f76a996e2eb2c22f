"""Every change of a job's or a picture's state, for callers that hold the row's lock.

A job changes only under its lock. A picture may change without it: the change is then added up by
whoever holds that lock next (`crispdeck.records.ledger`).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from crispdeck.queue.names import QueueName, TaskName, WakeUp
from crispdeck.records.ledger import add_new, add_up, note_change, note_event
from crispdeck.records.outages import Outage
from crispdeck.records.outbox import note_job_end
from crispdeck.records.states import (
    FINAL_JOB_STATES,
    OPEN_JOB_STATES,
    OPEN_PICTURE_STATES,
    EventKind,
    JobKind,
    JobState,
    PictureState,
    Stage,
)
from crispdeck.records.tables import Job, Leased, Picture

STAGE_TASK = {Stage.PREPARE: TaskName.PREPARE, Stage.ASSEMBLE: TaskName.ASSEMBLE}
"""What has to be done by a worker that claims the job itself."""


def lock_job(session: Session, job_id: str) -> Job | None:
    """Wait for the job's row and keep everybody else from changing what is under it."""
    # FOR NO KEY UPDATE: rows that refer to the job (pictures, events) may be inserted meanwhile.
    return session.get(Job, job_id, with_for_update={"key_share": True}, populate_existing=True)


def lock_jobs(session: Session, job_ids: Iterable[str]) -> dict[str, Job]:
    """Lock several jobs, in the order of their ids so that no two callers block each other."""
    query = (
        select(Job)
        .where(Job.id.in_(set(job_ids)))
        .order_by(Job.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {job.id: job for job in session.scalars(query)}


def lock_pictures(session: Session, *which: ColumnElement[bool]) -> list[Picture]:
    """Lock the pictures that these conditions name, as they are once all others are done."""
    query = select(Picture).where(*which).order_by(Picture.id).with_for_update(key_share=True)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def take(row: Leased, worker: str, now: datetime, lease_s: float) -> None:
    """Give a row to a worker; whatever an earlier owner still does is void from here on."""
    row.worker = worker
    row.leased_at, row.lease_until = now, lease_end(now, lease_s)
    # Counted when it begins: a worker that is killed by a picture cannot count afterwards.
    row.attempts += 1
    # The fence: an end that carries an older token is refused (`owns`).
    row.token += 1


def release_lease(row: Leased) -> None:
    """End a lease; the attempts stay counted."""
    row.worker = None
    row.leased_at = row.lease_until = None


def move_picture(
    session: Session,
    picture: Picture,
    state: PictureState,
    now: datetime,
    *,
    code: str | None = None,
    detail: str | None = None,
    why: str | None = None,
) -> None:
    """Bring a locked picture into another state; `why` goes into the event alone."""
    was, picture.state = picture.state, state
    picture.code, picture.detail = code, detail
    if state is not PictureState.RUNNING:
        release_lease(picture)
    picture.finished_at = None if state in OPEN_PICTURE_STATES else now
    data: dict[str, Any] = {"parts": picture.parts, "code": code or why}
    if state is PictureState.RUNNING:
        data["worker"] = picture.worker
    note_change(session, picture, was, state, now, data)


def add_picture(session: Session, job: Job, picture: Picture) -> None:
    """Put a new picture under its locked job."""
    session.add(picture)
    add_new(session, job, picture.state)


def start_job(session: Session, job: Job, now: datetime) -> None:
    """Note that somebody works on the job, if nobody did so far."""
    if job.state is JobState.QUEUED:
        job.state = JobState.RUNNING
        job.started_at = job.started_at or now
        note_event(session, job, EventKind.JOB_RUNNING, now, worker=job.worker)


def enter_stage(
    session: Session, job: Job, stage: Stage, now: datetime, *, took: timedelta | None = None
) -> list[WakeUp]:
    """Let the next stage begin; the message for it, if the stage is a job's own.

    Args:
        took: how long a worker was at the stage before; None where that was no job's own.
    """
    by = _release_leases(job, took)
    job.stage = stage
    # Each stage has attempts of its own: unpacking a deck says nothing about putting it together.
    job.attempts = 0
    job.announced_at = job.queued_at = now
    job.not_before = job.outage_since = None
    note_event(session, job, EventKind.JOB_STAGE, now, **by)
    return job_wakeups(job)


def end_job(
    session: Session,
    job: Job,
    state: JobState,
    now: datetime,
    *,
    code: str | None = None,
    detail: str | None = None,
    took: timedelta | None = None,
) -> None:
    """Bring a job to its end; `took` as in `enter_stage`."""
    by = _release_leases(job, took)
    job.state = state
    job.finished_at = now
    job.code, job.detail = code, detail
    # Who cancels is not the worker that happened to be at it.
    by = {} if state is JobState.CANCELLED else by
    note_event(session, job, EventKind(f"job.{state.value}"), now, **by)
    note_job_end(session, job, now)


def settle(session: Session, job: Job, now: datetime) -> list[WakeUp]:
    """Go on with an open job if its last picture has ended."""
    if job.state not in OPEN_JOB_STATES or job.stage is not Stage.UPSCALE:
        return []
    if job.pictures_queued or job.pictures_running:
        return []
    if job.kind is JobKind.DECK:
        return enter_stage(session, job, Stage.ASSEMBLE, now)
    # A job of a single picture ends as its picture did, with the same code and sentence.
    picture = session.scalars(
        select(Picture).where(Picture.job_id == job.id).execution_options(populate_existing=True)
    ).one()
    failed = picture.state is PictureState.FAILED
    state = JobState.FAILED if failed else JobState.DONE
    end_job(session, job, state, now, code=picture.code, detail=picture.detail)
    return []


def cancel(session: Session, job: Job, now: datetime) -> None:
    """End an open job and its open pictures; their workers find their claims void."""
    if job.state in FINAL_JOB_STATES:
        return
    is_open = Picture.state.in_(OPEN_PICTURE_STATES)
    # Job before pictures, pictures by id: everybody who needs several locks takes them so.
    for picture in lock_pictures(session, Picture.job_id == job.id, is_open):
        move_picture(session, picture, PictureState.CANCELLED, now)
    # What workers have ended a moment ago counts as done, and not as cancelled.
    add_up(session, [job])
    end_job(session, job, JobState.CANCELLED, now)


def requeue_picture(
    session: Session, picture: Picture, now: datetime, *, code: str, max_attempts: int
) -> None:
    """Let another worker try, or fail the picture when it was tried often enough."""
    if picture.attempts < max_attempts:
        picture.announced_at = now
        move_picture(session, picture, PictureState.QUEUED, now, why=code)
        return
    detail = f"Given up after {picture.attempts} attempts that brought no result."
    move_picture(session, picture, PictureState.FAILED, now, code=code, detail=detail)


def put_off_picture(
    session: Session, picture: Picture, now: datetime, *, code: str, outage: Outage
) -> None:
    """Let it be tried again once what it needs may be back; an end in an outage is no attempt."""
    # An outage is nobody's fault: a day without storage must not use up a picture's attempts.
    picture.attempts -= 1
    since = picture.outage_since or now
    if now - since >= outage.longest:
        detail = f"It has not answered since {since:%Y-%m-%d %H:%M} UTC."
        move_picture(session, picture, PictureState.FAILED, now, code=code, detail=detail)
        return
    picture.outage_since, picture.not_before = since, now + outage.pause(now - since)
    picture.announced_at = now
    move_picture(session, picture, PictureState.QUEUED, now, why=code)


def put_off_job(session: Session, job: Job, now: datetime, *, code: str, outage: Outage) -> None:
    """Do the same with the stage of a job."""
    job.attempts -= 1
    since = job.outage_since or now
    if now - since >= outage.longest:
        detail = f"It has not answered since {since:%Y-%m-%d %H:%M} UTC."
        end_job(session, job, JobState.FAILED, now, code=code, detail=detail)
        return
    by = _release_leases(job)
    job.outage_since, job.not_before = since, now + outage.pause(now - since)
    job.announced_at = now
    note_event(session, job, EventKind.JOB_REQUEUED, now, code=code, **by)


def requeue_job(
    session: Session, job: Job, now: datetime, *, code: str, max_attempts: int
) -> list[WakeUp]:
    """Let another worker try the job's stage, or fail the job."""
    if job.attempts >= max_attempts:
        detail = f"Given up after {job.attempts} attempts at the stage {job.stage.value}."
        end_job(session, job, JobState.FAILED, now, code=code, detail=detail)
        return []
    by = _release_leases(job)
    job.announced_at = now
    note_event(session, job, EventKind.JOB_REQUEUED, now, **by)
    return job_wakeups(job)


def owns(row: Leased, token: int) -> bool:
    """Say if the claim with this token is the row's current one."""
    # A lease that has run out still counts as owned until somebody takes the row: a late result is
    # as good as one in time.
    return row.lease_until is not None and row.token == token


def owns_job(job: Job, token: int) -> bool:
    """Say if the claim with this token is the open job's current one."""
    return job.state in OPEN_JOB_STATES and owns(job, token)


def lease_end(now: datetime, lease_s: float) -> datetime:
    """Tell when a lease taken or renewed now ends."""
    return now + timedelta(seconds=lease_s)


def job_wakeups(job: Job) -> list[WakeUp]:
    """Give the message for the job's own stage; none while its pictures are worked on."""
    if job.stage not in STAGE_TASK:
        return []
    return [WakeUp(STAGE_TASK[job.stage], QueueName.CPU, job.id)]


def picture_wakeup(picture: Picture) -> WakeUp:
    """Give the message for a queued picture."""
    return WakeUp(TaskName.UPSCALE, picture.queue, picture.id)


def _release_leases(job: Job, took: timedelta | None = None) -> dict[str, Any]:
    """End the lease on a job's own stage; who held it, and for how long, goes into the event."""
    by: dict[str, Any] = {"worker": job.worker} if job.worker else {}
    release_lease(job)
    return by if took is None else by | {"took_s": round(took.total_seconds(), 3)}
