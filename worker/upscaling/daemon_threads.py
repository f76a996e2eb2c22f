"""Threads that do for the one with the network what needs none; a stuck one is left behind."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")

MOST_THREADS = 4
"""Decoding and encoding share the interpreter's lock: more hardly do more."""

ENDING_S = 0.05
"""How long a thread without a job is given to end; it takes microseconds."""


class DaemonThreads:
    """Does jobs in the order given, in as many threads as there are cores, MOST_THREADS at most.

    Unlike those of concurrent.futures the threads are daemons: a decoder that never ends keeps no
    process from ending. They begin with the first job, so after any fork.
    """

    def __init__(self, threads: int = 0) -> None:
        self._count = threads or min(MOST_THREADS, _cores())
        self._changing = threading.Lock()
        self._jobs: SimpleQueue[Callable[[], None] | None] | None = None
        self._threads: list[threading.Thread] = []
        self._left: list[threading.Thread] = []

    @property
    def has_stuck(self) -> bool:
        """True while a thread that was left behind is at its job; it may be for ever."""
        with self._changing:
            for thread in self._left:
                thread.join(ENDING_S)
            self._left = [thread for thread in self._left if thread.is_alive()]
            return bool(self._left)

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

        with self._changing:
            self._queue().put(run)
        return future

    def leave_behind(self) -> None:
        """Let the threads end with the job that they are at; new ones do what waits."""
        with self._changing:
            jobs, self._jobs = self._jobs, None
            if jobs is None:
                return
            self._left += self._threads
            waiting = _taken(jobs)
            for _ in range(self._count):
                jobs.put(None)
            for job in waiting:
                self._queue().put(job)

    def _queue(self) -> "SimpleQueue[Callable[[], None] | None]":
        if self._jobs is None:
            self._jobs = SimpleQueue()
            self._threads = [
                threading.Thread(
                    target=_serve, args=(self._jobs,), name=f"helper-{number}", daemon=True
                )
                for number in range(self._count)
            ]
            for thread in self._threads:
                thread.start()
        return self._jobs


def _taken(
    jobs: "SimpleQueue[Callable[[], None] | None]",
) -> "list[Callable[[], None] | None]":
    """Take what no thread has taken."""
    taken = []
    while True:
        try:
            taken.append(jobs.get_nowait())
        except Empty:
            return taken


def _serve(jobs: "SimpleQueue[Callable[[], None] | None]") -> None:
    while (job := jobs.get()) is not None:
        job()
        del job  # what it holds is not kept until the next one comes


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
