"""How pictures were claimed and ended until the job's lock was taken out of their way.

Kept to be measured against, and to stand for a process of the older version that runs beside this
one during an upgrade: it reads and writes only what that version knew.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crispdeck.errors import LostClaimError
from crispdeck.queue.names import QueueName
from crispdeck.records.database import Database
from crispdeck.records.states import EventKind, JobKind, JobState, PictureState, Stage
from crispdeck.records.tables import Drain, Event, Job, Picture

OPTIONS = frozenset(
    {"pictures", "target_ppi", "max_scale", "low_ppi", "layouts", "crispness", "look", "queue"}
)
"""The keys that the older version reads; any other one stops it."""


class OldClaim:
    """A picture and its token."""

    def __init__(self, picture: Picture) -> None:
        self.id, self.token, self.job_id = picture.id, picture.token, picture.job_id


def claim_pictures(
    db: Database, *, worker: str, limit: int, lease_s: float, queue: QueueName = QueueName.BULK
) -> list[OldClaim]:
    """Lock the job of the oldest picture, and take that picture and others of its size."""
    while True:
        with db.session() as session:
            now = db.now(session)
            session.get(Drain, worker.rpartition(":")[0] or worker)
            found = session.execute(
                select(Picture.id, Picture.job_id)
                .where(Picture.state == PictureState.QUEUED, Picture.queue == queue)
                .order_by(Picture.id)
                .limit(1)
            ).first()
            if found is None:
                return []
            job = _lock(session, found.job_id)
            lead = _still_queued(session, job, found.id, queue)
            if lead is None:
                continue
            batch = [(job, lead), *_companions(session, job, lead, limit)]
            return [_claim(session, job, row, worker, now, lease_s) for job, row in batch]


def finish_picture(db: Database, claim: OldClaim, outcome: PictureState) -> bool:
    """End a picture under its job's lock; True if the job moves on to be assembled."""
    with db.session() as session:
        now = db.now(session)
        job = _lock(session, claim.job_id)
        picture = session.get_one(Picture, claim.id, populate_existing=True)
        if picture.lease_until is None or picture.token != claim.token:
            raise LostClaimError(f"This worker no longer holds the claim on picture {claim.id}.")
        picture.result_key, picture.report = f"{picture.tenant_id}/upscales/{claim.id}", {}
        _move(session, job, picture, outcome, now)
        if job.stage is not Stage.UPSCALE or job.pictures_queued or job.pictures_running:
            return False
        if job.kind is JobKind.DECK:
            job.stage, job.attempts, job.announced_at = Stage.ASSEMBLE, 0, now
            _note(session, job, EventKind.JOB_STAGE, now, None, {})
        return True


def read_options(values: dict[str, Any]) -> dict[str, Any]:
    """Read a job's options as strictly as the older version does."""
    if set(values) != OPTIONS:
        raise TypeError(f"unexpected or missing: {set(values) ^ OPTIONS}")
    return values


def _lock(session: Session, job_id: str) -> Job:
    return session.get_one(Job, job_id, with_for_update={"key_share": True}, populate_existing=True)


def _still_queued(session: Session, job: Job, picture_id: str, queue: QueueName) -> Picture | None:
    picture = session.get(Picture, picture_id, populate_existing=True)
    if picture is not None and picture.state is PictureState.QUEUED:
        return picture
    others = (
        select(Picture)
        .where(
            Picture.job_id == job.id,
            Picture.state == PictureState.QUEUED,
            Picture.queue == queue,
        )
        .order_by(Picture.id)
        .limit(1)
    )
    return session.scalars(others.execution_options(populate_existing=True)).first()


def _companions(
    session: Session, lead_job: Job, lead: Picture, limit: int
) -> Collection[tuple[Job, Picture]]:
    if limit < 2 or lead.attempts:
        return []
    queued = select(Picture).where(
        Picture.state == PictureState.QUEUED,
        Picture.queue == lead.queue,
        Picture.bucket == lead.bucket,
        Picture.attempts == 0,
        Picture.id != lead.id,
    )
    wanted = session.execute(
        queued.with_only_columns(Picture.id, Picture.job_id).order_by(Picture.id).limit(limit - 1)
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
    session: Session, job: Job, picture: Picture, worker: str, now: datetime, lease_s: float
) -> OldClaim:
    read_options(job.options)
    picture.worker, picture.lease_until = worker, now + timedelta(seconds=lease_s)
    picture.attempts += 1
    picture.token += 1
    picture.started_at = now
    if job.state is JobState.QUEUED:
        job.state, job.started_at = JobState.RUNNING, job.started_at or now
        _note(session, job, EventKind.JOB_RUNNING, now, None, {"worker": job.worker})
    _move(session, job, picture, PictureState.RUNNING, now)
    return OldClaim(picture)


def _move(session: Session, job: Job, picture: Picture, state: PictureState, now: datetime) -> None:
    for name, change in ((picture.state, -1), (state, +1)):
        counted = f"pictures_{name.value}"
        setattr(job, counted, getattr(job, counted) + change)
    picture.state, picture.code, picture.detail = state, None, None
    if state is not PictureState.RUNNING:
        picture.worker = picture.lease_until = None
        picture.finished_at = now
    data = {"state": state.value, "parts": picture.parts, "code": None, "worker": picture.worker}
    _note(session, job, EventKind(f"picture.{state.value}"), now, picture.id, data)


def _note(
    session: Session,
    job: Job,
    kind: EventKind,
    now: datetime,
    picture_id: str | None,
    data: dict[str, Any],
) -> None:
    numbers = {state.value: getattr(job, f"pictures_{state.value}") for state in PictureState}
    standing = {"job_state": job.state.value, "stage": job.stage.value, "counts": numbers}
    session.add(
        Event(
            tenant_id=job.tenant_id,
            job_id=job.id,
            picture_id=picture_id,
            kind=kind,
            data=standing | data,
            at=now,
        )
    )
