"""Makes upscales again whose objects were found damaged or missing; the events tell of it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crispdeck.errors import LostClaimError
from crispdeck.queue.names import WakeUp
from crispdeck.records.database import Database
from crispdeck.records.ledger import add_up, note_change
from crispdeck.records.states import FINAL_JOB_STATES, JobState, PictureState, Stage
from crispdeck.records.tables import Job, Picture, UpscaleCache
from crispdeck.records.transitions import (
    enter_stage,
    lock_job,
    lock_pictures,
    move_picture,
    owns,
    owns_job,
    picture_wakeup,
    settle,
)
from crispdeck.records.work.adding_up import add_up_jobs
from crispdeck.records.work.values import JobClaim, PictureClaim

MOST_REMAKES = 3
"""A result that is found damaged more often is a fault of the store, which making cannot mend."""


def make_again(db: Database, claim: PictureClaim, *, code: str) -> None:
    """Note that a claimed picture is made anew, since the upscale that was there is no good."""
    with db.session() as session:
        for picture in lock_pictures(session, Picture.id == claim.id):
            if owns(picture, claim.token):
                picture.remade += 1
                running = PictureState.RUNNING
                data = {"parts": picture.parts, "code": code, "worker": picture.worker}
                note_change(session, picture, running, running, db.now(session), data)
    add_up_jobs(db, [claim.job_id])


def remake_for(
    db: Database, claim: JobClaim, picture_ids: Collection[str], *, code: str
) -> list[WakeUp]:
    """Send a deck that is being put together back to have some of its pictures made again.

    Returns:
        Messages for what waits then.

    Raises:
        LostClaimError: the job was taken back, cancelled or deleted.
    """
    with db.session() as session:
        job = lock_job(session, claim.id)
        if job is None or not owns_job(job, claim.token):
            raise LostClaimError(f"This worker no longer holds the claim on job {claim.id}.")
        return _remake(session, job, picture_ids, db.now(session), code)


def remake_ended(db: Database, job_id: str, picture_ids: Collection[str]) -> list[WakeUp]:
    """Let a job that is done make some of its results again, and put its deck together anew."""
    with db.session() as session:
        job = lock_job(session, job_id)
        if job is None or job.state not in FINAL_JOB_STATES:
            return []
        now = db.now(session)
        job.state, job.finished_at = JobState.RUNNING, None
        job.code = job.detail = None
        return _remake(session, job, picture_ids, now, "object_damaged")


def _remake(
    session: Session, job: Job, picture_ids: Collection[str], now: datetime, code: str
) -> list[WakeUp]:
    enter_stage(session, job, Stage.UPSCALE, now)
    damaged = (Picture.job_id == job.id, Picture.id.in_(picture_ids))
    wakeups = []
    for picture in lock_pictures(session, *damaged, Picture.state == PictureState.DONE):
        _forget_result(session, picture)
        if picture.remade >= MOST_REMAKES:
            detail = f"Upscaled anew {picture.remade} times, and each result was damaged in store."
            move_picture(session, picture, PictureState.FAILED, now, code=code, detail=detail)
            continue
        picture.remade += 1
        picture.attempts, picture.announced_at = 0, now
        move_picture(session, picture, PictureState.QUEUED, now, why=code)
        wakeups.append(picture_wakeup(picture))
    add_up(session, [job])
    return wakeups + settle(session, job, now)


def _forget_result(session: Session, picture: Picture) -> None:
    """Keep everybody from using the object; whoever lists objects without rows deletes it."""
    same = UpscaleCache.object_key == picture.result_key
    session.execute(delete(UpscaleCache).where(same))
    picture.result_key = picture.result_sha256 = picture.result_bytes = None
