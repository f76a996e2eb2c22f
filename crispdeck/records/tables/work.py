"""Jobs, their pictures and events, decks that wait for a job, and the workers."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    literal_column,
)
from sqlalchemy.orm import Mapped, mapped_column

from crispdeck.queue.names import QueueName
from crispdeck.records.states import EventKind, JobKind, JobState, PictureState, Stage
from crispdeck.records.tables.base import CODE, ID, OBJECT_KEY, SHA256, Table

SERIAL = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database counts up: SQLite does so for INTEGER alone."""


def _where(condition: str) -> dict[str, Any]:
    """Limit an index to some rows. Only a query with the very same literal can use it."""
    text: ColumnElement[bool] = literal_column(condition)
    return {"sqlite_where": text, "postgresql_where": text}


class Leased:
    """The columns by which a row is owned by at most one worker at a time."""

    worker: Mapped[str | None] = mapped_column(String(200))
    leased_at: Mapped[datetime | None]
    """When the lease was taken or last renewed; in the future only after a clock was set back."""
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    """Nobody takes the row earlier: something that it needs was away a moment ago."""
    outage_since: Mapped[datetime | None]
    """Since when all work on the row has ended in an outage; such ends are no attempts."""
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
        Index("ix_job_turn", "tenant_id", "queue", "turn", "id", **_where("pictures_queued > 0")),
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
    turn: Mapped[float] = mapped_column(Float, default=0.0, server_default="0")
    """Pictures begun, counted from where its tenant's other jobs stood when it came."""
    created_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    """Since when its stage has been waited for, however often it was announced."""
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    result_key: Mapped[str | None] = mapped_column(OBJECT_KEY, index=True)
    result_bytes: Mapped[int | None] = mapped_column(BigInteger)
    result_sha256: Mapped[str | None] = mapped_column(SHA256)
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
        Index("ix_picture_next", "job_id", "id", **_where("state = 'queued'")),
        Index("ix_picture_alike", "queue", "bucket", "job_id", "id", **_where("state = 'queued'")),
        Index("ix_picture_waiting", "queue", "queued_at", **_where("state = 'queued'")),
        Index(None, "state", "lease_until"),
        Index(None, "state", "finished_at"),
        Index(None, "queue", "started_at"),
        Index(None, "tenant_id", "source_bytes"),
        Index(None, "tenant_id", "result_sha256"),
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
    result_sha256: Mapped[str | None] = mapped_column(SHA256)
    remade: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often its result was found damaged or missing, and made again."""
    report: Mapped[dict[str, Any] | None]
    code: Mapped[str | None] = mapped_column(CODE)
    detail: Mapped[str | None] = mapped_column(Text)
    traceback: Mapped[str | None] = mapped_column(Text, deferred=True)


class Event(Table):
    """One change of a job or of one of its pictures."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "job_id", "seq"), {"sqlite_autoincrement": True})

    seq: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True)
    tenant_id: Mapped[str] = mapped_column(ID)
    job_id: Mapped[str] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"))
    picture_id: Mapped[str | None] = mapped_column(ID)
    kind: Mapped[EventKind]
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class PictureChange(Table):
    """A change of a picture that its job's counts and events do not show yet.

    Written together with the picture's row by whoever changes it, without the job's lock; taken
    away by whoever holds that lock and adds it up. There is no foreign key: its check would lock
    the job's row.
    """

    __tablename__ = "picture_change"
    __table_args__ = (Index(None, "job_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True)
    tenant_id: Mapped[str] = mapped_column(ID)
    job_id: Mapped[str] = mapped_column(ID)
    picture_id: Mapped[str] = mapped_column(ID)
    queue: Mapped[QueueName]
    was: Mapped[PictureState]
    becomes: Mapped[PictureState]
    data: Mapped[dict[str, Any]]
    """What the event says beside the state: worker, parts, code."""
    at: Mapped[datetime]


class Share(Table):
    """How much of a tenant's work waits and runs in one queue, and whose turn it is.

    Sums of what the jobs' counts say, so that a claim need not count pictures.
    """

    __tablename__ = "share"

    tenant_id: Mapped[str] = mapped_column(ID, primary_key=True)
    queue: Mapped[QueueName] = mapped_column(primary_key=True)
    queued: Mapped[int] = mapped_column(default=0)
    running: Mapped[int] = mapped_column(default=0)
    turn: Mapped[float] = mapped_column(Float, default=0.0)
    """Pictures begun by weight (start-time fair queueing); the least is next."""


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


class QueuePause(Table):
    """A queue from which nobody takes anything until it is resumed."""

    __tablename__ = "queue_pause"

    queue: Mapped[QueueName] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))


class Drain(Table):
    """A worker that must take nothing new, by its node: it outlives the worker's processes."""

    __tablename__ = "drain"

    node: Mapped[str] = mapped_column(String(200), primary_key=True)
    since: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))
