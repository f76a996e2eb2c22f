"""What a list says of each batch: which decks, how many, how far; in one question for a page."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import func, select

from crispdeck.records.database import Database
from crispdeck.records.states import OPEN_JOB_STATES, JobState
from crispdeck.records.tables import Deck, Job, WaitingDeck

NAMES = 3
"""How many decks are named; the others are counted."""


@dataclass(frozen=True, kw_only=True)
class BatchOverview:
    """A batch in a line."""

    decks: int = 0
    names: tuple[str, ...] = ()
    """Of the first by folder and name."""
    first_deck_id: str | None = None
    size_bytes: int = 0
    """As handed in."""
    done: int = 0
    """Decks whose latest job has ended well."""
    open: int = 0
    """Decks in work, or waiting for it."""


@dataclass(frozen=True)
class _Line:
    batch_id: str
    deck_id: str
    name: str
    size_bytes: int
    state: JobState | None
    waits: bool


def batch_overviews(db: Database, batch_ids: Collection[str]) -> dict[str, BatchOverview]:
    """Sum batches up, by their ids; one in which nothing lies is left out."""
    with db.reading() as session:
        now = db.now(session)
        latest = (
            select(func.max(Job.id)).where(Job.deck_id == Deck.id).correlate(Deck).scalar_subquery()
        )
        query = (
            select(
                Deck.batch_id, Deck.id, Deck.name, Deck.size_bytes, Job.state, WaitingDeck.deck_id
            )
            .outerjoin(Job, Job.id == latest)
            .outerjoin(WaitingDeck, WaitingDeck.deck_id == Deck.id)
            .where(Deck.batch_id.in_(batch_ids), Deck.deleted_at.is_(None), Deck.expires_at > now)
            .order_by(Deck.batch_id, Deck.folder, Deck.name, Deck.id)
        )
        lines = [
            _Line(batch_id or "", deck_id, name, size_bytes, state, waiting is not None)
            for batch_id, deck_id, name, size_bytes, state, waiting in session.execute(query)
        ]
    return {
        batch_id: _summed_up(list(some))
        for batch_id, some in groupby(lines, key=lambda line: line.batch_id)
    }


def _summed_up(lines: list[_Line]) -> BatchOverview:
    return BatchOverview(
        decks=len(lines),
        names=tuple(line.name for line in lines[:NAMES]),
        first_deck_id=lines[0].deck_id,
        size_bytes=sum(line.size_bytes for line in lines),
        done=_count(line.state is JobState.DONE and not line.waits for line in lines),
        open=_count(line.waits or line.state in OPEN_JOB_STATES for line in lines),
    )


def _count(hits: Iterable[bool]) -> int:
    return sum(1 for hit in hits if hit)
