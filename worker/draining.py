"""Stops a drained worker from taking messages, and lets it take them again; rows decide who is.

Claims already refuse a drained worker whatever it is sent. This keeps it from swallowing the
messages that other workers could act on. Sweeps go on: they are not work on anybody's deck.
"""

import logging
from collections.abc import Callable
from typing import Any

from crispdeck.errors import CrispdeckError
from crispdeck.queue.names import QueueName

logger = logging.getLogger(__name__)

READ_EVERY_S = 2.0
"""Seconds between two reads of the row."""

KEPT = frozenset({QueueName.MAINTENANCE.value})


class DrainWatch:
    """Follows the drain of one worker in its main process.

    Args:
        is_drained: looks at the row.
        queues: names of the queues that the worker was told to consume, in order.
    """

    def __init__(self, is_drained: Callable[[], bool], queues: tuple[str, ...]) -> None:
        self._is_drained = is_drained
        self._queues = tuple(queue for queue in queues if queue not in KEPT)
        self._stopped = False

    def start(self, consumer: Any) -> None:
        """Look now and from now on; `consumer` is Celery's of a worker that is ready."""
        self.read_orders(consumer)
        consumer.timer.call_repeatedly(READ_EVERY_S, self.read_orders, (consumer,))

    def read_orders(self, consumer: Any) -> None:
        """Ask the row, and let the consumer follow it."""
        try:
            drained = self._is_drained()
        except CrispdeckError as error:
            logger.warning("the drain could not be looked up: %s", error)
            return
        # Celery forgets a queue that is cancelled; adding one twice would consume it twice.
        if drained == self._stopped:
            return
        self._stopped = drained
        logger.info("this worker is %s", "drained" if drained else "resumed")
        # Where there is no event loop, the timer is a thread of its own and must not touch the
        # consumer; the consumer does this between two messages.
        consumer.call_soon(self._follow, consumer, drained)

    def _follow(self, consumer: Any, drained: bool) -> None:
        for queue in self._queues:
            if drained:
                consumer.cancel_task_queue(queue)
            else:
                consumer.add_task_queue(queue)
