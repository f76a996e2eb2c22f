"""The tables: what a row holds and what the database itself forbids; no behaviour.

Everything under a job (its pictures and events) changes only in a transaction that has locked
the job's row. Whoever needs several jobs locks them in the order of their ids, or skips those
that are locked, so that two transactions never wait for each other.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crispdeck.queue.names import QueueName
from crispdeck.records.states import EventKind, JobKind, JobState, PictureState, Stage, UploadState

ID = String(32)
SHA256 = String(64)
OBJECT_KEY = String(512)
CODE = String(64)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC on both databases; SQLite itself knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand SQLite the naive UTC time that it stores as sortable text."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every time back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def words(kind: type[StrEnum]) -> Enum:
    """Store the words of an enum as text: a new word needs no migration."""
    words = [word.value for word in kind]
    return Enum(kind, native_enum=False, length=24, values_callable=lambda _: words)


class Table(DeclarativeBase):
    """The base of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        JobKind: words(JobKind),
        JobState: words(JobState),
        Stage: words(Stage),
        PictureState: words(PictureState),
        EventKind: words(EventKind),
        QueueName: words(QueueName),
        UploadState: words(UploadState),
    }


class Tenant(Table):
    """Who owns decks, jobs and keys; nothing is ever shared between two tenants."""

    __tablename__ = "tenant"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    # What differs from the settings for this tenant; None: as the settings say.
    max_open_jobs: Mapped[int | None]
    max_storage_bytes: Mapped[int | None] = mapped_column(BigInteger)
    requests_per_minute: Mapped[int | None]
    retention_days: Mapped[float | None]


class ApiKey(Table):
    """One key of a tenant; only a hash of its secret is kept."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    secret_sha256: Mapped[str] = mapped_column(SHA256)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Deck(Table):
    """An uploaded deck and its scan."""

    __tablename__ = "deck"
    __table_args__ = (
        Index(None, "tenant_id", "id"),
        Index(None, "tenant_id", "size_bytes"),
        Index(None, "expires_at", "id", "size_bytes"),
        Index(None, "name", "id"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(300))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(SHA256)
    object_key: Mapped[str] = mapped_column(OBJECT_KEY, unique=True)
    scan: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    brief: Mapped[dict[str, Any] | None]
    """What a list shows of the scan, which itself may be megabytes."""
    # No foreign key: SQLite could add one only by copying the table, which would cascade.
    batch_id: Mapped[str | None] = mapped_column(ID, index=True)
    folder: Mapped[str | None] = mapped_column(String(1000))
    """Where it lay in the folder that was handed in; for people, never used as a path."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None] = mapped_column(index=True)


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


class UpscaleCache(Table):
    """One upscaled picture that any later job of the tenant may use; one row, one object."""

    __tablename__ = "upscale"
    __table_args__ = (
        Index(None, "tenant_id", "sha256", "network", "scale", "variant"),
        Index(None, "tenant_id", "size_bytes"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(SHA256)
    network: Mapped[str] = mapped_column(String(100))
    scale: Mapped[int]
    variant: Mapped[str] = mapped_column(String(100))
    object_key: Mapped[str] = mapped_column(OBJECT_KEY, unique=True)
    format: Mapped[str] = mapped_column(String(16))
    width_px: Mapped[int]
    height_px: Mapped[int]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    report: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Original(Table):
    """The original of a picture that was swapped into somebody's deck; one row, one object."""

    __tablename__ = "original"
    __table_args__ = (Index(None, "tenant_id", "new_sha256"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"))
    new_sha256: Mapped[str] = mapped_column(SHA256)
    """Of the picture that took its place: by it the original is found again."""
    blob_sha256: Mapped[str] = mapped_column(SHA256)
    object_key: Mapped[str] = mapped_column(OBJECT_KEY, unique=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Pairing(Table):
    """A code that an add-in may exchange for a key, once; only its hash is kept."""

    __tablename__ = "pairing"

    code_sha256: Mapped[str] = mapped_column(SHA256, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"))
    key_id: Mapped[str] = mapped_column(ForeignKey("api_key.id", ondelete="CASCADE"))
    """Who showed the code."""
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class WorkerHeartbeat(Table):
    """The last sign of life of a worker."""

    __tablename__ = "worker_heartbeat"

    worker: Mapped[str] = mapped_column(String(200), primary_key=True)
    queues: Mapped[list[str]]
    doing: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]


class IdempotencyKey(Table):
    """A request that must not be carried out twice, and its answer once there is one."""

    __tablename__ = "idempotency_key"

    tenant_id: Mapped[str] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_hash: Mapped[str] = mapped_column(SHA256)
    created_at: Mapped[datetime] = mapped_column(index=True)
    response: Mapped[dict[str, Any] | None]


class Audit(Table):
    """Who did what as an administrator; outlives what it was done to."""

    __tablename__ = "audit"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[datetime]
    tenant_id: Mapped[str | None] = mapped_column(ID, index=True)
    actor: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(100))
    target: Mapped[str] = mapped_column(String(300))
    data: Mapped[dict[str, Any]]
