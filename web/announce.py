"""Wake the workers; a broker that is away delays the work and does not refuse it."""

import logging
from collections.abc import Sequence

from crispdeck.errors import QueueError
from crispdeck.queue.names import WakeUp
from web.engine import Engine

log = logging.getLogger(__name__)


def announce(engine: Engine, wakeups: Sequence[WakeUp]) -> None:
    """Send wake-ups for rows that are committed; the sweeper announces again what got lost."""
    try:
        engine.queue.send(wakeups)
    except QueueError as error:
        log.warning("rows wait for the sweeper: %s", error)
