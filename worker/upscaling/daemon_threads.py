"""Threads that do for the one with the network what needs none; a stuck one is left behind."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")

MOST_THREADS = 4
"""Decoding and encoding share the interpreter's lock: more hardly do more."""


class DaemonThreads:
    """Does jobs in the order given, in as many threads as there are cores, MOST_THREADS at most.

    Unlike those of concurrent.futures the threads are daemons: a decoder that never ends keeps no
    process from ending. They begin with the first job, so after any fork.
    """

    def __init__(self, threads: int = 0) -> None:
        self._threads = threads or min(MOST_THREADS, _cores())
        self._jobs: SimpleQueue[Callable[[], None] | None] | None = None

    def do(self, job: Callable[[], T]) -> "Future[T]":
        """Begin a job as soon as a thread is free; its result or error is in the future."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(job())
            except BaseException as error:  # whoever waits raises it
                future.set_exception(error)

        self._queue().put(run)
        return future

    def leave_behind(self) -> None:
        """Let the threads end with the job that they are at, and begin with new ones."""
        jobs, self._jobs = self._jobs, None
        if jobs is not None:
            for _ in range(self._threads):
                jobs.put(None)

    def _queue(self) -> "SimpleQueue[Callable[[], None] | None]":
        if self._jobs is None:
            self._jobs = SimpleQueue()
            for number in range(self._threads):
                threading.Thread(
                    target=_serve, args=(self._jobs,), name=f"helper-{number}", daemon=True
                ).start()
        return self._jobs


def _serve(jobs: "SimpleQueue[Callable[[], None] | None]") -> None:
    while (job := jobs.get()) is not None:
        job()
        del job  # what it holds is not kept until the next one comes


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
