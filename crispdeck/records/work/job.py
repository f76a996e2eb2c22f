"""Jobs as their tenant sees them: make, look, cancel, retry; claiming is `claims`' part."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crispdeck.errors import (
    ConflictError,
    GoneError,
    InvalidRequestError,
    LimitReachedError,
    NotFoundError,
)
from crispdeck.queue.names import QueueName, WakeUp
from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.ledger import add_up, note_event
from crispdeck.records.pagination import page_of
from crispdeck.records.people.tenants import lock_tenant
from crispdeck.records.rows import Page
from crispdeck.records.shelf.decks import lock_deck
from crispdeck.records.states import (
    FINAL_JOB_STATES,
    OPEN_JOB_STATES,
    EventKind,
    JobKind,
    JobState,
    PictureState,
    Stage,
)
from crispdeck.records.tables import Job, Picture, WaitingDeck
from crispdeck.records.transitions import (
    add_picture,
    cancel,
    job_wakeups,
    lock_job,
    lock_pictures,
    move_picture,
    picture_wakeup,
)
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.picture_rows import queued_row
from crispdeck.records.work.values import JobRecord, NewPicture, PictureRecord

INTERACTIVE = JobOptions(queue=QueueName.INTERACTIVE)
ENDED_BADLY = frozenset({PictureState.FAILED, PictureState.CANCELLED})


def create_deck_job(
    db: Database,
    tenant_id: str,
    deck_id: str,
    options: JobOptions,
    *,
    retention_days: float,
    max_open_jobs: int = 0,
) -> tuple[JobRecord, list[WakeUp]]:
    """Ask for the pictures of a deck to be made sharp; the deck lives at least as long.

    Raises:
        NotFoundError, GoneError: no such deck of this tenant.
        LimitReachedError: the tenant has `max_open_jobs` unfinished jobs (0: no limit).
    """
    with db.session() as session:
        return add_deck_job(
            session,
            tenant_id,
            deck_id,
            options,
            now=db.now(session),
            retention_days=retention_days,
            max_open_jobs=max_open_jobs,
        )


def add_deck_job(
    session: Session,
    tenant_id: str,
    deck_id: str,
    options: JobOptions,
    *,
    now: datetime,
    retention_days: float,
    max_open_jobs: int,
) -> tuple[JobRecord, list[WakeUp]]:
    """Do as `create_deck_job` within a transaction; a deck that waited for this waits no more."""
    _check_open_jobs(session, tenant_id, max_open_jobs)
    deck = lock_deck(session, tenant_id, deck_id, now)
    job = _new_job(tenant_id, JobKind.DECK, Stage.PREPARE, options, now, retention_days)
    job.deck_id = deck.id
    deck.expires_at = max(deck.expires_at, job.expires_at)
    _insert(session, job, now)
    session.execute(delete(WaitingDeck).where(WaitingDeck.deck_id == deck.id))
    return JobRecord.of(job), job_wakeups(job)


def create_picture_job(
    db: Database,
    tenant_id: str,
    picture: NewPicture,
    *,
    options: JobOptions = INTERACTIVE,
    retention_days: float,
    max_open_jobs: int = 0,
) -> tuple[JobRecord, list[WakeUp]]:
    """Ask for one picture, whose bytes lie in the store already, to be made sharp.

    Raises:
        LimitReachedError: the tenant has `max_open_jobs` unfinished jobs (0: no limit).
    """
    with db.session() as session:
        now = db.now(session)
        _check_open_jobs(session, tenant_id, max_open_jobs)
        job = _new_job(tenant_id, JobKind.PICTURE, Stage.UPSCALE, options, now, retention_days)
        _insert(session, job, now)
        row = queued_row(job, picture, now)
        add_picture(session, job, row)
        return JobRecord.of(job), [picture_wakeup(row)]


def get_job(db: Database, tenant_id: str, job_id: str) -> JobRecord:
    """Look at a job.

    Raises:
        NotFoundError: no such job of this tenant.
        GoneError: the job and its results have expired.
    """
    with db.reading() as session:
        return JobRecord.of(_visible(session.get(Job, job_id), tenant_id, job_id, db.now(session)))


def list_jobs(
    db: Database,
    tenant_id: str,
    *,
    after: str | None = None,
    limit: int = 50,
    deck_id: str | None = None,
    state: JobState | None = None,
    kinds: Collection[JobKind] = tuple(JobKind),
) -> Page[JobRecord]:
    """List a tenant's jobs, newest first, of one deck or of all, in one state or in any."""
    with db.reading() as session:
        query = select(Job).where(Job.tenant_id == tenant_id, Job.expires_at > db.now(session))
        if deck_id is not None:
            query = query.where(Job.deck_id == deck_id)
        if state is not None:
            query = query.where(Job.state == state)
        if len(set(kinds)) < len(JobKind):
            query = query.where(Job.kind.in_(kinds))
        return page_of(session, query, Job.id, after, limit, JobRecord)


