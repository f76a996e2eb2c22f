"""The life of a confined process: take a task, keep to its limits, answer, wait for the next."""

import ctypes
import errno
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from crispdeck.errors import CrispdeckError
from crispdeck.services.confined import wire
from crispdeck.services.confined.tasks import TASKS

OPEN_FILES = 64  # a task has a handful of files; a guess with room for a decoder's own
TRACEBACK_CHARACTERS = 8_000  # of the last calls; a guess, the log's line stays readable
_PAGE_BYTES = resource.getpagesize()


def main(fd: int) -> None:
    """Serve the socket `fd` until its other end is closed."""
    line = socket.socket(fileno=fd)
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    # Nothing asks for a signal at the parent's death (prctl(2), PR_SET_PDEATHSIG): it would come
    # when the thread ends that started this process, and others go on to use it. The line ends
    # with the parent as well.
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to hear
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    trim = getattr(libc, "malloc_trim", None)
    while True:
        try:
            task, blob, fds = wire.receive(line)
        except EOFError:
            return
        try:
            answer, out = _done(task, blob, fds)
        finally:
            for one in fds:
                os.close(one)
        del blob
        wire.send(line, answer, out)
        del answer, out
        if trim is not None:
            trim(0)


def _done(task: dict[str, Any], blob: bytes, fds: list[int]) -> tuple[dict[str, Any], bytes]:
    """Do a task and put what came of it in words."""
    try:
        found, out = _within_limits(task, blob, fds)
    except Exception as error:
        return told(error), b""
    return {"found": found}, out


def _within_limits(task: dict[str, Any], blob: bytes, fds: list[int]) -> tuple[Any, bytes]:
    _limit(resource.RLIMIT_CPU, int(_cpu_s() + task["cpu_s"]) + 1)
    _limit(resource.RLIMIT_FSIZE, task["file_bytes"])
    _limit(resource.RLIMIT_AS, _address_space_bytes() + task["memory_bytes"])
    work: Callable[..., tuple[Any, bytes]] = TASKS[task["name"]]
    try:
        return work(task["values"], blob, fds)
    finally:
        _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
        _limit(resource.RLIMIT_CPU, resource.RLIM_INFINITY)


def told(error: Exception) -> dict[str, str]:
    """Return the answer for a task that raised."""
    if any(map(_is_a_limit, _chain(error))):
        return {"error": wire.RAN_OUT}
    if isinstance(error, CrispdeckError):
        return {"error": type(error).__name__, "message": error.message}
    text = "".join(traceback.format_exception(error))
    return {"error": wire.INTERNAL, "message": text[-TRACEBACK_CHARACTERS:]}


def _is_a_limit(error: BaseException) -> bool:
    no_room = isinstance(error, OSError) and error.errno in {errno.ENOMEM, errno.EFBIG}
    return no_room or isinstance(error, MemoryError)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it was made from: libraries wrap what they meet."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _limit(which: int, soft: int) -> None:
    """Set a soft limit; the hard one stays, so that the next task may have another."""
    hard = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY:
        soft = hard if soft == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(which, (soft, hard))


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _address_space_bytes() -> int:
    """Return what of the address space is taken, by proc(5): the first number of statm."""
    with suppress(OSError), open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 - bytes, often
        return int(statm.read().split()[0]) * _PAGE_BYTES
    return 1 << 30  # no Linux: as much as Python and its libraries ever map


if __name__ == "__main__":
    main(int(sys.argv[1]))
