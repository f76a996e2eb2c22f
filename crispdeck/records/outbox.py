"""What other programs shall be told is a row, written in the transaction of what happened."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crispdeck.records.ids import new_id
from crispdeck.records.states import DeliveryState
from crispdeck.records.tables import Job, Webhook, WebhookDelivery


def note_job_end(session: Session, job: Job, now: datetime) -> None:
    """Leave a delivery for each address of the job's tenant that asked for such an end."""
    event = f"job.{job.state.value}"
    query = select(Webhook.id, Webhook.events).where(Webhook.tenant_id == job.tenant_id)
    for webhook_id, events in session.execute(query):
        if event in events:
            data = {
                "job_id": job.id,
                "kind": job.kind.value,
                "deck_id": job.deck_id,
                "state": job.state.value,
                "code": job.code,
            }
            add_delivery(session, webhook_id, event, data, now)


def add_delivery(
    session: Session, webhook_id: str, event: str, data: dict[str, Any], now: datetime
) -> str:
    """Leave a delivery that is due now; return its id."""
    row = WebhookDelivery(
        id=new_id(),
        webhook_id=webhook_id,
        event=event,
        data=data,
        state=DeliveryState.WAITING,
        not_before=now,
        created_at=now,
    )
    session.add(row)
    return row.id
