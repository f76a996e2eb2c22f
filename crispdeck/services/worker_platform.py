"""The platform of one worker process: the name it claims under, and its leases."""

import os
import socket
from collections.abc import Callable
from typing import Any

from crispdeck.records.work.drains import is_drained
from crispdeck.services.leases import LeaseKeeper
from crispdeck.services.outages import Outages
from crispdeck.services.platform import Platform
from crispdeck.settings import Settings


class WorkerPlatform(Platform):
    """All that work on claimed rows needs besides the network.

    Args:
        settings: of this installation.
        node: the name that all processes of this worker share; None: this machine's name.
        queues: what this worker listens to, for its heartbeat.
        vitals: what each heartbeat tells besides.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        node: str = "",
        queues: tuple[str, ...] = (),
        vitals: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        super().__init__(settings)
        self.node = node or socket.gethostname()
        """The name that all processes of this worker share, and that they are drained by."""
        self.worker = f"{self.node}:{os.getpid()}"
        """Names this process in claims and heartbeats."""
        self.outages = Outages(self.db, settings)
        self.leases = LeaseKeeper(
            self.db, self.worker, queues, lease_s=settings.lease_s, vitals=vitals
        )

    def close(self) -> None:
        """Stop the heartbeat and close the connections."""
        self.leases.stop()
        self.db.dispose()

    def is_drained(self) -> bool:
        """Say if this worker must take nothing new."""
        return is_drained(self.db, self.node)
