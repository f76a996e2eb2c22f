"""`crispdeck serve`: web server, workers and sweep timer of one machine, started and kept alive.

Each is a process of its own; this one holds the address, so that a web server that dies is
replaced without a connection being refused, and does no work itself.
"""

import fcntl
import http.client
import logging
import os
import shutil
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO

from crispdeck.data_folder import open_data_folder
from crispdeck.errors import CrispdeckError, FileAccessError, ServeError
from crispdeck.queue.names import DECK_QUEUES, PICTURE_QUEUES, QueueName, TaskName, WakeUp
from crispdeck.queue.sending import Queue
from crispdeck.records.database import Database
from crispdeck.records.people.keys import ensure_first_key
from crispdeck.records.people.operators import NewOperator, ensure_first_operator
from crispdeck.settings import Settings
from worker.serving.children import Child, ChildPlan

logger = logging.getLogger(__name__)

CHECK_EVERY_S = 0.1
"""Seconds between two checks of the children."""
END_WITHIN_S = 30.0
"""How long a worker may finish what it has in hand."""
READY_WITHIN_S = 60.0  # loading torch and all weights takes seconds, a slow disk included; a guess


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, then stop everything in good order.

    Args:
        say: takes the lines meant for the person who started this: the address and, once in the
            life of a database, the first key and the first operator's password.

    Raises:
        ServeError: the port or the data folder is in use by another process.
        FileAccessError: the data folder cannot be made, or the certificate cannot be read.
    """
    with ExitStack() as stack:
        stack.enter_context(alone_in(settings.data_dir))
        _read_certificate(settings)
        listener = stack.enter_context(_listener(settings.host, settings.port))
        asked_to_stop = stack.enter_context(_stop_signals())
        stopping = threading.Event()
        # Before any child: two that migrate at once would wait for each other.
        first = _prepare_records(settings)
        temp = stack.enter_context(_temp_folder(settings.data_dir / "temp"))
        # The address is bound here and handed down, so that a web server that starts again finds it
        # free.
        children = [Child(plan) for plan in _plans(settings, temp, listener.fileno())]
        stack.callback(_end, children)
        stack.enter_context(
            _thread(_tell_address, settings, listener.getsockname(), first, say, stopping)
        )
        stack.enter_context(_thread(_ask_for_sweeps, settings, stopping))
        stack.callback(stopping.set)
        while not asked_to_stop:
            for child in children:
                child.keep_running()
            time.sleep(CHECK_EVERY_S)


@contextmanager
def alone_in(data_dir: Path) -> Iterator[None]:
    """Hold the data folder; the kernel lets go of it when this process dies, however it does."""
    with _opened_lock(data_dir) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            # Whoever holds the lock has written its process id into the file.
            file.seek(0)
            raise ServeError(
                f"Crispdeck already serves {data_dir} (process {file.read().strip() or 'unknown'})."
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _opened_lock(data_dir: Path) -> TextIO:
    open_data_folder(data_dir)
    try:
        return (data_dir / "serve.lock").open("a+")
    except OSError as error:
        raise FileAccessError(
            f"CRISPDECK_DATA_DIR={data_dir} cannot be written: {error.strerror}."
        ) from error


def _read_certificate(settings: Settings) -> None:
    """Find out now if the certificate is good: the web server would start again and again."""
    if not settings.has_tls:
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # A key under a password is refused: nobody is there to type it.
        context.load_cert_chain(
            settings.tls_certificate_file, settings.tls_key_file, password=lambda: ""
        )
    except OSError as error:
        raise FileAccessError(
            "CRISPDECK_TLS_CERTIFICATE_FILE and CRISPDECK_TLS_KEY_FILE do not hold a certificate"
            f" and its key: {error.strerror or error}."
        ) from error


@contextmanager
def _listener(host: str, port: int) -> Iterator[socket.socket]:
    try:
        listener = socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise ServeError(f"Port {port} of {host} cannot be used: {error.strerror}.") from error
    with listener:
        yield listener


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """Collect each SIGTERM and SIGINT while the block runs.

    A handler that set an Event would deadlock where the signal comes while this very thread holds
    the Event's lock, which two signals in a row (make and the terminal) easily bring about.
    """
    arrived: list[int] = []

    def note(signum: int, _frame: FrameType | None) -> None:
        arrived.append(signum)

    before = {which: signal.signal(which, note) for which in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield arrived
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)


@dataclass(frozen=True)
class First:
    """What is made at the first start and shown once; None: it was there before."""

    key: str | None
    operator: NewOperator | None


def _prepare_records(settings: Settings) -> First:
    """Bring the tables up to date; make the first key and the first operator."""
    db = Database(settings.effective_database_url)
    db.migrate()
    issued = ensure_first_key(db)
    operator = ensure_first_operator(db)
    db.dispose()
    return First(issued.key if issued else None, operator)


@contextmanager
def _temp_folder(folder: Path) -> Iterator[Path]:
    """Give the children a place for temporary files that is emptied whatever became of them."""
    # Also before: an earlier life may have ended by power cut.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _plans(settings: Settings, temp: Path, listener_fd: int) -> list[ChildPlan]:
    env = settings.to_child_env() | {"TMPDIR": str(temp)}
    web = [
        *(sys.executable, "-m", "web.serving", "--bind", f"fd://{listener_fd}"),
        *("--graceful-timeout", "5"),
    ]
    upscaling = _celery(settings, "upscale", *PICTURE_QUEUES)
    cpu = _celery(settings, "cpu", *DECK_QUEUES)
    return [
        ChildPlan("the web server", web, env, pass_fds=(listener_fd,)),
        ChildPlan("the upscaling worker", upscaling, env),
        ChildPlan("the cpu worker", cpu, env),
    ]


def _celery(settings: Settings, name: str, *queues: QueueName) -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "-A", "worker.app", "--quiet", "worker"),
        *("-Q", ",".join(queues), "-c", "1", "--pool", "prefork", "-n", f"{name}@%h"),
        # Workers of one machine have nothing to tell each other, and files are a slow way to talk.
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        *("--loglevel", settings.log_level),
    ]


@contextmanager
def _thread(target: Callable[..., None], *args: object) -> Iterator[None]:
    """Run `target` beside the block; at the block's end it has been asked to stop."""
    thread = threading.Thread(target=target, args=args, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join(CHECK_EVERY_S)


def _ask_for_sweeps(settings: Settings, stopping: threading.Event) -> None:
    """Ask at once, for what an earlier life left behind, and then at every interval."""
    queue = Queue(settings)
    while not stopping.is_set():
        try:
            queue.send([WakeUp(TaskName.SWEEP, QueueName.MAINTENANCE, "")])
        except CrispdeckError as error:
            logger.warning("no sweep could be asked for: %s", error)
        stopping.wait(settings.sweep_interval_s)


def _tell_address(
    settings: Settings,
    address: tuple[str, int],
    first: First,
    say: Callable[[str], None],
    stopping: threading.Event,
) -> None:
    """Say where it is once it is there; what is shown only once is said in any case."""
    host, port = address[:2]
    deadline = time.monotonic() + READY_WITHIN_S
    while not (ready := _answers(host, port, settings.has_tls)) and time.monotonic() < deadline:
        if stopping.wait(CHECK_EVERY_S):
            break
    here = f"{'https' if settings.has_tls else 'http'}://{host}:{port}/"
    # A key that is not shown now is lost: it is said even where the server does not answer in time.
    if ready or first.key:
        say(f"Crispdeck is at {here}" + (f"#key={first.key}" if first.key else ""))
    if ready and not first.key:
        say("It asks for the key of the first start; another one: crispdeck key new NAME")
    if first.operator:
        say(
            f"Operators log in at {here}admin as {first.operator.name} with the password"
            f" {first.operator.password} (shown once)"
        )
    if os.geteuid() == 0:
        say("Crispdeck runs as root; any other user will do, and is safer.")


def _answers(host: str, port: int, has_tls: bool) -> bool:
    connection = _connection(host, port, has_tls)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _connection(host: str, port: int, has_tls: bool) -> http.client.HTTPConnection:
    if not has_tls:
        return http.client.HTTPConnection(host, port, timeout=READY_WITHIN_S)
    # We ask ourselves if we are up, by an address for which the certificate need not be.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, port, timeout=READY_WITHIN_S, context=context)


def _end(children: list[Child]) -> None:
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + END_WITHIN_S
    for child in children:
        child.end(deadline - time.monotonic())
