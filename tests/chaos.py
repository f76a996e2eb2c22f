"""Kills at random, with an outage in the middle: `python -m tests.chaos [--minutes 10]`.

Starts Crispdeck on one stack or on both, hands in decks all the time and kills what it finds: web
server, workers, their pool processes, on a cluster Redis and PostgreSQL, and the whole of
`crispdeck serve` with its sweep timer. In the middle the object store is away for three minutes
(less where the whole run is short). At the end every picture must have ended once, and the
doctor must find nothing.
"""

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from crispdeck.errors import CrispdeckError
from crispdeck.records.states import FINAL_JOB_STATES
from crispdeck.services.doctor import examine
from crispdeck.services.platform import Platform
from crispdeck.settings import Settings
from tests.e2e.faults.running_stack import COMPLETIONS, RunningStack, hasty
from tests.servers.postgres_server import PostgresServer
from tests.servers.redis_server import RedisServer
from tests.servers.swift_server import SwiftServer
from tests.small_deck import deck_of, picture_blob

PAUSE_S = (2.0, 6.0)
"""Between two kills."""
OPEN_JOBS = 4
PICTURES = 12
OUTAGE_S = 180.0
OUTAGE_SHARE = 0.3
"""Of the whole run, at most."""
END_WITHIN_S = 600.0


@dataclass(frozen=True)
class Servers:
    """What a stack stands on besides Crispdeck itself, and how each is taken away."""

    settings: Settings
    killable: dict[str, Callable[[], None]]
    take_store_away: Callable[[], None]
    bring_store_back: Callable[[], None]


@contextmanager
def laptop(folder: Path) -> Iterator[Servers]:
    """Files, SQLite, a folder of objects, which goes away."""
    data = folder / "data"
    objects, away = data / "objects", data / "objects-away"

    def take() -> None:
        if objects.exists():
            objects.rename(away)
        objects.write_bytes(b"")  # where a folder should be

    def bring() -> None:
        objects.unlink(missing_ok=True)
        if away.exists():
            away.rename(objects)

    yield Servers(Settings(data_dir=data), {}, take, bring)


@contextmanager
def cluster(folder: Path) -> Iterator[Servers]:
    """Redis, PostgreSQL and an S3 server."""
    redis, postgres = RedisServer(folder / "redis"), PostgresServer()
    (folder / "swift").mkdir()
    swift = SwiftServer(folder / "swift")
    with ExitStack() as stack:
        for server in (redis, postgres, swift):
            server.start()
            stack.callback(server.stop)
        settings = replace(
            swift.settings_for(swift.new_bucket(), data_dir=folder / "data"),
            broker_url=redis.new_url(),
            database_url=postgres.new_url(),
        )

        def bounce_redis() -> None:
            redis.kill()
            time.sleep(1)
            redis.start()

        def take() -> None:
            swift.processes["proxy"].kill()

        def bring() -> None:
            swift.processes["proxy"].start(swift._all_listen)

        def bounce_postgres() -> None:
            postgres.process.stop(signal.SIGQUIT)
            time.sleep(1)
            postgres.start()

        killable = {"Redis": bounce_redis, "PostgreSQL": bounce_postgres}
        yield Servers(settings, killable, take, bring)


