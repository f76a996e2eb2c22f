"""What the functions of this package take and give: plain frozen values, no session behind them."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Generic, Self, TypeVar

from crispdeck.deck.model import ScanOptions
from crispdeck.queue.names import QueueName
from crispdeck.records.states import (
    FINAL_JOB_STATES,
    EventKind,
    JobKind,
    JobState,
    PictureState,
    Stage,
    UploadState,
)
from crispdeck.records.tables import Table
from crispdeck.settings import Settings

T = TypeVar("T")

BESIDE_ROW = "beside_row"
"""Marks, as metadata, a field of a record that is no column of its row."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of many, newest first."""

    items: tuple[T, ...]
    next_after: str | None
    """Hand this in as `after` for the next page; None at the end."""


class FromRow:
    """A record whose fields are columns of its table."""

    @classmethod
    def of(cls, row: Table) -> Self:
        """Copy the columns."""
        names = [
            item.name
            for item in fields(cls)  # type: ignore[arg-type]
            if BESIDE_ROW not in item.metadata
        ]
        values = {name: getattr(row, name) for name in names}
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


@dataclass(frozen=True, kw_only=True)
class JobOptions:
    """What a job was asked for; kept with it as JSON."""

    pictures: tuple[str, ...] | None = None
    """Part names; None: all that the scan finds low."""
    target_ppi: float = 220.0
    max_scale: int = 4
    low_ppi: float = 110.0
    layouts: bool = False
    crispness: float | None = None
    """0 to 1; None: as this installation is set."""
    look: bool = True
    """Pictures that were enlarged before count by their true size."""
    queue: QueueName = QueueName.BULK

    def scan_options(self, settings: Settings) -> ScanOptions:
        """Join what was asked for with the limits of this installation."""
        return ScanOptions(
            low_ppi=self.low_ppi,
            target_ppi=self.target_ppi,
            max_scale=self.max_scale,
            layouts=self.layouts,
            look=self.look,
            max_input_px=settings.max_input_px,
            max_output_px=settings.max_output_px,
        )

    def to_json(self) -> dict[str, Any]:
        """Give the fields as JSON knows them."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        pictures = None if self.pictures is None else list(self.pictures)
        return values | {"pictures": pictures, "queue": self.queue.value}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        pictures = values["pictures"]
        chosen = None if pictures is None else tuple(pictures)
        return cls(**values | {"pictures": chosen, "queue": QueueName(values["queue"])})


@dataclass(frozen=True, kw_only=True)
class DeckRecord(FromRow):
    """An uploaded deck; its scan is fetched by `get_scan`."""

    id: str
    tenant_id: str
    name: str
    size_bytes: int
    sha256: str
    object_key: str
    brief: dict[str, Any] | None
    batch_id: str | None
    folder: str | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class BatchRecord(FromRow):
    """Decks that were handed in together."""

    id: str
    tenant_id: str
    options: dict[str, Any]
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class UploadRecord(FromRow):
    """A deck on its way."""

    id: str
    tenant_id: str
    batch_id: str | None
    name: str
    folder: str
    size_bytes: int
    offset_bytes: int
    allow_signed: bool
    state: UploadState
    code: str | None
    detail: str | None
    deck_id: str | None
    created_at: datetime
    touched_at: datetime


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
    report: dict[str, Any] | None = None
    code: str | None = None
    detail: str | None = None
    traceback: str | None = None
    """Where it broke, for operators."""


@dataclass(frozen=True, kw_only=True)
class PictureClaim(FromRow):
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
    width_px: int
    height_px: int
    scale: int
    crispness: float | None = field(default=None, metadata={BESIDE_ROW: True})
    """What the job asked for; None: as this installation is set."""


@dataclass(frozen=True, kw_only=True)
class JobClaim:
    """The right to work on one stage of a deck job until the lease ends."""

    id: str
    token: int
    tenant_id: str
    deck_id: str
    deck_key: str
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
class UpscaleRecord(FromRow):
    """An upscale that is there already."""

    id: str
    sha256: str
    network: str
    scale: int
    variant: str
    object_key: str
    format: str
    width_px: int
    height_px: int
    size_bytes: int
    report: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class WorkerRecord(FromRow):
    """The last sign of life of a worker."""

    worker: str
    queues: tuple[str, ...]
    doing: dict[str, Any]
    started_at: datetime
    beat_at: datetime


@dataclass(frozen=True, kw_only=True)
class AuditRecord(FromRow):
    """Who did what as an administrator."""

    id: str
    at: datetime
    tenant_id: str | None
    actor: str
    action: str
    target: str
    data: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class KeyRecord(FromRow):
    """An API key without its secret."""

    id: str
    tenant_id: str
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MarkRecord(FromRow):
    """When something last happened."""

    name: str
    at: datetime
    data: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class DrainRecord(FromRow):
    """A worker that takes nothing new."""

    node: str
    since: datetime
    actor: str


@dataclass(frozen=True, kw_only=True)
class OperatorRecord(FromRow):
    """An operator without the password."""

    id: str
    name: str
    role: str
    subject: str | None
    created_at: datetime
    last_login_at: datetime | None
    disabled_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SessionRecord(FromRow):
    """A log-in of an operator."""

    token_sha256: str
    address: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
