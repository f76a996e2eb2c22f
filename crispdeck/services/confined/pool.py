"""Starts confined processes, gives tenants their turns, and turns deaths into coded errors."""

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from crispdeck import errors
from crispdeck.errors import BadInputError, CrispdeckError, LimitReachedError
from crispdeck.services.confined import wire

LIGHT_BYTES = 96 << 20
"""What most work needs at most; the network's own pictures up to 8 megapixels among it."""
HEAVY_BYTES = 320 << 20
"""64 megapixels, the largest result, as Pillow keeps them: 4 bytes each, and a quarter more. One
process at a time may have so much."""
PATIENCE_S = 240.0
"""Seconds for which a request waits for its turn; a scan may take ten of processor time."""
STUCK_S = 600.0
"""Seconds on the clock after which a process that is not done is ended. Its processor time is
limited by the kernel, so this only meets a disk that hangs."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a task may use, and which error says that it was not enough."""

    cpu_s: float
    over: type[BadInputError]
    words: str
    heavy: bool = False
    """Known to need more than LIGHT_BYTES: not even tried with less."""
    file_bytes: int = 0
    """The largest file that it may write."""


class Pool:
    """A few confined processes, started when they are first needed.

    Work is first tried with little memory; what needs more is done again with much, one at a
    time, so that all processes together stay below `processes` × LIGHT_BYTES + HEAVY_BYTES beside
    what Python itself takes.

    Args:
        processes: how many may work at once.
    """

    def __init__(self, processes: int) -> None:
        self._turns = _Turns(processes)
        self._heavy = _Turns(1)
        self._idle: list[_Process] = []
        self._lock = threading.Lock()

    def run(
        self,
        name: str,
        values: Any,
        *,
        cost: Cost,
        whose: str,
        files: Sequence[int] = (),
        blob: bytes = b"",
    ) -> tuple[Any, bytes]:
        """Do a task of `tasks` and return what it found, and its bytes.

        Args:
            name: of the task.
            values: its arguments, as JSON.
            cost: its limits.
            whose: the tenant; tenants take turns.
            files: descriptors of open files; read by position, so they may be shared.
            blob: bytes for it.

        Raises:
            CrispdeckError: what the task raised; a plain one where something of ours broke.
            BadInputError: `cost.over`, with `ran_out`: a limit was not enough.
            LimitReachedError: no process was free for PATIENCE_S.
        """
        task = {"name": name, "values": values, "cpu_s": cost.cpu_s, "file_bytes": cost.file_bytes}
        if not cost.heavy:
            with self._turns.turn(whose):
                answer = self._try_light(task, blob, files, cost)
            if answer is not None:
                return answer
        # Whoever waits for the one place with much memory keeps nobody from the others.
        with self._heavy.turn(whose), self._turns.turn(whose):
            answer = self._try_heavy(task, blob, files, cost)
        if answer is not None:
            return answer
        raise _over(cost)

    def close(self) -> None:
        """End the processes that are idle."""
        with self._lock:
            while self._idle:
                self._idle.pop().end()

    def _try_light(
        self, task: dict[str, Any], blob: bytes, files: Sequence[int], cost: Cost
    ) -> tuple[Any, bytes] | None:
        """Return None where it ran out of memory, or died: often of the same."""
        try:
            return self._try(task | {"memory_bytes": LIGHT_BYTES}, blob, files, cost, self._taken())
        except _Death:
            return None

    def _try_heavy(
        self, task: dict[str, Any], blob: bytes, files: Sequence[int], cost: Cost
    ) -> tuple[Any, bytes] | None:
        """Return None where it ran out of memory."""
        task = task | {"memory_bytes": HEAVY_BYTES}
        process = self._taken()
        try:
            try:
                return self._try(task, blob, files, cost, process)
            except _Death:
                if not process.has_worked:
                    raise
                # Whoever ended it may have done so before it was asked.
                return self._try(task, blob, files, cost, _Process())
        except _Death as death:
            raise CrispdeckError(f"A confined process died at {task['name']}: {death}.") from death

    def _try(
        self,
        task: dict[str, Any],
        blob: bytes,
        files: Sequence[int],
        cost: Cost,
        process: "_Process",
    ) -> tuple[Any, bytes] | None:
        """Return None where it ran out of memory.

        Raises:
            _Death: the process died, and not of its limit of time.
        """
        try:
            answer, out = process.ask(task, blob, files)
        except (EOFError, ConnectionError) as error:
            code = process.last_code()
            if code == -signal.SIGXCPU:
                raise _over(cost) from error
            raise _Death(_name_of(code)) from error
        except (
            TimeoutError,
            ValueError,
        ) as error:  # a disk hangs, or it does not keep to the format
            process.end()
            raise CrispdeckError(f"A confined process went astray at {task['name']}.") from error
        except BaseException:
            process.end()
            raise
        with self._lock:
            self._idle.append(process)
        if "found" in answer:
            return answer["found"], out
        if answer["error"] == wire.RAN_OUT:
            return None
        if answer["error"] == wire.INTERNAL:
            raise CrispdeckError(f"A confined process broke at {task['name']}: {answer['message']}")
        raise _error(answer["error"], answer["message"])

    def _taken(self) -> "_Process":
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.is_alive:
                    return process
                process.end()
        return _Process()


