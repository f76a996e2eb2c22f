"""What the functions of this room take and give: jobs, pictures, claims, events, workers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crispdeck.queue.names import QueueName
from crispdeck.records.rows import FromRow
from crispdeck.records.states import (
    FINAL_JOB_STATES,
    EventKind,
    JobKind,
    JobState,
    PictureState,
    Stage,
)
from crispdeck.records.work.job_options import JobOptions


@dataclass(frozen=True, kw_only=True)
class JobRecord(FromRow):
    """A job with its counts as they were in one transaction."""

    id: str
    tenant_id: str
    deck_id: str | None
    kind: JobKind
    state: JobState
    stage: Stage
    queue: QueueName
    options: dict[str, Any]
    pictures_queued: int
    pictures_running: int
    pictures_done: int
    pictures_skipped: int
    pictures_failed: int
    pictures_cancelled: int
    worker: str | None
    attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime
    result_key: str | None
    result_bytes: int | None
    result_sha256: str | None
    summary: dict[str, Any] | None
    kept: tuple[str, ...] | None
    code: str | None
    detail: str | None

    @property
    def is_final(self) -> bool:
        """True when nothing will change any more, but for a retry."""
        return self.state in FINAL_JOB_STATES

    @property
    def pictures_total(self) -> int:
        """All pictures of the job; 0 before a deck is prepared."""
        return sum(getattr(self, f"pictures_{state.value}") for state in PictureState)


@dataclass(frozen=True, kw_only=True)
class PictureRecord(FromRow):
    """One distinct picture of a job."""

    id: str
    tenant_id: str
    job_id: str
    state: PictureState
    queue: QueueName
    parts: tuple[str, ...]
    sha256: str | None
    source_key: str | None
    source_format: str | None
    source_bytes: int | None
    width_px: int | None
    height_px: int | None
    scale: int | None
    worker: str | None
    attempts: int
    created_at: datetime
    queued_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    result_key: str | None
    result_format: str | None
    result_width_px: int | None
    result_height_px: int | None
    result_bytes: int | None
    result_sha256: str | None
    report: dict[str, Any] | None
    code: str | None
    detail: str | None


@dataclass(frozen=True, kw_only=True)
class NewPicture:
    """A picture that `prepare` found worth an upscale, and where its bytes lie."""

    parts: tuple[str, ...]
    sha256: str
    source_key: str
    source_format: str
    source_bytes: int
    width_px: int
    height_px: int
    scale: int


@dataclass(frozen=True, kw_only=True)
class SkippedPicture:
    """A picture that `prepare` left alone, and why."""

    parts: tuple[str, ...]
    code: str
    detail: str | None = None
    width_px: int | None = None
    height_px: int | None = None


@dataclass(frozen=True, kw_only=True)
class PictureOutcome:
    """How the work on a picture ended: done, skipped or failed."""

    state: PictureState
    result_key: str | None = None
    result_format: str | None = None
    width_px: int | None = None
    height_px: int | None = None
    size_bytes: int | None = None
    sha256: str | None = None
    """Of the result's bytes."""
    report: dict[str, Any] | None = None
    code: str | None = None
    detail: str | None = None
    traceback: str | None = None
    """Where it broke, for operators."""


@dataclass(frozen=True, kw_only=True)
class PictureClaim:
    """The right to work on one picture until the lease ends; `token` proves it."""

    id: str
    token: int
    tenant_id: str
    job_id: str
    attempts: int
    queue: QueueName
    parts: tuple[str, ...]
    sha256: str
    source_key: str
    source_format: str | None
    source_bytes: int | None
    width_px: int
    height_px: int
    scale: int
    crispness: float | None = None
    """What the job asked for; None: as this installation is set."""
    strip: bool = False
    """Leave date, place, author and other notes out."""


@dataclass(frozen=True, kw_only=True)
class JobClaim:
    """The right to work on one stage of a deck job until the lease ends."""

    id: str
    token: int
    tenant_id: str
    deck_id: str
    deck_key: str
    deck_sha256: str
    stage: Stage
    attempts: int
    queue: QueueName
    options: JobOptions
    claimed_at: datetime


@dataclass(frozen=True, kw_only=True)
class EventRecord(FromRow):
    """One change of a job or of one of its pictures."""

    seq: int
    job_id: str
    picture_id: str | None
    kind: EventKind
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WorkerRecord(FromRow):
    """The last sign of life of a worker."""

    worker: str
    queues: tuple[str, ...]
    doing: dict[str, Any]
    started_at: datetime
    beat_at: datetime


@dataclass(frozen=True, kw_only=True)
class DrainRecord(FromRow):
    """A worker that takes nothing new."""

    node: str
    since: datetime
    actor: str
