"""Who works on what: claims with a lease and a fencing token, and how work ends; no sweeping."""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crispdeck.errors import LostClaimError, RecordsError, UnreadableRowError
from crispdeck.queue.names import PICTURE_QUEUES, QueueName, WakeUp
from crispdeck.records.database import Database
from crispdeck.records.outages import Outage
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
    lock_pictures,
    owns,
    owns_job,
    picture_wakeup,
    put_off_job,
    put_off_picture,
    requeue_job,
    requeue_picture,
    settle,
    start_job,
    take,
)
from crispdeck.records.work.adding_up import add_up_jobs
from crispdeck.records.work.drains import may_claim
from crispdeck.records.work.ending_pictures import end_pictures
from crispdeck.records.work.fairness import Wanted
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.picture_rows import queued_row, skipped_row
from crispdeck.records.work.queue_pauses import is_paused, list_pauses
from crispdeck.records.work.taking import Taken, take_pictures
from crispdeck.records.work.values import (
    JobClaim,
    NewPicture,
    PictureClaim,
    PictureOutcome,
    SkippedPicture,
)

logger = logging.getLogger(__name__)

Claim = PictureClaim | JobClaim


def claim_pictures(
    db: Database,
    *,
    worker: str,
    picture_id: str,
    limit: int,
    max_px: int,
    lease_s: float,
    queues: Collection[QueueName] = PICTURE_QUEUES,
    max_attempts: int = 3,
) -> list[PictureClaim]:
    """Claim the most urgent waiting picture and others that fit into the same network call.

    A message is worth one claim, whichever picture it names: so interactive pictures go first
    even on brokers without priorities, and a picture whose own message was lost is taken by the
    next one's. A picture larger than `max_px` comes alone, and so does one that was begun before.

    A row that cannot be understood has been counted as an attempt like any other: it waits for
    its next one, or fails with `row_unreadable` after `max_attempts`, and the others are claimed.

    Returns:
        Claims of one bucket and queue, at most `limit`, together at most `max_px` input pixels;
        empty when nothing waits in `queues`, while these are paused or the worker is drained.
    """
    paused = list_pauses(db)
    queues = [queue for queue in queues if queue not in paused]
    if not queues:
        return []
    wanted = Wanted(named_id=picture_id, queues=queues, limit=limit, max_px=max_px)
    claims: list[PictureClaim] = []
    # Rows that make no sense are given back and the next ones taken: a worker whose message named
    # only such rows would otherwise go to sleep beside work that it can do.
    while not claims:
        with db.keeping_connection():
            taken = take_pictures(db, worker, wanted, lease_s)
            add_up_jobs(db, [one.picture["job_id"] for one in taken])
        claims = _understood(db, taken, max_attempts)
        if not taken:
            break
    return claims


def claim_job(
    db: Database,
    *,
    worker: str,
    job_id: str,
    stage: Stage,
    lease_s: float,
    max_attempts: int = 3,
) -> JobClaim | None:
    """Claim the `prepare` or `assemble` stage of a deck job; None if that is not to be done.

    A drained worker gets nothing, and nobody does while the queue is paused. A job whose row
    cannot be understood gives None as well; it was counted as an attempt and ends as
    `claim_pictures` says.
    """
    with db.session() as session:
        now = db.now(session)
        may = may_claim(session, worker) and not is_paused(session, QueueName.CPU)
        job = lock_job(session, job_id) if may else None
        if job is None or job.state not in OPEN_JOB_STATES:
            return None
        # A message that came twice, or late: somebody has the stage already, or it is over.
        if job.stage is not stage or job.lease_until is not None:
            return None
        if job.not_before is not None and job.not_before > now:
            return None
        take(job, worker, now, lease_s)
        start_job(session, job, now)
    try:
        return _job_claim(db, job, now)
    # The row is fine, the database is not: the lease runs out and a sweep announces it again.
    except RecordsError:
        raise
    except Exception as error:
        logger.exception("the row of job %s cannot be understood", job_id)
        _job_not_understood(db, job, error, max_attempts)
        return None


