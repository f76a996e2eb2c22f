"""Keeps this process's claims and its heartbeat alive while work goes on; ends nothing itself."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from crispdeck.records.database import Database
from crispdeck.records.work.claims import Claim, renew
from crispdeck.records.work.heartbeats import beat, beat_interval_s, forget_worker

logger = logging.getLogger(__name__)


class LeaseKeeper:
    """One thread per worker process that renews what is held, three times per lease.

    A claim that was lost all the same (the process stood still for longer than the lease) is
    only forgotten here: the fence at its end drops the late result.
    """

    def __init__(
        self,
        db: Database,
        worker: str,
        queues: Sequence[str],
        *,
        lease_s: float,
        vitals: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        self._db = db
        self._worker = worker
        self._queues = tuple(queues)
        self._lease_s = lease_s
        self._interval_s = beat_interval_s(lease_s)
        self._vitals = vitals
        self._held: dict[str, Claim] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start beating; at most one thread per keeper."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="leases", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop beating and sign off."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            forget_worker(self._db, self._worker)

    @contextmanager
    def holding(self, claims: Sequence[Claim]) -> Iterator[None]:
        """Renew these claims until the block ends."""
        with self._lock:
            self._held.update({claim.id: claim for claim in claims})
        try:
            yield
        finally:
            self.release_lease(claims)

    def release_lease(self, claims: Sequence[Claim]) -> None:
        """Renew these no longer, before they are ended: they are not lost then."""
        with self._lock:
            for claim in claims:
                self._held.pop(claim.id, None)

    def tick(self) -> None:
        """Renew once and beat once."""
        with self._lock:
            held = list(self._held.values())
        # Outside of the lock: the database may take seconds, and work must be able to end
        # meanwhile.
        owned = renew(self._db, held, self._lease_s) if held else set()
        with self._lock:
            # What was ended while we asked is held no longer, and is not lost.
            lost = [claim.id for claim in held if claim.id not in owned and claim.id in self._held]
            for claim_id in lost:
                del self._held[claim_id]
        if lost:
            logger.warning("lost the claim of %s", ", ".join(lost))
        doing = {"rows": sorted(owned), **self._vitals()}
        beat(self._db, self._worker, queues=self._queues, doing=doing)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.tick()
            except Exception:
                # The database may be away for a while; the leases allow for two lost beats.
                logger.exception("a heartbeat failed")
            self._stopping.wait(self._interval_s)
