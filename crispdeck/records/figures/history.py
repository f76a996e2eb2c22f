"""Figures of the last hour, day or week, from what was counted and what was not counted yet."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crispdeck.queue.names import SHOWN_QUEUES, QueueName
from crispdeck.records.database import Database
from crispdeck.records.figures.histogram import quantile_s
from crispdeck.records.figures.tally import (
    HOUR,
    MINUTE,
    QUARTER,
    Ended,
    Key,
    count_ended,
    counted_until,
    floor_to,
    read_tallies,
    total,
)


class Window(StrEnum):
    """How far a chart looks back."""

    HOUR = "1h"
    DAY = "24h"
    WEEK = "7d"


@dataclass(frozen=True)
class Grid:
    """How a window is cut into points."""

    length: timedelta
    step: timedelta
    counted_by: timedelta
    """The rows that it is read from: by minute, quarter or hour."""


GRIDS = {
    Window.HOUR: Grid(HOUR, MINUTE, MINUTE),
    Window.DAY: Grid(24 * HOUR, QUARTER, QUARTER),
    Window.WEEK: Grid(7 * 24 * HOUR, 2 * HOUR, HOUR),
}


@dataclass(frozen=True)
class Times:
    """Quantiles in seconds, each off by at most 5 %; None where nothing ended."""

    p50: float | None
    p95: float | None
    p99: float | None

    @classmethod
    def of(cls, bins: Mapping[int, int]) -> "Times":
        """Read them."""
        return cls(*(quantile_s(bins, share) for share in (0.5, 0.95, 0.99)))


@dataclass(frozen=True)
class History:
    """What ended within a window, by queue and step; the last step is not over yet."""

    window: Window
    step_s: float
    begins_at: tuple[datetime, ...]
    by_queue: dict[QueueName, tuple[Ended, ...]]
    last_step_s: float
    """How much of the last step has passed."""

    def total(self, *queues: QueueName) -> Ended:
        """Add the whole window up, of these queues."""
        return total(ended for queue in queues for ended in self.by_queue[queue])

    def points(self, *queues: QueueName) -> list[Ended]:
        """Add the queues up, step by step."""
        steps = zip(*(self.by_queue[queue] for queue in queues), strict=True)
        return [total(step) for step in steps]

    def step_lengths_s(self) -> list[float]:
        """Return how long each step is, so far."""
        return [self.step_s] * (len(self.begins_at) - 1) + [self.last_step_s]

    @property
    def length_s(self) -> float:
        """How much time all steps cover."""
        return sum(self.step_lengths_s())


def history(db: Database, window: Window) -> History:
    """Look back."""
    grid = GRIDS[window]
    with db.reading() as session:
        now = db.now(session)
        last = floor_to(now, grid.step)
        count = grid.length // grid.step
        steps = [last - grid.step * back for back in reversed(range(count))]
        found: dict[Key, Ended] = defaultdict(Ended)
        for (at, queue), ended in read_tallies(session, grid.counted_by, steps[0], now):
            found[floor_to(at, grid.step), queue].add(ended)
        uncounted = max(counted_until(session) or steps[0], steps[0])
        for (at, queue), ended in count_ended(session, uncounted, now + MINUTE).items():
            found[floor_to(at, grid.step), queue].add(ended)
    return History(
        window=window,
        step_s=grid.step.total_seconds(),
        begins_at=tuple(steps),
        by_queue={
            queue: tuple(found.get((at, queue)) or Ended() for at in steps)
            for queue in SHOWN_QUEUES
        },
        last_step_s=max(1.0, (now - last).total_seconds()),
    )


def failure_share(ended: Ended) -> float | None:
    """Return which part (0 to 1) of what ended has failed; cancelled ones do not count."""
    tried = sum(ended.counts[name] for name in ("done", "skipped", "failed"))
    return ended.counts["failed"] / tried if tried else None
