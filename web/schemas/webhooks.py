"""Webhooks as requests and answers."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from crispdeck.records.people.webhooks import (
    DeliveryRecord,
    NewWebhook,
    WebhookEvent,
    WebhookRecord,
)
from crispdeck.records.states import DeliveryState
from crispdeck.words.webhooks import delivery_words
from web.schemas.requests import Strict


class WebhookRequest(Strict):
    """An address to be told at."""

    url: str = Field(max_length=2000, description="https://…")
    events: list[WebhookEvent] = Field(min_length=1, description="what it is told")


class WebhookPath(BaseModel):
    """A webhook of the caller's tenant."""

    webhook_id: str


class NewWebhookOut(BaseModel):
    """A webhook, in the only answer that holds its secret."""

    id: str
    secret: str = Field(description="whsec_ and the base64 of the HMAC key")

    @classmethod
    def of(cls, made: NewWebhook) -> Self:
        """Show it."""
        return cls(id=made.id, secret=made.secret)


class WebhookOut(BaseModel):
    """A webhook without its secret."""

    id: str
    url: str
    events: list[str]
    created_at: datetime

    @classmethod
    def of(cls, record: WebhookRecord) -> Self:
        """Show a record."""
        return cls.model_validate(record, from_attributes=True)


class WebhookList(BaseModel):
    """All webhooks of the caller's tenant."""

    items: list[WebhookOut]


class DeliveryOut(BaseModel):
    """What a webhook was or will be told."""

    id: str = Field(description="the `webhook-id` of each attempt")
    event: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    tried_at: datetime | None
    not_before: datetime = Field(description="while waiting: when it is tried next")
    took_ms: int | None
    status: int | None = Field(description="of the last answer")
    code: str | None = Field(description="why the last attempt failed")
    words: str

    @classmethod
    def of(cls, record: DeliveryRecord) -> Self:
        """Show a record."""
        fields = {name: getattr(record, name) for name in cls.model_fields if name != "words"}
        return cls(**fields, words=delivery_words(record.code, record.status))


class DeliveryList(BaseModel):
    """The latest deliveries, newest first."""

    items: list[DeliveryOut]


class TestSent(BaseModel):
    """A test on its way."""

    delivery_id: str
