"""A server of our own as a child process: start, wait, kill; it dies with the test run."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

START_LIMIT_S = 60.0


class ServerError(Exception):
    """A server is not installed, or did not come up; the sentence says what to do."""


class ServerProcess:
    """One command in the foreground, its output in a log file.

    The kernel kills it when the test run dies, however that happens (`setpriv --pdeathsig`).
    """

    def __init__(self, command: Sequence[str], *, log: Path, user: str | None = None) -> None:
        self.command = [*_tied_to_us(user), *command]
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id while it runs.

        Raises:
            ServerError: it was not started.
        """
        if self._process is None:
            raise ServerError(f"{self.command[-1]} was not started")
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """True between a start and the end of the process."""
        return self._process is not None and self._process.poll() is None

    def start(self, is_ready: Callable[[], bool], *, env: Mapping[str, str] | None = None) -> None:
        """Start the command and return when `is_ready` says yes.

        Raises:
            ServerError: it ended early or was not ready in time; carries the end of its log.
        """
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env
            )
        deadline = time.monotonic() + START_LIMIT_S
        while not is_ready():
            if not self.is_running or time.monotonic() > deadline:
                self.kill()
                tail = self.log.read_text(errors="replace")[-2000:]
                raise ServerError(f"{' '.join(self.command)} did not come up:\n{tail}")
            time.sleep(0.02)  # the interval of the question, not a guess at the answer

    def kill(self) -> None:
        """End it with SIGKILL, as a power cut would, and reap it."""
        self.stop(signal.SIGKILL)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it with that signal, and with SIGKILL if that takes over 10 seconds."""
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def _tied_to_us(user: str | None) -> list[str]:
    """Give the prefix that runs a command as `user` and kills it with us."""
    if shutil.which("setpriv") is None:
        return []
    change = ["--reuid", user, "--regid", user, "--clear-groups"] if user else []
    return ["setpriv", "--pdeathsig", "KILL", *change, "--"]


def find_program(name: str, *also_in: Path) -> str:
    """Give the path of a server's program.

    Raises:
        ServerError: it is not installed.
    """
    for folder in also_in:
        if (folder / name).is_file():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise ServerError(f"{name} is not installed: run `make test`, which installs it")
    return found


def free_port() -> int:
    """Give a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_listening(port: int) -> bool:
    """True when something takes connections on that port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
