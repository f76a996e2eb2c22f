"""How long work waits for what is away: longer the longer it has been, and never in step."""

import random
from dataclasses import dataclass, field
from datetime import timedelta

SHORTEST_PAUSE = timedelta(seconds=5)
"""A server that is started anew is away for about so long."""

LONGEST_PAUSE = timedelta(minutes=5)
"""Work goes on so soon after the longest outage has ended."""


@dataclass(frozen=True, kw_only=True)
class Outage:
    """What becomes of work that ended in an outage."""

    longest: timedelta
    """An outage that lasts for so long is a failure."""
    chance: random.Random = field(default_factory=random.Random)

    def pause(self, lasted: timedelta) -> timedelta:
        """Return how long to wait now: half as long as it has lasted, give or take a half.

        Workers that were all hit by one outage come back one after the other.
        """
        middle = min(max(lasted / 2, SHORTEST_PAUSE), LONGEST_PAUSE)
        return middle * self.chance.uniform(0.5, 1.5)
