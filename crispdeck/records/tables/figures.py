"""What happened over time: tallies that outlive their rows, and when something last ran."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from crispdeck.queue.names import QueueName
from crispdeck.records.tables.base import Table


class Mark(Table):
    """When something that goes on for ever last happened, and what came of it."""

    __tablename__ = "mark"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]


class Tally(Table):
    """What ended within a minute, a quarter or an hour in one queue; outlives the rows it counts.

    In the queue `cpu` whole deck jobs are counted, in the others pictures.
    """

    __tablename__ = "tally"

    span_s: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    begins_at: Mapped[datetime] = mapped_column(primary_key=True)
    queue: Mapped[QueueName] = mapped_column(primary_key=True)
    done: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    output_px: Mapped[int] = mapped_column(BigInteger, default=0)
    wait_bins: Mapped[dict[str, Any]]
    """How many waited how long, by the bins of crispdeck.records.figures.histogram."""
    run_bins: Mapped[dict[str, Any]]
    waiting: Mapped[int] = mapped_column(default=0)
    """The most rows that a sweep saw waiting."""
    oldest_wait_s: Mapped[float] = mapped_column(default=0.0)
