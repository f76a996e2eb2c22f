"""Crispdeck as `crispdeck serve` runs it, in real processes that a test may kill."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil
from sqlalchemy import select

from crispdeck.queue.sending import Queue
from crispdeck.records.database import Database
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.states import FINAL_JOB_STATES, EventKind, PictureState, Stage
from crispdeck.records.tables import Deck, DerivedFile, Event, Job, Picture
from crispdeck.records.work.job_options import JobOptions
from crispdeck.services.sweep import delete_strays
from crispdeck.settings import Settings
from crispdeck.storage import make_store
from tests.hand_in import hand_in_deck
from tests.servers.process import free_port
from worker.context import Context

LIMIT_S = 120.0
SERVE = (
    "from crispdeck.settings import Settings; from worker.serving.supervisor import serve;"
    " serve(Settings.from_env(), lambda line: print(line, flush=True))"
)
CELERY_WORKER = [sys.executable, "-m", "celery", "-A", "worker.app", "worker"]
COMPLETIONS = {EventKind.PICTURE_DONE, EventKind.PICTURE_SKIPPED, EventKind.PICTURE_FAILED}


def hasty(settings: Settings) -> Settings:
    """The same stack with short leases, so that a loss is noticed within seconds."""
    return replace(
        settings,
        port=free_port(),
        lease_s=3.0,
        stale_queued_s=2.0,
        sweep_interval_s=0.5,
        torch_threads=1,
        batch_pictures=4,
    )


def wait_until(condition: Callable[[], object], what: str, *, limit_s: float = LIMIT_S) -> None:
    """Ask until it is so."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {limit_s} s until {what}"
        time.sleep(0.02)


class RunningStack:
    """One `serve` process and what it started."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.temp = folder / "temp"
        self.temp.mkdir(parents=True)
        self.log = folder / "serve.log"
        self.db = Database(settings.effective_database_url)
        self.store = make_store(settings)
        self.queue = Queue(settings)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when the web server answers."""
        env = self.settings.to_child_env() | {"TMPDIR": str(self.temp)}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", SERVE], env=env, stdout=log, stderr=log
            )
        wait_until(self._has_told_its_address, f"it says its address; see {self.log}")

    def stop(self) -> int:
        """Stop it as a person would; return its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=60)

    def kill(self) -> None:
        """End it in bad order, if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def main_of(self, role: str) -> psutil.Process:
        """The process that `serve` itself started for a role; a new one needs a moment."""
        found: list[psutil.Process] = []

        def is_there() -> bool:
            found[:] = self._found(role)
            return bool(found)

        wait_until(is_there, f"{role} runs")
        return found[0]

    def family(self) -> list[psutil.Process]:
        """Every process of the stack."""
        assert self._process is not None
        root = psutil.Process(self._process.pid)
        return [root, *root.children(recursive=True)]

    def submit(self, deck: bytes, options: JobOptions | None = None) -> str:
        """Hand in a deck as the web does, and ask for all its low pictures; return the job."""
        tenant_id = create_tenant(self.db, "a tenant")
        job, wakeups = hand_in_deck(self.db, self.store, tenant_id, deck, options)
        self.queue.send(wakeups)
        return job.id

    @contextmanager
    def second_worker(self) -> Iterator[psutil.Popen]:
        """One more upscaling worker beside the one that `serve` started."""
        env = self.settings.to_child_env() | {"TMPDIR": str(self.temp)}
        name = ["-n", "second@%h", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        with self.log.open("ab") as log:
            worker = psutil.Popen(
                [*CELERY_WORKER, "-Q", "interactive,bulk", "-c", "1", *name],
                env=env,
                stdout=log,
                stderr=log,
            )
        try:
            yield worker
        finally:
            worker.kill()
            worker.wait()

    def workers_at(self, job_id: str) -> set[str]:
        """Who holds pictures of the job right now."""
        return {picture.worker for picture in self.pictures(job_id) if picture.worker}

    def pid_at(self, job_id: str, part: str) -> int | None:
        """The process that holds this picture right now."""
        for picture in self.pictures(job_id):
            if picture.worker and part in picture.parts:
                return int(picture.worker.rpartition(":")[2])
        return None

    def is_held_at(self, job_id: str, stage: Stage) -> bool:
        """True while a worker is at this stage of the job."""
        job = self.job(job_id)
        return job.stage is stage and job.lease_until is not None

    def web_answers(self) -> bool:
        """True when the web server says that it is healthy."""
        connection = HTTPConnection("127.0.0.1", self.settings.port, timeout=LIMIT_S)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def clean_house(self) -> None:
        """Do what the sweeper does once in a while, without sparing what is young."""
        context = Context(self.settings)
        delete_strays(context, stray_after=timedelta(0))
        context.close()

    def keys(self) -> set[str]:
        """All objects in the store."""
        return {found.key for found in self.store.list()}

    def derived_keys(self, job: Job) -> set[str]:
        """Where lies what was made of the job's deck: reports, and slides drawn."""
        with self.db.reading() as session:
            query = select(DerivedFile.object_key).where(DerivedFile.deck_id == job.deck_id)
            return set(session.scalars(query))

    def deck_key(self, job: Job) -> str:
        """Where the job's original deck lies."""
        with self.db.reading() as session:
            return session.get_one(Deck, job.deck_id).object_key

    def pictures(self, job_id: str) -> Sequence[Picture]:
        """The rows of the job's pictures as they are now."""
        with self.db.reading() as session:
            return session.scalars(select(Picture).where(Picture.job_id == job_id)).all()

    def job(self, job_id: str) -> Job:
        """The row of the job as it is now."""
        with self.db.reading() as session:
            return session.scalars(select(Job).where(Job.id == job_id)).one()

    def events(self, job_id: str) -> Sequence[Event]:
        """All that happened to the job, in order."""
        with self.db.reading() as session:
            asked = select(Event).where(Event.job_id == job_id).order_by(Event.seq)
            return session.scalars(asked).all()

    def wait_for_done(self, job_id: str, count: int) -> None:
        """Wait until so many of the job's pictures are done."""
        wait_until(lambda: self._done(job_id) >= count, f"{count} pictures are done")

    def wait_for_end(self, job_id: str) -> Job:
        """Wait until the job is over."""
        wait_until(
            lambda: self.job(job_id).state in FINAL_JOB_STATES, f"the job ends; see {self.log}"
        )
        return self.job(job_id)

    def _done(self, job_id: str) -> int:
        return sum(picture.state is PictureState.DONE for picture in self.pictures(job_id))

    def _found(self, role: str) -> list[psutil.Process]:
        assert self._process is not None
        found = []
        for child in psutil.Process(self._process.pid).children():
            with suppress(psutil.NoSuchProcess):  # it, or its zombie, is on its way out
                if role in " ".join(child.cmdline()):
                    found.append(child)
        return found

    def _has_told_its_address(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text()
        return "Crispdeck is at" in self.log.read_text()