def pictures_of(db: Database, tenant_id: str, job_id: str) -> tuple[PictureRecord, ...]:
    """List all pictures of a job, oldest first. Raises NotFoundError, GoneError."""
    with db.reading() as session:
        _visible(session.get(Job, job_id), tenant_id, job_id, db.now(session))
        rows = session.scalars(select(Picture).where(Picture.job_id == job_id).order_by(Picture.id))
        return tuple(PictureRecord.of(row) for row in rows)


def cancel_job(db: Database, tenant_id: str, job_id: str) -> JobRecord:
    """End a job now; what its workers still finish is dropped. Again is no error.

    Raises:
        NotFoundError, GoneError: no such job of this tenant.
        ConflictError: the job has ended already.
    """
    with db.session() as session:
        now = db.now(session)
        job = _visible(lock_job(session, job_id), tenant_id, job_id, now)
        if job.state in FINAL_JOB_STATES - {JobState.CANCELLED}:
            raise ConflictError(f"The job is {job.state.value} already.")
        cancel(session, job, now)
        return JobRecord.of(job)


def keep_originals(db: Database, tenant_id: str, job_id: str, parts: Collection[str]) -> JobRecord:
    """Note which parts shall have their original bytes in what is given out; () for none.

    Raises:
        NotFoundError, GoneError: no such job of this tenant.
        ConflictError: the job is not done.
        InvalidRequestError: the job did not change one of the parts.
    """
    with db.session() as session:
        job = _visible(lock_job(session, job_id), tenant_id, job_id, db.now(session))
        if job.state is not JobState.DONE:
            raise ConflictError(f"The job is {job.state.value}.")
        known = select(Picture.parts).where(
            Picture.job_id == job.id, Picture.state == PictureState.DONE
        )
        unknown = sorted(set(parts) - {part for some in session.scalars(known) for part in some})
        if unknown:
            raise InvalidRequestError(
                f"The job did not change {', '.join(unknown[:5])}.",
                fields={f"parts.{part}": "not changed by this job" for part in unknown[:20]},
            )
        job.kept = sorted(set(parts)) or None
        return JobRecord.of(job)


def retry_job(db: Database, tenant_id: str, job_id: str) -> list[WakeUp]:
    """Let a job that has ended do again what failed or was cancelled, and only that.

    Raises:
        NotFoundError, GoneError: no such job of this tenant.
        ConflictError: the job has not ended, or nothing in it failed.
    """
    with db.session() as session:
        now = db.now(session)
        job = _visible(lock_job(session, job_id), tenant_id, job_id, now)
        if job.state in OPEN_JOB_STATES:
            raise ConflictError("The job has not ended yet.")
        again = _pictures_to_retry(session, job)
        if job.state is JobState.DONE and not again:
            raise ConflictError("Nothing in this job has failed.")
        return _begin_again(session, job, again, now)


