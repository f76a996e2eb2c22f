"""Deliveries to other programs as work: due, claimed, ended, tried again, forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from crispdeck.queue.names import QueueName, TaskName, WakeUp
from crispdeck.records.database import Database
from crispdeck.records.states import DeliveryState
from crispdeck.records.tables import Webhook, WebhookDelivery

MOST_ATTEMPTS = 12
"""With pauses that double from half a minute and end at six hours: a day and a half in all."""
FIRST_PAUSE_S = 30.0  # a restart of the other side is over by then; a guess
LONGEST_PAUSE_S = 6 * 3600.0  # a night is bridged with two attempts; a guess
KEPT = timedelta(days=30)
"""So long the log remembers what has ended; a guess."""


@dataclass(frozen=True)
class DeliveryClaim:
    """What one attempt sends.

    Attributes:
        attempt: its number, from 1; the claim's fence.
    """

    id: str
    url: str
    secret: str
    event: str
    data: dict[str, Any]
    created_at: datetime
    attempt: int


def due_webhooks(db: Database) -> list[WakeUp]:
    """Name each address for which a delivery is due."""
    with db.reading() as session:
        query = (
            select(WebhookDelivery.webhook_id)
            .where(
                WebhookDelivery.state == DeliveryState.WAITING,
                WebhookDelivery.not_before <= db.now(session),
            )
            .distinct()
        )
        return [webhook_wakeup(webhook_id) for webhook_id in session.scalars(query)]


def webhook_wakeup(webhook_id: str) -> WakeUp:
    """Give the message for an address with something due."""
    return WakeUp(TaskName.WEBHOOK, QueueName.MAINTENANCE, webhook_id)


def claim_delivery(db: Database, webhook_id: str, *, lease_s: float) -> DeliveryClaim | None:
    """Take what has been due for longest; None: nothing is.

    A process that dies with it loses the attempt and nothing else: after the lease it is due again.
    """
    with db.session() as session:
        now = db.now(session)
        query = (
            select(WebhookDelivery)
            .where(
                WebhookDelivery.webhook_id == webhook_id,
                WebhookDelivery.state == DeliveryState.WAITING,
                WebhookDelivery.not_before <= now,
            )
            .order_by(WebhookDelivery.not_before, WebhookDelivery.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = session.scalars(query).first()
        if row is None:
            return None
        hook = session.get_one(Webhook, webhook_id)
        row.attempts += 1
        row.not_before = now + timedelta(seconds=lease_s)
        row.tried_at = now
        return DeliveryClaim(
            row.id, hook.url, hook.secret, row.event, row.data, row.created_at, row.attempts
        )


def end_delivery(
    db: Database,
    claim: DeliveryClaim,
    *,
    status: int | None,
    code: str | None,
    took_ms: int,
    jitter: float,
) -> None:
    """Note how an attempt ended; a claim that was lost meanwhile changes nothing.

    Args:
        status: of the answer; None: there was none.
        code: why it failed; None: it was taken.
        jitter: multiplies the pause, so that what failed together is not tried together.
    """
    with db.session() as session:
        now = db.now(session)
        state = DeliveryState.SENT if code is None else DeliveryState.WAITING
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (claim.attempt - 1)) * jitter
        if code is not None and claim.attempt >= MOST_ATTEMPTS:
            state = DeliveryState.FAILED
        session.execute(
            update(WebhookDelivery)
            .where(
                WebhookDelivery.id == claim.id,
                WebhookDelivery.state == DeliveryState.WAITING,
                WebhookDelivery.attempts == claim.attempt,
            )
            .values(
                state=state,
                status=status,
                code=code,
                took_ms=took_ms,
                not_before=now + timedelta(seconds=pause_s),
            )
            .execution_options(synchronize_session=False)
        )


def forget_old_deliveries(db: Database) -> None:
    """Forget what ended long ago."""
    with db.session() as session:
        session.execute(
            delete(WebhookDelivery)
            .where(
                WebhookDelivery.state != DeliveryState.WAITING,
                WebhookDelivery.created_at < db.now(session) - KEPT,
            )
            .execution_options(synchronize_session=False)
        )
