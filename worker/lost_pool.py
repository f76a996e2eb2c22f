"""Ends a worker whose pool process was killed, where a new one beside it would wait for ever.

On brokers without an event loop (the filesystem) the processes of a pool share one pipe and its
lock. A process that is killed while it waits for work takes the lock along, and no other ever
gets work again. A fresh worker is the safe way out: rows are the truth, nothing is lost with it,
and whoever started it starts it again.
"""

import logging
import os
import signal
from typing import Any, Protocol

logger = logging.getLogger(__name__)

EX_RECYCLE = 0x9B
"""A pool process that ends because it has done its share of tasks (billiard.pool)."""


class Ended(Protocol):
    """What billiard knows of a pool process that has ended."""

    pid: int
    exitcode: int


def end_with_pool_process(sender: Any, **_signal: object) -> None:
    """Watch the pool of a worker that is ready; `sender` is its consumer."""
    processes = getattr(sender.pool, "_pool", None)
    # Pools with an event loop have a callback of their own here, and a pipe for each process.
    if processes is not None and getattr(processes, "on_process_down", True) is None:
        processes.on_process_down = _end_if_killed


def _end_if_killed(process: Ended) -> None:
    if process.exitcode in {os.EX_OK, EX_RECYCLE}:
        return
    logger.error("pool process %s was lost: this worker starts afresh", process.pid)
    os.kill(os.getpid(), signal.SIGKILL)
