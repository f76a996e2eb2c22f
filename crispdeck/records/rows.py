"""What the rooms give: plain frozen values copied from rows, with no session behind them."""

from dataclasses import dataclass, fields
from typing import Generic, Self, TypeVar

from crispdeck.records.tables import Table

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of many, newest first."""

    items: tuple[T, ...]
    next_after: str | None
    """Hand this in as `after` for the next page; None at the end."""


class FromRow:
    """A record whose fields are columns of its table."""

    @classmethod
    def of(cls, row: Table) -> Self:
        """Copy the columns."""
        names = [item.name for item in fields(cls)]  # type: ignore[arg-type]
        values = {name: getattr(row, name) for name in names}
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