class _Death(Exception):  # noqa: N818 - never seen outside
    """A confined process ended without an answer; says by what."""


def _name_of(code: int) -> str:
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"exit code {code}"


def _over(cost: Cost) -> BadInputError:
    error = cost.over(cost.words)
    error.ran_out = True
    return error


def _error(name: str, message: str) -> CrispdeckError:
    kind = getattr(errors, name, CrispdeckError)
    made = kind(message)
    assert isinstance(made, CrispdeckError)  # noqa: S101 - the process sends no other names
    return made


class _Process:
    """One confined process and the line to it."""

    has_worked = False
    """It has answered before."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        self._line.settimeout(STUCK_S)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "crispdeck.services.confined.child", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                env=_environment(),
            )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(
        self, task: dict[str, Any], blob: bytes, files: Sequence[int]
    ) -> tuple[dict[str, Any], bytes]:
        wire.send(self._line, task, blob, files)
        answer, out, _none = wire.receive(self._line)
        self.has_worked = True
        return answer, out

    def last_code(self) -> int:
        """Return what it ended with, which its line has told that it did."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        self.end()
        return self._process.returncode or 0

    def end(self) -> None:
        self._line.close()
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)


def _environment() -> dict[str, str]:
    """Give what Python needs and nothing else: no secret, no address of ours."""
    kept = {"PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LANG", "LC_ALL", "TMPDIR", "HOME"}
    ours = {name: value for name, value in os.environ.items() if name in kept}
    # One thread and one arena: threads of BLAS and glibc's arenas would be address space for
    # nothing. What was freed goes back at once.
    return ours | {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
        "MALLOC_TRIM_THRESHOLD_": "1048576",
    }


class _Turns:
    """Who goes next: of those who wait, the tenant with the least in work, then who came first."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._working: Counter[str] = Counter()
        self._waiting: list[tuple[str, object]] = []
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, whose: str) -> Iterator[None]:
        ticket = (whose, object())
        deadline = time.monotonic() + PATIENCE_S
        with self._changed:
            self._waiting.append(ticket)
            try:
                while not self._is_next(ticket):
                    if not self._changed.wait(deadline - time.monotonic()):
                        raise LimitReachedError(
                            "Too many decks and pictures are being looked at. Try again soon.",
                            retry_after_s=10,
                        )
                self._working[whose] += 1
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._working[whose] -= 1
                self._changed.notify_all()

    def _is_next(self, ticket: tuple[str, object]) -> bool:
        if self._working.total() >= self._places:
            return False
        # min() keeps the first of equals, and the list is in the order of arrival.
        return min(self._waiting, key=lambda one: self._working[one[0]]) is ticket


@cache
def _pool_of(_process_id: int, processes: int) -> Pool:
    made = Pool(processes)
    atexit.register(made.close)
    return made


def shared_pool(processes: int) -> Pool:
    """Return the one pool of this process; a fork has another."""
    return _pool_of(os.getpid(), processes)
