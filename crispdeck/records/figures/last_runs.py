"""When something that goes on for ever last happened: the sweep, the tally, the cleaning."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from crispdeck.records.database import Database
from crispdeck.records.rows import FromRow
from crispdeck.records.tables import Mark

SWEEP = "sweep"
TALLY = "tally"
HOUSE_CLEANING = "house_cleaning"


@dataclass(frozen=True, kw_only=True)
class MarkRecord(FromRow):
    """When something last happened."""

    name: str
    at: datetime
    data: dict[str, Any]


def set_mark(session: Session, name: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Note that it happened."""
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
    """Look when it last happened; None: never."""
    with db.reading() as session:
        row = session.get(Mark, name)
        return None if row is None else MarkRecord.of(row)
