"""Fresh rows of pictures; adding them to a job is the caller's part."""

from datetime import datetime

from crispdeck.records.ids import new_id
from crispdeck.records.states import PictureState
from crispdeck.records.tables import Job, Picture
from crispdeck.records.work.values import NewPicture, SkippedPicture


def queued_row(job: Job, picture: NewPicture, now: datetime) -> Picture:
    """Make a picture that waits for a worker."""
    return Picture(
        id=new_id(),
        tenant_id=job.tenant_id,
        job_id=job.id,
        state=PictureState.QUEUED,
        queue=job.queue,
        bucket=f"{picture.width_px}x{picture.height_px}x{picture.scale}",
        parts=list(picture.parts),
        sha256=picture.sha256,
        source_key=picture.source_key,
        source_format=picture.source_format,
        source_bytes=picture.source_bytes,
        width_px=picture.width_px,
        height_px=picture.height_px,
        scale=picture.scale,
        attempts=0,
        token=0,
        created_at=now,
        queued_at=now,
        announced_at=now,
    )


def skipped_row(job: Job, picture: SkippedPicture, now: datetime) -> Picture:
    """Make a picture that is left alone from the start."""
    return Picture(
        id=new_id(),
        tenant_id=job.tenant_id,
        job_id=job.id,
        state=PictureState.SKIPPED,
        queue=job.queue,
        bucket="",
        parts=list(picture.parts),
        width_px=picture.width_px,
        height_px=picture.height_px,
        attempts=0,
        token=0,
        created_at=now,
        finished_at=now,
        announced_at=now,
        code=picture.code,
        detail=picture.detail,
    )
