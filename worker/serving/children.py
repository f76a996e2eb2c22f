"""Child processes that are started again when they die; knows nothing of what they do."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from billiard.util import set_pdeathsig  # type: ignore[attr-defined] # not in its stubs

logger = logging.getLogger(__name__)

FIRST_DELAY_S = 0.2  # before a dead child is started again; doubled with each death. A guess
LONGEST_DELAY_S = 30.0  # between two starts of a child that always dies; a guess
GOOD_LIFE_S = 20.0
"""A child that lived for so long did not die of its start: the delays begin anew."""


@dataclass(frozen=True)
class ChildPlan:
    """How to start a child."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    pass_fds: Sequence[int] = ()


class Child:
    """One process, in a session of its own so that a Ctrl-C reaches only its parent.

    The kernel kills it when its parent dies, however that happens (Linux only).
    """

    def __init__(self, plan: ChildPlan) -> None:
        self.plan = plan
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_at = 0.0
        self._deaths = 0

    @property
    def pid(self) -> int | None:
        """The process id; None while it is down."""
        return self._process.pid if self._process else None

    def keep_running(self) -> None:
        """Start it if it is not running and its delay is over. Call from the main thread only.

        The kernel ties a child to the thread that made it.
        """
        now = time.monotonic()
        # poll() also reaps it; else it would stay a zombie and its group could not be told from a
        # new one.
        if self._process is not None and self._process.poll() is not None:
            self._bury(now)
        if self._process is None and now >= self._start_at:
            self._started_at = now
            self._process = subprocess.Popen(
                self.plan.command,
                env=dict(self.plan.env),
                pass_fds=self.plan.pass_fds,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            )
            logger.info("started %s (process %s)", self.plan.name, self._process.pid)

    def ask_to_end(self) -> None:
        """Send SIGTERM: finish what is in work, then go."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def end(self, within_s: float) -> None:
        """Wait for its end; after `within_s` seconds kill it with all that it started."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=max(within_s, 0))
        except subprocess.TimeoutExpired:
            logger.warning("%s did not end in time and is killed", self.plan.name)
        _kill_group(self._process.pid)
        self._process.wait()
        self._process = None

    def _bury(self, now: float) -> None:
        process = self._process
        if process is None:
            return
        # A pool process of a dead Celery parent would go on, and keep its claim, unseen.
        _kill_group(process.pid)
        self._deaths = 0 if now - self._started_at > GOOD_LIFE_S else self._deaths + 1
        delay_s = min(FIRST_DELAY_S * 2**self._deaths, LONGEST_DELAY_S)
        self._start_at = now + delay_s
        logger.error(
            "%s ended with %s; it starts again in %.1f s",
            self.plan.name,
            process.returncode,
            delay_s,
        )
        self._process = None


def _end_with_parent() -> None:
    # Not SIGTERM: a worker that hangs would stay. What it had in hand, its rows give back.
    set_pdeathsig(signal.SIGKILL)


def _kill_group(pid: int) -> None:
    """Leave nobody behind whom the child had started in its session."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