def renew(db: Database, claims: Iterable[Claim], lease_s: float) -> set[str]:
    """Extend leases; returns the ids of the rows that are still owned.

    A lease that has run out is extended too, as long as nobody else took the row.
    """
    claims = list(claims)
    renewed: set[str] = set()
    with db.session() as session:
        now = db.now(session)
        # Leases are extended from the database's clock: workers' own clocks may
        # differ by more than a lease.
        for picture in _owned_pictures(session, claims):
            picture.leased_at, picture.lease_until = now, lease_end(now, lease_s)
            renewed.add(picture.id)
    for claim in claims:
        if isinstance(claim, JobClaim):
            with db.session() as session:
                job = lock_job(session, claim.id)
                if job is not None and owns_job(job, claim.token):
                    now = db.now(session)
                    job.leased_at, job.lease_until = now, lease_end(now, lease_s)
                    renewed.add(job.id)
    return renewed


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
    announced: list[WakeUp] = []
    for claim in claims:
        if isinstance(claim, JobClaim):
            announced += _give_back_job(db, claim, counted, max_attempts, code)
    with db.session() as session:
        now = db.now(session)
        pictures = _owned_pictures(session, claims)
        for picture in pictures:
            # The claim counted an attempt in advance, so that a killed worker need not come back to
            # do so.
            picture.attempts -= 0 if counted else 1
            most = max_attempts if counted else picture.attempts + 1
            requeue_picture(session, picture, now, code=code, max_attempts=most)
            announced.append(picture_wakeup(picture))
    settled = add_up_jobs(db, [picture.job_id for picture in pictures])
    return settled + ([] if counted else announced)


def put_off(db: Database, claims: Iterable[Claim], *, code: str, outage: Outage) -> list[WakeUp]:
    """Let rows wait for what was away; only after `outage.longest` they fail with `code`.

    The sweeper announces them when their time has come.

    Returns:
        A message for the next stage of each deck whose last picture failed thereby.
    """
    claims = list(claims)
    for claim in claims:
        if isinstance(claim, JobClaim):
            with db.session() as session:
                job = lock_job(session, claim.id)
                if job is not None and owns_job(job, claim.token):
                    put_off_job(session, job, db.now(session), code=code, outage=outage)
    with db.session() as session:
        now = db.now(session)
        pictures = _owned_pictures(session, claims)
        for picture in pictures:
            put_off_picture(session, picture, now, code=code, outage=outage)
    return add_up_jobs(db, [picture.job_id for picture in pictures])


def finish_picture(db: Database, claim: PictureClaim, outcome: PictureOutcome) -> list[WakeUp]:
    """Do as `finish_pictures` for one.

    Raises:
        LostClaimError: the row was taken back, cancelled or deleted: drop the result.
    """
    lost, wakeups = finish_pictures(db, [(claim, outcome)])
    if lost:
        raise LostClaimError(f"This worker no longer holds the claim on picture {claim.id}.")
    return wakeups


def finish_pictures(
    db: Database, ends: Sequence[tuple[PictureClaim, PictureOutcome]]
) -> tuple[set[str], list[WakeUp]]:
    """Record how the work on pictures ended; with a job's last picture, the job moves on as well.

    A result that comes after its lease still counts while nobody else took the row.

    Returns:
        The ids of those that were taken back, cancelled or deleted: drop their results. And a
        message for the next stage of each deck whose last picture was among them.
    """
    for _, outcome in ends:
        if outcome.state not in FINAL_PICTURE_STATES - {PictureState.CANCELLED}:
            raise ValueError(f"{outcome.state} is no outcome")
    with db.keeping_connection():
        # Outcomes first, sums after them, in two transactions: a worker killed in between leaves
        # changes that the next one, or a sweep, adds up.
        owned = end_pictures(db, ends) if ends else set()
        wakeups = add_up_jobs(db, [claim.job_id for claim, _ in ends if claim.id in owned])
    return {claim.id for claim, _ in ends} - owned, wakeups


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
        # All pictures come into being in the transaction that ends the stage: a second run of a
        # stage that was lost finds none of them.
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
    sha256: str | None = None,
) -> None:
    """Record the finished deck, which lies in the store already; None where nothing was to do.

    Raises:
        LostClaimError: the job was taken back, cancelled or deleted: drop the result.
    """
    with _finishing(db, claim) as (session, job, now):
        job.result_key, job.result_bytes, job.summary = result_key, size_bytes, summary
        job.result_sha256 = sha256
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
            raise LostClaimError(f"This worker no longer holds the claim on job {claim.id}.")
        yield session, job, db.now(session)


