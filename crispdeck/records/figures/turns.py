"""Who waits for whom: what each tenant has waiting and running in a queue, next turn first."""

from dataclasses import dataclass

from sqlalchemy import func, select

from crispdeck.queue.names import QueueName
from crispdeck.records.database import Database
from crispdeck.records.tables import Share, Tenant

SHOWN = 20
"""Tenants of one queue that are named; those behind them wait longer."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """How one tenant stands in one queue."""

    tenant_id: str
    name: str
    queue: QueueName
    queued: int
    running: int
    weight: float
    share: float
    """Part of what runs that is its due while all that wait now wait, 0 to 1."""
    holds_more: bool
    """It holds more than that, and stands behind those that hold less."""


def turns(db: Database) -> list[Turn]:
    """List the tenants that wait, in the order of their turns, queue by queue."""
    weight = func.coalesce(Tenant.weight, 1.0)
    with db.reading() as session:
        rows = session.execute(
            select(Share, Tenant.name, weight)
            .join(Tenant, Tenant.id == Share.tenant_id)
            .where(Share.queued > 0)
        ).all()
        held = {
            row.queue: row.running
            for row in session.execute(
                select(Share.queue, func.sum(Share.running).label("running")).group_by(Share.queue)
            )
        }
    found = []
    for queue in (QueueName.INTERACTIVE, QueueName.BULK):
        here = [(share, name, weighs) for share, name, weighs in rows if share.queue is queue]
        weights = sum(weighs for _, _, weighs in here)
        line = [
            (
                share.turn,
                Turn(
                    tenant_id=share.tenant_id,
                    name=name,
                    queue=queue,
                    queued=share.queued,
                    running=share.running,
                    weight=weighs,
                    share=weighs / weights,
                    holds_more=share.running > (held[queue] + 1) * weighs / weights,
                ),
            )
            for share, name, weighs in here
        ]
        line.sort(key=lambda one: (one[1].holds_more, one[0], one[1].tenant_id))
        found += [turn for _, turn in line[:SHOWN]]
    return found
