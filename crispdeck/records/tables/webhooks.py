"""Addresses of other programs that are told what has ended, and what they were told."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crispdeck.records.states import DeliveryState
from crispdeck.records.tables.base import CODE, ID, Table, words


class Webhook(Table):
    """An address that a tenant wants to be told at."""

    __tablename__ = "webhook"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(String(2000))
    secret: Mapped[str] = mapped_column(String(100))
    """Kept as it is: who signs needs it."""
    events: Mapped[list[str]]
    created_at: Mapped[datetime]


class WebhookDelivery(Table):
    """One thing that one address is told; written where the thing happened."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index(None, "webhook_id", "state", "not_before"),
        Index(None, "state", "not_before"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]]
    state: Mapped[DeliveryState] = mapped_column(words(DeliveryState))
    attempts: Mapped[int] = mapped_column(default=0)
    """Counted when one begins; also the fence: an end with an older number is refused."""
    not_before: Mapped[datetime]
    """While somebody is at it: when others may try."""
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    took_ms: Mapped[int | None]
    status: Mapped[int | None]
    """Of the last answer; None: there was none."""
    code: Mapped[str | None] = mapped_column(CODE)
    """Why the last attempt failed."""
