"""How a worker stops: no sooner than its work is done, no later than it may, and owing nothing.

Celery's soft shutdown sleeps for all of its time, however soon the work is done, and leaves what is
not done by then to its lease.
"""

import logging
import time
from collections.abc import Callable

from celery.apps.worker import Worker
from celery.worker import state

from crispdeck.errors import CrispdeckError
from crispdeck.queue.names import WakeUp
from crispdeck.queue.sending import Queue
from crispdeck.records.database import Database
from crispdeck.records.work.stopping import count_held, give_back_all
from crispdeck.settings import Settings

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.25
"""Between two looks if the work is done; far below what anybody waits for."""
IDLE_LOOKS = 2
"""So often nothing is found before it is believed: a task may be just about to claim its row."""


def wait_and_give_back(
    db: Database, send: Callable[[list[WakeUp]], None], node: str, *, within_s: float
) -> None:
    """Wait until the processes of a worker hold nothing, then give back what they hold still.

    Args:
        send: takes the messages by which others learn of it.
        node: the name that the processes share.
        within_s: how long they may take.
    """
    deadline, idle = time.monotonic() + within_s, 0
    while idle < IDLE_LOOKS and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY_S)
        try:
            idle = 0 if count_held(db, node) else idle + 1
        except CrispdeckError as error:  # the database is away: they can end nothing either
            logger.warning("what is in work could not be looked up: %s", error)
            idle = 0
    try:
        wakeups = give_back_all(db, node)
        if wakeups:
            logger.warning("%s rows were not done in time: others go on with them", len(wakeups))
        send(wakeups)
    except CrispdeckError as error:  # leases and sweeps make up for it
        logger.warning("what is in work could not be given back: %s", error)


def stopping_worker(settings: Settings) -> type[Worker]:
    """Make the class of workers of this installation."""

    class StoppingWorker(Worker):
        """Celery's worker with another soft shutdown; runs in the main process."""

        hostname: str
        """Its name and its machine's: what its processes claim by."""

        def wait_for_soft_shutdown(self) -> bool:
            """Wait while there is something to wait for; says if there was."""
            within_s = self.app.conf.worker_soft_shutdown_timeout
            if within_s <= 0 or not state.active_requests:
                return False
            logger.info("this worker stops; its work has %s s to be done", within_s)
            db = Database(settings.effective_database_url, pool_size=1)
            try:
                wait_and_give_back(db, Queue(settings).send, self.hostname, within_s=within_s)
            finally:
                db.dispose()
            return True

    return StoppingWorker
