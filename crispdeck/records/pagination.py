"""Pages over many rows, by the id of the last one seen; stable while new rows arrive."""

from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from crispdeck.records.rows import FromRow, Page

R = TypeVar("R", bound=FromRow)


def page_of(
    session: Session,
    query: Select[Any],
    id_column: InstrumentedAttribute[str],
    after: str | None,
    limit: int,
    record: type[R],
) -> Page[R]:
    """Run `query` newest first, from the row behind `after` on (ids sort by time)."""
    if after is not None:
        query = query.where(id_column < after)
    # One more than asked for: if it is there, there is a next page.
    rows = list(session.scalars(query.order_by(id_column.desc()).limit(limit + 1)))
    items = tuple(record.of(row) for row in rows[:limit])
    return Page(items, getattr(rows[limit - 1], id_column.key) if len(rows) > limit else None)
