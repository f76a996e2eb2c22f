"""The tables behind batches and decks that come in parts."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crispdeck.records.states import UploadState
from crispdeck.records.tables import CODE, ID, OBJECT_KEY, Table


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
