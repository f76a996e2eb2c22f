"""Many workers at once: real processes and threads on both databases."""

import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crispdeck.errors import LimitReachedError, LostClaimError
from crispdeck.records.database import Database
from crispdeck.records.states import PictureState, Stage
from crispdeck.records.work.claims import (
    claim_job,
    claim_pictures,
    finish_picture,
    finish_prepare,
    give_back,
    renew,
)
from crispdeck.records.work.job import cancel_job, create_picture_job, retry_job
from crispdeck.records.work.sweep import sweep
from crispdeck.records.work.values import JobRecord, PictureClaim, PictureOutcome
from tests.crispdeck.records.world import Clock, World, new_picture

CLAIMER = Path(__file__).with_name("claimer.py")
DONE = PictureOutcome(state=PictureState.DONE)


@pytest.fixture
def real_world(real_time_db: Database) -> World:
    return World(real_time_db, Clock())


def prepared(world: World, pictures: int, widths_px: tuple[int, ...] = (100,)) -> JobRecord:
    job = world.deck_job()
    rows = [new_picture(n, width_px=widths_px[n % len(widths_px)]) for n in range(pictures)]
    finish_prepare(world.db, world.claimed(job), rows)
    return job


@pytest.mark.long
def test_eight_processes_share_500_pictures_without_one_taken_twice(
    real_world: World, records_url: str
) -> None:
    jobs = [prepared(real_world, 250, widths_px=(100, 200)) for _ in range(2)]
    command = [sys.executable, str(CLAIMER), records_url]
    processes = [
        subprocess.Popen([*command, f"w{n}", str(1 + n % 4)], stdout=subprocess.PIPE, text=True)
        for n in range(8)
    ]
    lines = [line for p in processes for line in p.communicate(timeout=200)[0].splitlines()]
    assert [process.returncode for process in processes] == [0] * 8

    claims = Counter(line for line in lines if line.startswith("claim"))
    assert len(claims) == 500
    assert set(claims.values()) == {1}
    assert sum(int(line.split()[1]) for line in lines if line.startswith("assembles")) == 2
    for job in jobs:
        after = real_world.job(job)
        assert (after.pictures_done, after.stage) == (250, Stage.ASSEMBLE)


def test_two_workers_never_own_one_picture(real_world: World) -> None:
    job, _ = real_world.prepared(1)
    gate = threading.Barrier(2)

    def claim(name: str) -> int:
        gate.wait()
        return len(real_world.claim(worker=name))

    for _ in range(20):
        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(claim, ["a", "b"])) == [0, 1]
        cancel_job(real_world.db, real_world.tenant_id, job.id)
        retry_job(real_world.db, real_world.tenant_id, job.id)


def test_one_of_many_claims_a_stage(real_world: World) -> None:
    job = real_world.deck_job()

    def claim(number: int) -> bool:
        stage = Stage.PREPARE
        name = f"w{number}"
        db = real_world.db
        return claim_job(db, worker=name, job_id=job.id, stage=stage, lease_s=60) is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(8))) == 1


def test_the_last_two_pictures_finished_at_once_assemble_the_deck_once(
    real_world: World,
) -> None:
    for _ in range(10):
        real_world.prepared(2)
        claims = real_world.claim(limit=2)
        gate = threading.Barrier(2)

        def finish(
            number: int, claims: list[PictureClaim] = claims, gate: threading.Barrier = gate
        ) -> int:
            gate.wait()
            return len(finish_picture(real_world.db, claims[number], DONE))

        with ThreadPoolExecutor(2) as pool:
            assert sum(pool.map(finish, range(2))) == 1


def test_the_last_place_for_a_job_is_given_once(real_world: World) -> None:
    def create(number: int) -> bool:
        picture = new_picture(number)
        db = real_world.db
        try:
            create_picture_job(db, real_world.tenant_id, picture, retention_days=1, max_open_jobs=3)
        except LimitReachedError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(16))) == 3


def test_everything_at_once_neither_blocks_nor_miscounts(real_world: World) -> None:
    """Claims over several jobs, renewals, sweeps, cancels and retries for each other's rows."""
    db = real_world.db
    jobs = [prepared(real_world, 30) for _ in range(4)]

    def work(name: str) -> int:
        completed = 0
        idle = 0
        while idle < 3:
            claims = claim_pictures(
                db, worker=name, picture_id="", limit=6, max_px=10**9, lease_s=0.2
            )
            idle = 0 if claims else idle + 1
            renew(db, claims[::-1], 0.2)
            give_back(db, claims[4:], counted=False)
            for claim in claims[:4]:
                try:
                    finish_picture(db, claim, DONE)
                except LostClaimError:
                    continue
                completed += 1
        return completed

    def disturb() -> None:
        for job in jobs[:2] * 5:
            sweep(db, stale_queued_s=0.0, max_attempts=1000)
            if not real_world.job(job).is_final:
                cancel_job(db, real_world.tenant_id, job.id)
                retry_job(db, real_world.tenant_id, job.id)

    with ThreadPoolExecutor(5) as pool:
        disturber = pool.submit(disturb)
        workers = [pool.submit(work, f"w{n}") for n in range(4)]
        completed = sum(worker.result() for worker in workers)
        disturber.result()
    completed += work("last")
    assert completed == 120
    for job in jobs:
        after = real_world.job(job)
        states = Counter(picture.state.value for picture in real_world.pictures(job))
        assert states == {"done": 30}
        assert (after.pictures_done, after.pictures_total) == (30, 30)
