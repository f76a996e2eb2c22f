"""The life of one pool process: what is opened after the fork, warmed and closed; no work."""

import logging
import sys
import threading
from typing import Any

from celery import Celery

from crispdeck.errors import CrispdeckError
from crispdeck.queue.names import PICTURE_QUEUES
from crispdeck.records.database import Database
from crispdeck.records.work.drains import is_drained
from crispdeck.settings import Settings
from worker.context import Context
from worker.draining import DrainWatch
from worker.lost_pool import EX_RECYCLE

logger = logging.getLogger(__name__)

UPSCALING = {queue.value for queue in PICTURE_QUEUES}


class WorkerProcess:
    """Holds the context of the process that it is used in; made before the fork, filled after."""

    def __init__(self, app: Celery, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._context: Context | None = None
        self._lock = threading.Lock()
        self._node = ""
        self._queues: tuple[str, ...] = ()

    @property
    def context(self) -> Context:
        """The context of this process, made on first use, its heartbeat started."""
        with self._lock:
            if self._context is None:
                self._context = Context(self._settings, node=self._node, queues=self.queues)
                self._context.leases.start()
            return self._context

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues that this worker was started to consume, drained or not."""
        return self._queues or tuple(self._app.amqp.queues.consume_from)

    def name(self, sender: str, **_signal: object) -> None:
        """Keep the worker's name and queues before its processes are forked and know them too."""
        self._node = sender
        self._queues = tuple(self._app.amqp.queues.consume_from)

    def follow_drain(self, sender: Any, **_signal: object) -> None:
        """Let the worker's consumer stop while it is drained; in the main process, once ready."""
        db = Database(self._settings.effective_database_url, pool_size=1)
        DrainWatch(lambda: is_drained(db, self._node), self._queues).start(sender)

    def begin(self, **_signal: object) -> None:
        """Open the context, and load the network if this worker upscales.

        Celery gives a new pool process 4 seconds to be ready, so the network, which takes longer,
        loads in a thread; a picture that comes before it is there waits for it.
        """
        context = self.context
        if UPSCALING & set(self.queues):
            threading.Thread(target=warm, args=(context,), name="warm", daemon=True).start()

    def end_if_spent(self) -> None:
        """Leave the pool, which puts a new process in the place; for the end of a task.

        Raises:
            SystemExit: a thread is stuck. It would work, and keep its memory, as long as we live.
        """
        if self._context is not None and self._context.is_spent:
            logger.warning("a decoder or encoder is stuck: this process makes room for a new one")
            sys.exit(EX_RECYCLE)

    def end(self, **_signal: object) -> None:
        """Sign off, so that the dashboard sees that this process left in good order."""
        if self._context is not None:
            self._context.close()


def warm(context: Context) -> None:
    """Load every network of a process; what fails is logged, and the process lives on."""
    try:
        context.upscaler.warm()
    except CrispdeckError as error:
        # A wrong setting or damaged weights: the sentence says it all, and every picture gets it.
        logger.error("the network could not be loaded: %s", error.message)  # noqa: TRY400
    except Exception:
        # The first picture meets the same error, and keeps it as its reason.
        logger.exception("the network could not be loaded")
