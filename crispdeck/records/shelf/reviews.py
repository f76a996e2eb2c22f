"""Review links: a key for one batch, and what was said through it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crispdeck.errors import NotFoundError
from crispdeck.records.database import Database
from crispdeck.records.people.keys import IssuedKey, Scope, issue_key
from crispdeck.records.rows import FromRow
from crispdeck.records.shelf.batches import get_batch
from crispdeck.records.tables import ApiKey, Deck, Review, ReviewVerdict


@dataclass(frozen=True, kw_only=True)
class VerdictRecord(FromRow):
    """What was said of a deck."""

    deck_id: str
    is_accepted: bool
    comment: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReviewRecord:
    """A link as whoever made it sees it; the link itself is known to nobody here."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    opened_at: datetime | None
    withdrawn_at: datetime | None
    verdicts: tuple[VerdictRecord, ...]


def share_batch(
    db: Database,
    tenant_id: str,
    batch_id: str,
    *,
    name: str,
    expires_at: datetime,
    parent_id: str,
) -> IssuedKey:
    """Make a key for one batch; it ends with the key of whoever makes it.

    Raises:
        NotFoundError, GoneError: no such batch of this tenant.
    """
    get_batch(db, tenant_id, batch_id)
    issued = issue_key(
        db, tenant_id, [Scope.REVIEW], name, expires_at=expires_at, parent_id=parent_id
    )
    with db.session() as session:
        session.add(Review(key_id=issued.id, batch_id=batch_id))
    return issued


def batch_of_review(db: Database, key_id: str) -> str:
    """Return which batch a key opens. Raises NotFoundError."""
    with db.reading() as session:
        row = session.get(Review, key_id)
        if row is None:
            raise NotFoundError("This link opens nothing.")
        return row.batch_id


def say_verdict(
    db: Database, key_id: str, deck_id: str, *, is_accepted: bool, comment: str
) -> None:
    """Note what is said of a deck of the key's batch; said again, the last word counts.

    Raises:
        NotFoundError: the deck is none of that batch.
    """
    with db.session() as session:
        review, deck = session.get(Review, key_id), session.get(Deck, deck_id)
        if review is None or deck is None or deck.batch_id != review.batch_id:
            raise NotFoundError(f"There is no deck {deck_id}.")
        session.merge(
            ReviewVerdict(
                key_id=key_id,
                deck_id=deck_id,
                is_accepted=is_accepted,
                comment=comment,
                at=db.now(session),
            )
        )


def verdicts_of(db: Database, key_id: str) -> tuple[VerdictRecord, ...]:
    """List what was said through one link."""
    with db.reading() as session:
        return _verdicts(session, key_id)


def list_reviews(db: Database, tenant_id: str, batch_id: str) -> list[ReviewRecord]:
    """List the links to a batch, newest first. Raises NotFoundError, GoneError."""
    get_batch(db, tenant_id, batch_id)
    with db.reading() as session:
        query = (
            select(ApiKey)
            .join(Review, Review.key_id == ApiKey.id)
            .where(Review.batch_id == batch_id, ApiKey.tenant_id == tenant_id)
            .order_by(ApiKey.id.desc())
        )
        return [
            ReviewRecord(
                id=key.id,
                name=key.name,
                created_at=key.created_at,
                expires_at=key.expires_at,
                opened_at=key.last_used_at,
                withdrawn_at=key.revoked_at,
                verdicts=_verdicts(session, key.id),
            )
            for key in session.scalars(query)
        ]


def _verdicts(session: Session, key_id: str) -> tuple[VerdictRecord, ...]:
    query = select(ReviewVerdict).where(ReviewVerdict.key_id == key_id).order_by(ReviewVerdict.at)
    return tuple(VerdictRecord.of(row) for row in session.scalars(query))
