"""The addresses that a tenant wants to be told at, and the log of what they were told."""

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crispdeck.errors import LimitReachedError, NotFoundError
from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.outbox import add_delivery
from crispdeck.records.people.tenants import lock_tenant
from crispdeck.records.rows import FromRow
from crispdeck.records.states import DeliveryState
from crispdeck.records.tables import Webhook, WebhookDelivery

MOST_WEBHOOKS = 10
"""Of one tenant: each end of a job writes a row for each of them. A guess."""

SECRET_MARK = "whsec_"  # noqa: S105 - begins every secret, by the Standard Webhooks specification
SECRET_BYTES = 32
"""As the specification recommends: 24 to 64."""


class WebhookEvent(StrEnum):
    """What a program may be told."""

    JOB_DONE = "job.done"
    JOB_FAILED = "job.failed"
    JOB_CANCELLED = "job.cancelled"


TEST_EVENT = "test"
"""Is sent when somebody presses the button, to whatever events the address listens."""


@dataclass(frozen=True, kw_only=True)
class WebhookRecord(FromRow):
    """An address, without its secret."""

    id: str
    tenant_id: str
    url: str
    events: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True)
class NewWebhook:
    """A new address, in the only moment that its secret is shown."""

    id: str
    secret: str


@dataclass(frozen=True, kw_only=True)
class DeliveryRecord(FromRow):
    """One line of the log."""

    id: str
    webhook_id: str
    event: str
    state: DeliveryState
    attempts: int
    not_before: datetime
    created_at: datetime
    tried_at: datetime | None
    took_ms: int | None
    status: int | None
    code: str | None


def add_webhook(
    db: Database, tenant_id: str, url: str, events: Iterable[WebhookEvent]
) -> NewWebhook:
    """Keep an address. Its shape is the caller's to check.

    Raises:
        LimitReachedError: the tenant has as many as it may.
        NotFoundError: there is no such tenant.
    """
    with db.session() as session:
        lock_tenant(session, tenant_id)
        query = select(func.count()).where(Webhook.tenant_id == tenant_id)
        if session.scalars(query).one() >= MOST_WEBHOOKS:
            raise LimitReachedError(f"A tenant has at most {MOST_WEBHOOKS} webhooks; delete one.")
        secret = SECRET_MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        row = Webhook(
            id=new_id(),
            tenant_id=tenant_id,
            url=url,
            secret=secret,
            events=sorted(set(events)),
            created_at=db.now(session),
        )
        session.add(row)
        return NewWebhook(row.id, secret)


def list_webhooks(db: Database, tenant_id: str) -> list[WebhookRecord]:
    """List a tenant's addresses, oldest first."""
    with db.reading() as session:
        query = select(Webhook).where(Webhook.tenant_id == tenant_id).order_by(Webhook.id)
        return [WebhookRecord.of(row) for row in session.scalars(query)]


def delete_webhook(db: Database, tenant_id: str, webhook_id: str) -> None:
    """Forget an address and its log. Raises NotFoundError."""
    with db.session() as session:
        session.delete(_own(session, tenant_id, webhook_id))


def send_test(db: Database, tenant_id: str, webhook_id: str) -> str:
    """Leave a delivery that says nothing but that it works; return its id.

    Raises:
        NotFoundError: there is no such address.
    """
    with db.session() as session:
        row = _own(session, tenant_id, webhook_id)
        return add_delivery(session, row.id, TEST_EVENT, {}, db.now(session))


def list_deliveries(
    db: Database, tenant_id: str, webhook_id: str | None = None, *, limit: int = 50
) -> list[DeliveryRecord]:
    """List what a tenant's addresses, or one of them, were or will be told, newest first.

    Raises:
        NotFoundError: the tenant has no such address.
    """
    query = select(WebhookDelivery).join(Webhook).where(Webhook.tenant_id == tenant_id)
    if webhook_id is not None:
        query = query.where(Webhook.id == webhook_id)
    with db.reading() as session:
        if webhook_id is not None:
            _own(session, tenant_id, webhook_id)
        rows = session.scalars(query.order_by(WebhookDelivery.id.desc()).limit(limit))
        return [DeliveryRecord.of(row) for row in rows]


def send_again(db: Database, tenant_id: str, delivery_id: str) -> str:
    """Give an ended delivery all its attempts anew; return its webhook's id.

    Raises:
        NotFoundError: there is no such delivery.
    """
    with db.session() as session:
        row = session.get(WebhookDelivery, delivery_id, with_for_update=True)
        if row is None:
            raise NotFoundError(f"There is no delivery {delivery_id}.")
        _own(session, tenant_id, row.webhook_id)
        if row.state is not DeliveryState.WAITING:
            row.state, row.attempts, row.not_before = DeliveryState.WAITING, 0, db.now(session)
        return row.webhook_id


def _own(session: Session, tenant_id: str, webhook_id: str) -> Webhook:
    row = session.get(Webhook, webhook_id)
    if row is None or row.tenant_id != tenant_id:
        raise NotFoundError(f"There is no webhook {webhook_id}.")
    return row
