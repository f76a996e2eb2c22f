"""Jobs, their pictures and events, decks that wait for a job, and the workers."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from crispdeck.queue.names import QueueName
from crispdeck.records.states import EventKind, JobKind, JobState, PictureState, Stage
from crispdeck.records.tables.base import CODE, ID, OBJECT_KEY, SHA256, Table


class Leased:
    """The columns by which a row is owned by at most one worker at a time."""

    worker: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    """Claims since the row was last given a fresh start."""
    token: Mapped[int] = mapped_column(default=0)
    """Goes up with every claim and never down: an older token owns nothing any more."""
    announced_at: Mapped[datetime]
    """When a message was last asked for; the sweeper announces a row that nobody took again."""


class Job(Leased, Table):
    """A deck or a picture to be made sharp; its lease covers `prepare` and `assemble`."""

    __tablename__ = "job"
    __table_args__ = (
        Index(None, "tenant_id", "id"),
        Index(None, "tenant_id", "state", "id"),
        Index(None, "tenant_id", "result_bytes"),
        Index(None, "deck_id", "result_bytes"),
        Index(None, "state", "id"),
        Index(None, "state", "finished_at"),
        Index(None, "state", "stage", "lease_until"),
        Index(None, "kind", "expires_at"),
        CheckConstraint(
            "pictures_queued >= 0 AND pictures_running >= 0 AND pictures_done >= 0 AND "
            "pictures_skipped >= 0 AND pictures_failed >= 0 AND pictures_cancelled >= 0",
            name="counts",
        ),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"))
    deck_id: Mapped[str | None] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"))
    kind: Mapped[JobKind]
    state: Mapped[JobState]
    stage: Mapped[Stage]
    queue: Mapped[QueueName]
    options: Mapped[dict[str, Any]]
    pictures_queued: Mapped[int] = mapped_column(default=0)
    pictures_running: Mapped[int] = mapped_column(default=0)
    pictures_done: Mapped[int] = mapped_column(default=0)
    pictures_skipped: Mapped[int] = mapped_column(default=0)
    pictures_failed: Mapped[int] = mapped_column(default=0)
    pictures_cancelled: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    result_key: Mapped[str | None] = mapped_column(OBJECT_KEY, index=True)
    result_bytes: Mapped[int | None] = mapped_column(BigInteger)
    summary: Mapped[dict[str, Any] | None]
    kept: Mapped[list[str] | None]
    """Parts whose original bytes somebody wants back; the result itself stays as it is."""
    code: Mapped[str | None] = mapped_column(CODE)
    detail: Mapped[str | None] = mapped_column(Text)
    traceback: Mapped[str | None] = mapped_column(Text, deferred=True)


class Picture(Leased, Table):
    """One distinct picture of a job, with all the parts of the deck that hold its bytes."""

    __tablename__ = "picture"
    __table_args__ = (
        Index(None, "job_id", "id"),
        Index(None, "state", "queue", "id"),
        Index(None, "state", "queue", "bucket", "id"),
        Index(None, "state", "lease_until"),
        Index(None, "state", "finished_at"),
        Index(None, "queue", "started_at"),
        Index(None, "tenant_id", "source_bytes"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="lease"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ID)
    job_id: Mapped[str] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"))
    state: Mapped[PictureState]
    queue: Mapped[QueueName]
    bucket: Mapped[str] = mapped_column(String(40))
    """Pictures of one bucket go through the network in one call."""
    parts: Mapped[list[str]]
    sha256: Mapped[str | None] = mapped_column(SHA256)
    source_key: Mapped[str | None] = mapped_column(OBJECT_KEY, index=True)
    source_format: Mapped[str | None] = mapped_column(String(16))
    source_bytes: Mapped[int | None] = mapped_column(BigInteger)
    width_px: Mapped[int | None]
    height_px: Mapped[int | None]
    scale: Mapped[int | None]
    created_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    """Since when it has been waited for: its making, or the last retry by a person."""
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result_key: Mapped[str | None] = mapped_column(OBJECT_KEY, index=True)
    result_format: Mapped[str | None] = mapped_column(String(16))
    result_width_px: Mapped[int | None]
    result_height_px: Mapped[int | None]
    result_bytes: Mapped[int | None] = mapped_column(BigInteger)
    report: Mapped[dict[str, Any] | None]
    code: Mapped[str | None] = mapped_column(CODE)
    detail: Mapped[str | None] = mapped_column(Text)
    traceback: Mapped[str | None] = mapped_column(Text, deferred=True)


class Event(Table):
    """One change of a job or of one of its pictures."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "job_id", "seq"), {"sqlite_autoincrement": True})

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    tenant_id: Mapped[str] = mapped_column(ID)
    job_id: Mapped[str] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"))
    picture_id: Mapped[str | None] = mapped_column(ID)
    kind: Mapped[EventKind]
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class WaitingDeck(Table):
    """A deck that shall be worked on as soon as its tenant may have another job."""

    __tablename__ = "waiting_deck"
    __table_args__ = (Index(None, "tenant_id", "asked_at", "place"),)

    deck_id: Mapped[str] = mapped_column(
        ForeignKey("deck.id", ondelete="CASCADE"), primary_key=True
    )
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"))
    options: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    place: Mapped[int]
    """Among those that were asked for together."""


class WorkerHeartbeat(Table):
    """The last sign of life of a worker."""

    __tablename__ = "worker_heartbeat"

    worker: Mapped[str] = mapped_column(String(200), primary_key=True)
    queues: Mapped[list[str]]
    doing: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]


class Drain(Table):
    """A worker that must take nothing new, by its node: it outlives the worker's processes."""

    __tablename__ = "drain"

    node: Mapped[str] = mapped_column(String(200), primary_key=True)
    since: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))
