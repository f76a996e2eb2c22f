"""Who works on what: claims with a lease and a fencing token, and how work ends; no sweeping."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crispdeck.errors import LostClaimError
from crispdeck.queue.names import QueueName, WakeUp
from crispdeck.records.database import Database
from crispdeck.records.states import (
    FINAL_PICTURE_STATES,
    OPEN_JOB_STATES,
    JobState,
    PictureState,
    Stage,
)
from crispdeck.records.tables import Deck, Job, Picture
from crispdeck.records.transitions import (
    add_picture,
    end_job,
    enter_stage,
    lease_end,
    lock_job,
    lock_jobs,
    move_picture,
    owns,
    owns_job,
    picture_wakeup,
    requeue_job,
    requeue_picture,
    settle,
    start_job,
    take,
)
from crispdeck.records.work.drains import may_claim
from crispdeck.records.work.fairness import Waiting, next_picture
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.picture_rows import queued_row, skipped_row
from crispdeck.records.work.values import (
    JobClaim,
    NewPicture,
    PictureClaim,
    PictureOutcome,
    SkippedPicture,
)

Claim = PictureClaim | JobClaim


def claim_pictures(
    db: Database,
    *,
    worker: str,
    picture_id: str,
    limit: int,
    max_px: int,
    lease_s: float,
    queues: Collection[QueueName] = (QueueName.INTERACTIVE, QueueName.BULK),
) -> list[PictureClaim]:
    """Claim the most urgent waiting picture and others that fit into the same network call.

    A message is worth one claim, whichever picture it names: so interactive pictures go first
    even on brokers without priorities, and a picture whose own message was lost is taken by the
    next one's. A picture larger than `max_px` comes alone, and so does one that was begun before.

    Returns:
        Claims of one bucket and queue, at most `limit`, together at most `max_px` input pixels;
        empty when nothing waits in `queues`, or while the worker is drained.
    """
    while True:
        with db.session() as session:
            now = db.now(session)
            may = may_claim(session, worker)
            found = next_picture(session, picture_id, queues, now) if may else None
            if found is None:
                return []
            job = lock_job(session, found.job_id)
            lead = _still_queued(session, job, found) if job is not None else None
            if job is not None and lead is not None:
                batch = [(job, lead), *_companions(session, job, lead, limit, max_px)]
                until = lease_end(now, lease_s)
                return [_claim(session, job, row, worker, now, until) for job, row in batch]
        # Others took it between the look and the lock. Start anew without any lock: whoever
        # waits for a second job's lock while it holds a first one's may wait for ever.


def claim_job(
    db: Database, *, worker: str, job_id: str, stage: Stage, lease_s: float
) -> JobClaim | None:
    """Claim the `prepare` or `assemble` stage of a deck job; None if that is not to be done.

    A drained worker gets nothing.
    """
    with db.session() as session:
        now = db.now(session)
        job = lock_job(session, job_id) if may_claim(session, worker) else None
        if job is None or job.state not in OPEN_JOB_STATES:
            return None
        if job.stage is not stage or job.lease_until is not None:
            return None
        deck = session.get_one(Deck, job.deck_id)
        take(job, worker, lease_end(now, lease_s))
        start_job(session, job, now)
        return JobClaim(
            id=job.id,
            token=job.token,
            tenant_id=job.tenant_id,
            deck_id=deck.id,
            deck_key=deck.object_key,
            stage=stage,
            attempts=job.attempts,
            queue=job.queue,
            options=JobOptions.from_json(job.options),
            claimed_at=now,
        )


def renew(db: Database, claims: Iterable[Claim], lease_s: float) -> set[str]:
    """Extend leases; returns the ids of the rows that are still owned.

    A lease that has run out is extended too, as long as nobody else took the row.
    """
    claims = list(claims)
    with db.session() as session:
        until = lease_end(db.now(session), lease_s)
        owned = _owned(session, claims)
        for row in owned.values():
            row.lease_until = until
        return set(owned)


def give_back(
    db: Database,
    claims: Iterable[Claim],
    *,
    counted: bool,
    max_attempts: int = 3,
    code: str = "worker_stopped",
) -> list[WakeUp]:
    """Let others do what was claimed; claims that were lost meanwhile are passed over.

    Args:
        counted: False for a worker that has to stop: the attempt was not the row's fault, and
            the returned messages let others go on at once. True for an error that may pass:
            after `max_attempts` the row fails with `code`, and until then it waits for the
            sweeper to announce it, which gives the error time to pass.
    """
    claims = list(claims)
    wakeups: list[WakeUp] = []
    with db.session() as session:
        now = db.now(session)
        for row in _owned(session, claims).values():
            row.attempts -= 0 if counted else 1
            most = max_attempts if counted else row.attempts + 1
            if isinstance(row, Job):
                announced = requeue_job(session, row, now, code=code, max_attempts=most)
            else:
                job = session.get_one(Job, row.job_id)
                requeue_picture(session, job, row, now, code=code, max_attempts=most)
                announced = [picture_wakeup(row)]
                wakeups += settle(session, job, now)
            wakeups += [] if counted else announced
    return wakeups


def finish_picture(db: Database, claim: PictureClaim, outcome: PictureOutcome) -> list[WakeUp]:
    """Record how the work ended; with the job's last picture, the job moves on as well.

    A result that comes after its lease still counts while nobody else took the row.

    Returns:
        The message for the next stage, if this was the last picture of a deck.

    Raises:
        LostClaimError: the row was taken back, cancelled or deleted: drop the result.
    """
    if outcome.state not in FINAL_PICTURE_STATES - {PictureState.CANCELLED}:
        raise ValueError(f"{outcome.state} is no outcome")
    with db.session() as session:
        now = db.now(session)
        job = lock_job(session, claim.job_id)
        picture = session.get(Picture, claim.id, populate_existing=True)
        if job is None or picture is None or not owns(picture, claim.token):
            raise LostClaimError(f"Picture {claim.id} is no longer this worker's.")
        picture.result_key = outcome.result_key
        picture.result_format = outcome.result_format
        picture.result_width_px = outcome.width_px
        picture.result_height_px = outcome.height_px
        picture.result_bytes = outcome.size_bytes
        picture.report = outcome.report
        picture.traceback = outcome.traceback
        move_picture(
            session, job, picture, outcome.state, now, code=outcome.code, detail=outcome.detail
        )
        return settle(session, job, now)


def finish_prepare(
    db: Database,
    claim: JobClaim,
    pictures: Sequence[NewPicture],
    skipped: Sequence[SkippedPicture] = (),
) -> list[WakeUp]:
    """Put the pictures of a deck under its job and let the upscaling begin.

    Returns:
        One message for each picture, or the one for `assemble` when there is none to upscale.

    Raises:
        LostClaimError: the job was taken back, cancelled or deleted.
    """
    with _finishing(db, claim) as (session, job, now):
        rows = [queued_row(job, picture, now) for picture in pictures]
        for row in rows:
            add_picture(session, job, row)
        for left in skipped:
            add_picture(session, job, skipped_row(job, left, now))
        enter_stage(session, job, Stage.UPSCALE, now, took=now - claim.claimed_at)
        return [picture_wakeup(row) for row in rows] + settle(session, job, now)


def finish_assemble(
    db: Database,
    claim: JobClaim,
    *,
    result_key: str | None,
    size_bytes: int | None,
    summary: dict[str, Any],
) -> None:
    """Record the finished deck, which lies in the store already; None where nothing was to do.

    Raises:
        LostClaimError: the job was taken back, cancelled or deleted: drop the result.
    """
    with _finishing(db, claim) as (session, job, now):
        job.result_key, job.result_bytes, job.summary = result_key, size_bytes, summary
        end_job(session, job, JobState.DONE, now, took=now - claim.claimed_at)


def fail_job(
    db: Database, claim: JobClaim, *, code: str, detail: str, traceback: str | None = None
) -> None:
    """Record that the job's stage cannot be done, now or later; operators see the traceback.

    Raises:
        LostClaimError: the job was taken back, cancelled or deleted.
    """
    with _finishing(db, claim) as (session, job, now):
        job.traceback = traceback
        end_job(session, job, JobState.FAILED, now, code=code, detail=detail)


@contextmanager
def _finishing(db: Database, claim: JobClaim) -> Iterator[tuple[Session, Job, datetime]]:
    with db.session() as session:
        job = lock_job(session, claim.id)
        if job is None or not owns_job(job, claim.token):
            raise LostClaimError(f"Job {claim.id} is no longer this worker's.")
        yield session, job, db.now(session)


def _still_queued(session: Session, job: Job, found: Waiting) -> Picture | None:
    """Return the picture that was found, or else the oldest of its job: it has waited as long."""
    picture = session.get(Picture, found.id, populate_existing=True)
    if picture is not None and picture.state is PictureState.QUEUED:
        return picture
    others = (
        select(Picture)
        .where(
            Picture.job_id == job.id,
            Picture.state == PictureState.QUEUED,
            Picture.queue == found.queue,
        )
        .order_by(Picture.id)
        .limit(1)
    )
    return session.scalars(others.execution_options(populate_existing=True)).first()


def _companions(
    session: Session, lead_job: Job, lead: Picture, limit: int, max_px: int
) -> list[tuple[Job, Picture]]:
    """Others of the lead's bucket; jobs that somebody else has locked are passed over.

    A picture that was begun before goes alone: if it kills its worker, it must not take its
    neighbours' attempts with it.
    """
    lead_px = max(1, (lead.width_px or 1) * (lead.height_px or 1))
    most = min(limit, max_px // lead_px) - 1
    if most < 1 or lead.attempts:
        return []
    queued = select(Picture).where(
        Picture.state == PictureState.QUEUED,
        Picture.queue == lead.queue,
        Picture.bucket == lead.bucket,
        Picture.attempts == 0,
        Picture.id != lead.id,
    )
    wanted = session.execute(
        queued.with_only_columns(Picture.id, Picture.job_id).order_by(Picture.id).limit(most)
    ).all()
    others = (
        select(Job)
        .where(Job.id.in_({job_id for _, job_id in wanted} - {lead_job.id}))
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    jobs = {job.id: job for job in [lead_job, *session.scalars(others)]}
    rows = queued.where(
        Picture.id.in_([picture_id for picture_id, _ in wanted]), Picture.job_id.in_(jobs)
    ).order_by(Picture.id)
    found = session.scalars(rows.execution_options(populate_existing=True))
    return [(jobs[picture.job_id], picture) for picture in found]


def _claim(
    session: Session, job: Job, picture: Picture, worker: str, now: datetime, until: datetime
) -> PictureClaim:
    take(picture, worker, until)
    picture.started_at = now
    start_job(session, job, now)
    move_picture(session, job, picture, PictureState.RUNNING, now)
    asked = JobOptions.from_json(job.options)
    return replace(PictureClaim.of(picture), crispness=asked.crispness)


def _owned(session: Session, claims: Iterable[Claim]) -> dict[str, Job | Picture]:
    """Lock the jobs of these claims and return the rows that they still own."""
    claims = list(claims)
    jobs = lock_jobs(session, [c.id if isinstance(c, JobClaim) else c.job_id for c in claims])
    owned: dict[str, Job | Picture] = {}
    for claim in claims:
        if isinstance(claim, JobClaim):
            job = jobs.get(claim.id)
            if job is not None and owns_job(job, claim.token):
                owned[job.id] = job
        else:
            picture = session.get(Picture, claim.id, populate_existing=True)
            if picture is not None and owns(picture, claim.token):
                owned[picture.id] = picture
    return owned
