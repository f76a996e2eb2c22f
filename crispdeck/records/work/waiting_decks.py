"""Decks that were asked for while their tenant had no job free: begun as soon as one is.

The wish is a row, so it outlives the page that uttered it. Workers look after each deck that they
end, and every sweep looks again.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crispdeck.errors import GoneError, LimitReachedError, NotFoundError
from crispdeck.queue.names import WakeUp
from crispdeck.records.database import Database
from crispdeck.records.people.tenant_limits import Allowances, allowances
from crispdeck.records.people.tenants import lock_tenant
from crispdeck.records.shelf.decks import lock_deck
from crispdeck.records.states import OPEN_JOB_STATES
from crispdeck.records.tables import Deck, Job, WaitingDeck
from crispdeck.records.work.job import add_deck_job
from crispdeck.records.work.job_options import JobOptions
from crispdeck.settings import Settings


def enqueue_decks(db: Database, tenant_id: str, requests: Sequence[tuple[str, JobOptions]]) -> None:
    """Note decks, by id, that shall be worked on in this order; asked again, the options change.

    What was deleted meanwhile, or is in work by now, is passed over.
    """
    with db.session() as session:
        lock_tenant(session, tenant_id)
        now = db.now(session)
        for place, (deck_id, options) in enumerate(requests):
            try:
                lock_deck(session, tenant_id, deck_id, now)
            except (GoneError, NotFoundError):
                continue
            if _is_in_work(session, deck_id):
                continue
            row = session.get(WaitingDeck, deck_id)
            if row is None:
                row = WaitingDeck(deck_id=deck_id, tenant_id=tenant_id, asked_at=now, place=place)
                session.add(row)
            row.options = options.to_json()


def stop_waiting(db: Database, tenant_id: str, batch_id: str) -> None:
    """Take every deck of a batch out of the line of those that wait for a job."""
    with db.session() as session:
        lock_tenant(session, tenant_id)
        decks = select(Deck.id).where(Deck.batch_id == batch_id, Deck.tenant_id == tenant_id)
        session.execute(
            delete(WaitingDeck)
            .where(WaitingDeck.deck_id.in_(decks))
            .execution_options(synchronize_session=False)
        )


def start_waiting(db: Database, settings: Settings) -> list[WakeUp]:
    """Begin as many of the waiting decks as their tenants may have in work; oldest first."""
    with db.reading() as session:
        tenants = session.scalars(select(WaitingDeck.tenant_id).distinct()).all()
    wakeups: list[WakeUp] = []
    for tenant_id in tenants:
        allowed = allowances(db, tenant_id, settings)
        while (started := _start_next(db, tenant_id, allowed)) is not None:
            wakeups += started
    return wakeups


def _start_next(db: Database, tenant_id: str, allowed: Allowances) -> list[WakeUp] | None:
    """Begin the tenant's next deck; None when none waits or no job is free."""
    with db.session() as session:
        lock_tenant(session, tenant_id)
        row = _next(session, tenant_id)
        if row is None:
            return None
        try:
            _, wakeups = add_deck_job(
                session,
                tenant_id,
                row.deck_id,
                JobOptions.from_json(row.options),
                now=db.now(session),
                retention_days=allowed.retention_days,
                max_open_jobs=allowed.max_open_jobs,
            )
        except LimitReachedError:
            return None
        except (GoneError, NotFoundError):
            session.delete(row)  # deleted or expired while it waited
            return []
        return wakeups


def _is_in_work(session: Session, deck_id: str) -> bool:
    jobs = select(Job.id).where(Job.deck_id == deck_id, Job.state.in_(OPEN_JOB_STATES))
    return session.scalars(jobs.limit(1)).first() is not None


def _next(session: Session, tenant_id: str) -> WaitingDeck | None:
    query = (
        select(WaitingDeck)
        .where(WaitingDeck.tenant_id == tenant_id)
        .order_by(WaitingDeck.asked_at, WaitingDeck.place)
        .limit(1)
    )
    return session.scalars(query.execution_options(populate_existing=True)).first()