def _understood(db: Database, taken: Iterable[Taken], max_attempts: int) -> list[PictureClaim]:
    """Read the rows that were taken; those that make no sense are given back, one by one."""
    claims = []
    for one in taken:
        try:
            claims.append(_picture_claim(one))
        except Exception as error:
            logger.exception("the row of picture %s cannot be understood", one.picture["id"])
            _not_understood(db, one, error, max_attempts)
    return claims


def _picture_claim(taken: Taken) -> PictureClaim:
    row = taken.picture
    # Nullable in the table for pictures that were skipped; a queued one has them all.
    for name in ("sha256", "source_key", "width_px", "height_px", "scale"):
        if row[name] is None:
            raise UnreadableRowError(f"The record of the picture has no {name}.")
    options = JobOptions.from_json(taken.options)
    return PictureClaim(
        id=row["id"],
        token=row["token"],
        tenant_id=row["tenant_id"],
        job_id=row["job_id"],
        attempts=row["attempts"],
        queue=QueueName(row["queue"]),
        parts=tuple(row["parts"]),
        sha256=row["sha256"],
        source_key=row["source_key"],
        source_format=row["source_format"],
        source_bytes=row["source_bytes"],
        width_px=row["width_px"],
        height_px=row["height_px"],
        scale=row["scale"],
        crispness=options.crispness,
        strip=options.strip,
    )


def _not_understood(db: Database, taken: Taken, error: Exception, max_attempts: int) -> None:
    with db.session() as session:
        row = taken.picture
        found = lock_pictures(session, Picture.id == row["id"])
        picture = found[0] if found else None
        if picture is None or not owns(picture, row["token"]):
            return
        requeue_picture(
            session,
            picture,
            db.now(session),
            code=UnreadableRowError.code,
            max_attempts=max_attempts,
        )
        picture.traceback = f"{type(error).__name__}: {error}"
    add_up_jobs(db, [row["job_id"]])


def _job_claim(db: Database, job: Job, now: datetime) -> JobClaim:
    with db.reading() as session:
        where = select(Deck.object_key, Deck.sha256).where(Deck.id == job.deck_id)
        deck = session.execute(where).first()
    if job.deck_id is None or deck is None:
        raise UnreadableRowError("The job has no deck.")
    return JobClaim(
        id=job.id,
        token=job.token,
        tenant_id=job.tenant_id,
        deck_id=job.deck_id,
        deck_key=deck.object_key,
        deck_sha256=deck.sha256,
        stage=job.stage,
        attempts=job.attempts,
        queue=job.queue,
        options=JobOptions.from_json(job.options),
        claimed_at=now,
    )


def _job_not_understood(db: Database, taken: Job, error: Exception, max_attempts: int) -> None:
    with db.session() as session:
        job = lock_job(session, taken.id)
        if job is None or not owns_job(job, taken.token):
            return
        job.traceback = f"{type(error).__name__}: {error}"
        code = UnreadableRowError.code
        requeue_job(session, job, db.now(session), code=code, max_attempts=max_attempts)


def _give_back_job(
    db: Database, claim: JobClaim, counted: bool, max_attempts: int, code: str
) -> list[WakeUp]:
    with db.session() as session:
        job = lock_job(session, claim.id)
        if job is None or not owns_job(job, claim.token):
            return []
        job.attempts -= 0 if counted else 1
        most = max_attempts if counted else job.attempts + 1
        return requeue_job(session, job, db.now(session), code=code, max_attempts=most)


def _owned_pictures(session: Session, claims: Iterable[Claim]) -> list[Picture]:
    """Lock the pictures of these claims that they still own."""
    tokens = {claim.id: claim.token for claim in claims if isinstance(claim, PictureClaim)}
    if not tokens:
        return []
    found = lock_pictures(session, Picture.id.in_(tokens))
    return [picture for picture in found if owns(picture, tokens[picture.id])]
