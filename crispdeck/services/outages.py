"""What a worker does while something that it needs is away: it waits, and counts no attempts."""

import logging
import random
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from crispdeck.errors import CrispdeckError, RecordsError
from crispdeck.queue.names import WakeUp
from crispdeck.records.database import Database
from crispdeck.records.figures.last_runs import note_away
from crispdeck.records.outages import LONGEST_PAUSE, SHORTEST_PAUSE, Outage
from crispdeck.records.work.claims import Claim, put_off
from crispdeck.settings import Settings

logger = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE_S = 240.0
"""How long a finished result waits for a database that is away: it is worth more than a lease,
and as long as nobody can claim, nobody takes its row. Below the time limit of a task."""

LONGEST_WAIT_S = 10.0
"""Between two tries; sweeps, which take rows back, are as far apart by default."""


class Outages:
    """The outages that one process has met; used by one thread."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._longest = timedelta(hours=settings.outage_hours)
        self._chance = random.Random()  # noqa: S311 - no secret
        self._rests_until = 0.0
        self._pause_s = 0.0

    @property
    def rests(self) -> bool:
        """True while this process takes nothing, since what it needs was away a moment ago."""
        return time.monotonic() < self._rests_until

    def put_off(self, claims: Sequence[Claim], error: CrispdeckError) -> list[WakeUp]:
        """Let rows wait for what was away, and rest: longer each time, and out of step."""
        logger.warning("%s: %s rows wait for it", error, len(claims))
        longest_s = LONGEST_PAUSE.total_seconds()
        self._pause_s = min(longest_s, max(SHORTEST_PAUSE.total_seconds(), 2 * self._pause_s))
        # Out of step, or a hundred workers come back to a store that is just up in the same second.
        self._rests_until = time.monotonic() + self._pause_s * self._chance.uniform(0.5, 1)
        outage = Outage(longest=self._longest)

        def write() -> list[WakeUp]:
            note_away(self._db, error.code, error.message)
            return put_off(self._db, claims, code=error.code, outage=outage)

        return patiently(write)

    def over(self) -> None:
        """Note that everything answered: the next outage begins with a short rest again."""
        self._pause_s = self._rests_until = 0.0


def patiently(write: Callable[[], T], *, patience_s: float = PATIENCE_S) -> T:
    """Try until the database answers, with growing pauses and jitter; a fenced write may be late.

    Raises:
        RecordsError: it was away for longer than that.
    """
    deadline = time.monotonic() + patience_s
    pause_s = 0.2
    while True:
        try:
            return write()
        except RecordsError as error:
            if time.monotonic() + pause_s > deadline:
                raise
            logger.warning("%s; tried again in %.1f s", error, pause_s)
        time.sleep(pause_s * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
        pause_s = min(2 * pause_s, LONGEST_WAIT_S)