def retry_picture(db: Database, tenant_id: str, job_id: str, picture_id: str) -> list[WakeUp]:
    """Let a job that has ended do one of its pictures again, and put the deck together anew.

    Raises:
        NotFoundError, GoneError: no such job or picture of this tenant.
        ConflictError: the job has not ended, or the picture did not fail.
    """
    with db.session() as session:
        now = db.now(session)
        job = _visible(lock_job(session, job_id), tenant_id, job_id, now)
        if job.state in OPEN_JOB_STATES:
            raise ConflictError("The job has not ended yet.")
        found = lock_pictures(session, Picture.id == picture_id)
        picture = found[0] if found else None
        if picture is None or picture.job_id != job_id:
            raise NotFoundError(f"This job has no picture {picture_id}.")
        if picture.state not in ENDED_BADLY:
            raise ConflictError(f"The picture is {picture.state.value}.")
        return _begin_again(session, job, [picture], now)


def expire_job(db: Database, tenant_id: str, job_id: str) -> None:
    """Delete a job of a single picture, its objects with the next sweep; an open one is ended.

    Raises:
        NotFoundError, GoneError: no such job of this tenant.
        ConflictError: it is a deck's job, which goes with its deck.
    """
    with db.session() as session:
        now = db.now(session)
        job = _visible(lock_job(session, job_id), tenant_id, job_id, now)
        if job.kind is not JobKind.PICTURE:
            raise ConflictError("The jobs of a deck are deleted with the deck.")
        cancel(session, job, now)
        job.expires_at = now


def _begin_again(session: Session, job: Job, again: list[Picture], now: datetime) -> list[WakeUp]:
    if again:
        job.stage = Stage.UPSCALE
    job.state, job.attempts = JobState.QUEUED, 0
    job.announced_at = job.queued_at = now
    job.not_before = job.outage_since = None
    job.finished_at = job.code = job.detail = job.summary = job.kept = None
    job.traceback = None
    note_event(session, job, EventKind.JOB_RETRIED, now)
    for picture in again:
        picture.attempts, picture.announced_at, picture.queued_at = 0, now, now
        picture.traceback = None
        picture.not_before = picture.outage_since = None
        move_picture(session, picture, PictureState.QUEUED, now)
    add_up(session, [job])
    return [picture_wakeup(picture) for picture in again] or job_wakeups(job)


def _visible(job: Job | None, tenant_id: str, job_id: str, now: datetime) -> Job:
    if job is None or job.tenant_id != tenant_id:
        raise NotFoundError(f"There is no job {job_id}.")
    if job.expires_at <= now:
        raise GoneError(f"Job {job_id} has expired.")
    return job


def _pictures_to_retry(session: Session, job: Job) -> list[Picture]:
    return lock_pictures(session, Picture.job_id == job.id, Picture.state.in_(ENDED_BADLY))


def _check_open_jobs(session: Session, tenant_id: str, max_open_jobs: int) -> None:
    """Hold the tenant's row so that two requests cannot both take the last place."""
    lock_tenant(session, tenant_id)
    if max_open_jobs:
        query = select(func.count()).where(
            Job.tenant_id == tenant_id, Job.state.in_(OPEN_JOB_STATES)
        )
        if session.scalars(query).one() >= max_open_jobs:
            raise LimitReachedError(
                f"{max_open_jobs} jobs are not finished, as many as are allowed at once.",
                retry_after_s=10,
            )


def _new_job(
    tenant_id: str,
    kind: JobKind,
    stage: Stage,
    options: JobOptions,
    now: datetime,
    retention_days: float,
) -> Job:
    return Job(
        id=new_id(),
        tenant_id=tenant_id,
        kind=kind,
        state=JobState.QUEUED,
        stage=stage,
        queue=options.queue,
        options=options.to_json(),
        attempts=0,
        token=0,
        created_at=now,
        queued_at=now,
        announced_at=now,
        turn=0.0,
        expires_at=now + timedelta(days=retention_days),
        **{f"pictures_{state.value}": 0 for state in PictureState},
    )


def _insert(session: Session, job: Job, now: datetime) -> None:
    session.add(job)
    session.flush()  # events refer to the job's row
    note_event(session, job, EventKind.JOB_QUEUED, now)
