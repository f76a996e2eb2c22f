"""When something that goes on for ever last happened: the sweep, the tally, the cleaning."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crispdeck.records.database import Database
from crispdeck.records.rows import FromRow
from crispdeck.records.tables import Mark

SWEEP = "sweep"
TALLY = "tally"
HOUSE_CLEANING = "house_cleaning"
AWAY = "away."
"""Begins the names of what was away: the code of the error follows."""
AWAY_SHOWN = timedelta(minutes=10)
"""Twice the longest pause of a worker: what is still away has been met again by then."""


@dataclass(frozen=True, kw_only=True)
class MarkRecord(FromRow):
    """When something last happened."""

    name: str
    at: datetime
    data: dict[str, Any]


def set_mark(session: Session, name: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Note that the run of this name happened, in the caller's transaction."""
    session.merge(Mark(name=name, at=at, data=dict(data)))


def note_run(db: Database, name: str, **data: Any) -> None:
    """Note that a run has ended, and what it did."""
    with db.session() as session:
        set_mark(session, name, db.now(session), data)


def is_due(db: Database, name: str, *, every: timedelta) -> bool:
    """Say if the last run, by whichever process, is longer ago than `every`."""
    with db.reading() as session:
        row = session.get(Mark, name)
        return row is None or db.now(session) - row.at >= every


def get_mark(db: Database, name: str) -> MarkRecord | None:
    """Return when it last happened; None: never."""
    with db.reading() as session:
        row = session.get(Mark, name)
        return None if row is None else MarkRecord.of(row)


def note_away(db: Database, code: str, sentence: str) -> None:
    """Note that something which workers need did not answer."""
    note_run(db, AWAY + code, sentence=sentence)


def list_away(db: Database) -> list[MarkRecord]:
    """List what was away within the last minutes, the latest first."""
    with db.reading() as session:
        since = db.now(session) - AWAY_SHOWN
        query = (
            select(Mark)
            .where(Mark.name.startswith(AWAY), Mark.at >= since)
            .order_by(Mark.at.desc())
        )
        return [MarkRecord.of(row) for row in session.scalars(query)]