class Chaos:
    """One run on one stack."""

    def __init__(self, servers: Servers, folder: Path, minutes: float, seed: int) -> None:
        self._servers = servers
        self._running = RunningStack(hasty(servers.settings), folder / "stack")
        self._ends_at = time.monotonic() + minutes * 60
        self._outage_s = min(OUTAGE_S, minutes * 60 * OUTAGE_SHARE)
        self._outage_at = self._ends_at - minutes * 30 - self._outage_s / 2
        self._dice = random.Random(seed)
        self._jobs: list[str] = []
        self._seed = 0
        self.kills: Counter[str] = Counter()

    def run(self) -> list[str]:
        """Return what is wrong at the end; nothing, if all is well."""
        running = self._running
        running.start()
        try:
            is_away, was_away = False, False
            while time.monotonic() < self._ends_at:
                now = time.monotonic()
                if not is_away and not was_away and now >= self._outage_at:
                    self._servers.take_store_away()
                    is_away = was_away = True
                    self.kills["object store away"] += 1
                elif is_away and now >= self._outage_at + self._outage_s:
                    self._servers.bring_store_back()
                    is_away = False
                if not is_away:
                    self._hand_in()
                self._kill_something()
                time.sleep(self._dice.uniform(*PAUSE_S))
            if is_away:
                self._servers.bring_store_back()
            return self._look_at_the_end()
        finally:
            with suppress(Exception):
                running.stop()
            running.kill()

    def _hand_in(self) -> None:
        open_jobs = [
            one for one in self._jobs if self._running.job(one).state not in FINAL_JOB_STATES
        ]
        if len(open_jobs) < OPEN_JOBS:
            self._seed += PICTURES
            blobs = [picture_blob(self._seed + number, 64) for number in range(PICTURES)]
            with suppress(CrispdeckError):  # the database or the broker was just killed
                self._jobs.append(self._running.submit(deck_of(blobs)))

    def _kill_something(self) -> None:
        """Kill one process, or all, or a server under them."""
        choice = self._dice.random()
        if choice < 0.1:
            self._running.kill()
            self.kills["all of serve"] += 1
            time.sleep(1.5)  # its children end with it
            self._running.log.rename(self._running.log.with_suffix(f".{time.monotonic_ns()}"))
            self._running.start()
        elif choice < 0.2 and self._servers.killable:
            name = self._dice.choice(sorted(self._servers.killable))
            self._servers.killable[name]()
            self.kills[name] += 1
        else:
            with suppress(psutil.Error):
                victim = self._dice.choice(self._running.family()[1:])
                role = _role_of(victim)
                victim.kill()
                self.kills[role] += 1

    def _look_at_the_end(self) -> list[str]:
        running, wrong = self._running, []
        deadline = time.monotonic() + END_WITHIN_S
        for job_id in self._jobs:
            while running.job(job_id).state not in FINAL_JOB_STATES:
                if time.monotonic() > deadline:
                    return [f"job {job_id} has not ended"]
                time.sleep(0.5)
        for job_id in self._jobs:
            job, pictures = running.job(job_id), running.pictures(job_id)
            if job.state.value != "done" or len(pictures) != PICTURES:
                wrong.append(f"job {job_id} is {job.state.value}, {job.code}: {job.detail}")
            ends = Counter(
                event.picture_id for event in running.events(job_id) if event.kind in COMPLETIONS
            )
            wrong += [
                f"picture {one.id} of job {job_id} ended {ends[one.id]} times"
                for one in pictures
                if ends[one.id] != 1
            ]
        running.clean_house()
        platform = Platform(running.settings)
        wrong += [f"{one.problem.value}: {one.what}" for one in examine(platform).findings]
        platform.db.dispose()
        return wrong


def _role_of(process: psutil.Process) -> str:
    command = " ".join(process.cmdline())
    for text, role in (
        ("confined", "confined process"),
        ("web.serving", "web server"),
        ("interactive", "upscaling worker"),
        ("maintenance", "cpu worker"),
    ):
        if text in command:
            return role
    return "another process"


def main() -> None:
    """Run on the stacks that were asked for, and end with 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--stack", choices=("laptop", "cluster", "both"), default="both")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    stacks = {"laptop": laptop, "cluster": cluster}
    failed = False
    for name, make in stacks.items():
        if options.stack in {name, "both"}:
            with tempfile.TemporaryDirectory() as folder, make(Path(folder)) as servers:
                chaos = Chaos(servers, Path(folder), options.minutes, options.seed)
                wrong = chaos.run()
                counted = ", ".join(f"{role} ×{n}" for role, n in sorted(chaos.kills.items()))
                sys.stdout.write(f"{name}: {len(chaos._jobs)} decks; killed: {counted}\n")
                for line in wrong:
                    sys.stdout.write(f"  WRONG {line}\n")
                sys.stdout.write("" if wrong else "  every picture once, nothing stray\n")
                failed |= bool(wrong)
    sys.exit(failed)


if __name__ == "__main__":
    main()
