"""All that a step needs, made once per process: settings, records, objects, queue, network."""

import logging
import math
import os
import socket
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from crispdeck.errors import QueueError
from crispdeck.queue.names import WakeUp
from crispdeck.queue.sending import Queue
from crispdeck.records.database import Database
from crispdeck.records.work.drains import is_drained
from crispdeck.settings import Settings
from crispdeck.storage import ObjectStore, make_store
from worker.leases import LeaseKeeper
from worker.vitals import Vitals

if TYPE_CHECKING:
    from worker.upscaling.upscaler import Upscaler

logger = logging.getLogger(__name__)

HOUSE_CLEANING_INTERVAL_S = 3600.0


class Context:
    """The world of the steps. Nothing in it is opened before it is used.

    Make it in the process that does the work, never before a fork: open connections and CUDA
    do not survive one.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        node: str = "",
        queues: tuple[str, ...] = (),
        upscaler: "Upscaler | None" = None,
    ) -> None:
        self.settings = settings
        self.node = node or socket.gethostname()
        """The name that all processes of this worker share, and that they are drained by."""
        self.worker = f"{self.node}:{os.getpid()}"
        """Names this process in claims and heartbeats."""
        self.db = Database(settings.effective_database_url)
        self.store: ObjectStore = make_store(settings)
        self.queue = Queue(settings)
        self._vitals = Vitals()
        self.leases = LeaseKeeper(
            self.db, self.worker, queues, lease_s=settings.lease_s, vitals=self._tell
        )
        self._cleaned_at = -math.inf
        self._upscaler = upscaler
        self._loading = threading.Lock()

    def close(self) -> None:
        """Stop the heartbeat and close the connections."""
        self.leases.stop()
        self.db.dispose()

    def announce(self, wakeups: Iterable[WakeUp]) -> None:
        """Send messages about rows that are committed; without a broker the sweeper does it."""
        try:
            self.queue.send(wakeups)
        except QueueError as error:
            logger.warning("messages were not sent: %s", error)

    def is_drained(self) -> bool:
        """Say if this worker must take nothing new."""
        return is_drained(self.db, self.node)

    def _tell(self) -> dict[str, Any]:
        loaded = self._upscaler.loaded() if self._upscaler is not None else []
        return {**self._vitals.read(), "networks": loaded}

    def is_time_for_house_cleaning(self) -> bool:
        """Say yes once in a while: for what need not be done in every sweep."""
        now = time.monotonic()
        if now - self._cleaned_at < HOUSE_CLEANING_INTERVAL_S:
            return False
        self._cleaned_at = now
        return True

    @property
    def upscaler(self) -> "Upscaler":
        """The upscaler; loading it imports torch and takes a second or two, once."""
        with self._loading:
            if self._upscaler is None:
                from worker.upscaling.upscaler import Upscaler

                self._upscaler = Upscaler(self.settings)
            return self._upscaler
