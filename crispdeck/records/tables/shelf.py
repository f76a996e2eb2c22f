"""Decks, batches, uploads in parts, upscales, originals, and requests not to be done twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from crispdeck.records.states import UploadState
from crispdeck.records.tables.base import CODE, ID, OBJECT_KEY, SHA256, Table


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


class Batch(Table):
    """Decks that were handed in together and share their choices."""

    __tablename__ = "batch"
    __table_args__ = (Index(None, "tenant_id", "id"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"))
    options: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    deleted_at: Mapped[datetime | None]


class Upload(Table):
    """A deck that comes in parts, until it is one: what has arrived, and what became of it."""

    __tablename__ = "upload"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"), index=True)
    batch_id: Mapped[str | None] = mapped_column(
        ForeignKey("batch.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(300))
    folder: Mapped[str] = mapped_column(String(1000))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    offset_bytes: Mapped[int] = mapped_column(BigInteger)
    allow_signed: Mapped[bool]
    state: Mapped[UploadState]
    code: Mapped[str | None] = mapped_column(CODE)
    detail: Mapped[str | None] = mapped_column(Text)
    deck_id: Mapped[str | None] = mapped_column(ID)
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime] = mapped_column(index=True)


class UploadPart(Table):
    """One piece of an upload; the next one starts where it ends."""

    __tablename__ = "upload_part"

    upload_id: Mapped[str] = mapped_column(
        ForeignKey("upload.id", ondelete="CASCADE"), primary_key=True
    )
    start_bytes: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    object_key: Mapped[str] = mapped_column(OBJECT_KEY, unique=True)


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
    object_sha256: Mapped[str | None] = mapped_column(SHA256)
    """Of the upscaled picture; None in rows that are older than this column."""
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


class DerivedFile(Table):
    """What is made of a deck and can be made again: a report, its slides drawn."""

    __tablename__ = "derived_file"
    __table_args__ = (Index(None, "deck_id", "job_id", "kind"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"), index=True)
    deck_id: Mapped[str] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"))
    job_id: Mapped[str] = mapped_column(ID)
    """Of what it tells; there is one of each kind for a job."""
    kind: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(SHA256)
    """The SHA-256 of what it was made from: another job or other kept originals are another."""
    object_key: Mapped[str] = mapped_column(OBJECT_KEY, unique=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(SHA256)
    created_at: Mapped[datetime]


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
