"""All that a worker process works with, made once: the platform, its leases, the network."""

import threading
from typing import TYPE_CHECKING, Any

from crispdeck.services.worker_platform import WorkerPlatform
from crispdeck.settings import Settings
from worker.vitals import Vitals

if TYPE_CHECKING:
    from worker.upscaling.scheduler import Scheduler
    from worker.upscaling.upscaler import Upscaler


class Context(WorkerPlatform):
    """The platform of a worker process that can load the network.

    Nothing in it is opened before it is used. Make it in the process that does the work, never
    before a fork: neither open connections nor CUDA survive one.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        node: str = "",
        queues: tuple[str, ...] = (),
        upscaler: "Upscaler | None" = None,
        sharpener: "Scheduler | None" = None,
    ) -> None:
        super().__init__(settings, node=node, queues=queues, vitals=self._read_vitals)
        self._vitals = Vitals()
        self._upscaler = upscaler
        self._loading = threading.Lock()
        self._sharpener = sharpener

    def _read_vitals(self) -> dict[str, Any]:
        loaded = self._upscaler.loaded() if self._upscaler is not None else []
        return {**self._vitals.read(), "networks": loaded}

    @property
    def upscaler(self) -> "Upscaler":
        """The upscaler; loading it imports torch and takes a second or two, once."""
        with self._loading:
            if self._upscaler is None:
                from worker.upscaling.upscaler import Upscaler

                self._upscaler = Upscaler(self.settings)
            return self._upscaler

    @property
    def sharpener(self) -> "Scheduler":
        """What makes pictures sharp; it loads the network with the first one that needs it."""
        if self._sharpener is None:
            from worker.upscaling.scheduler import Scheduler

            self._sharpener = Scheduler(self.settings, lambda: self.upscaler)
        return self._sharpener

    @property
    def is_spent(self) -> bool:
        """True when the process should make room for a new one: a thread of it is stuck."""
        return self._sharpener is not None and self._sharpener.has_stuck
