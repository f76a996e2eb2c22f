"""kill -9 of anything at any moment: every picture ends once, the deck is right, nothing stays."""

import re
from collections import Counter, defaultdict

import psutil
import pytest

from crispdeck.records.states import FINAL_JOB_STATES, EventKind, JobState, PictureState, Stage
from crispdeck.records.tables import Job
from crispdeck.records.work.job_options import JobOptions
from tests.e2e.faults.running_stack import COMPLETIONS, RunningStack, wait_until
from tests.servers.redis_server import RedisServer
from tests.small_deck import changed_parts, deck_of, picture_blob

pytestmark = pytest.mark.fault

PICTURES = 36
SIDE_PX = 96
UPSCALING, CPU, WEB = "interactive,bulk", "cpu,maintenance", "web.serving"


@pytest.fixture(scope="module")
def deck() -> bytes:
    return deck_of([picture_blob(seed, SIDE_PX) for seed in range(PICTURES)])


def parts_of(numbers: range) -> set[str]:
    return {f"ppt/media/image{number}.png" for number in numbers}


def child_of(main: psutil.Process) -> psutil.Process:
    """The pool process of a worker; a new one needs a moment to be there."""
    wait_until(main.children, "the worker has a pool process")
    return main.children()[0]


def assert_each_picture_ended_once(running: RunningStack, job_id: str) -> None:
    ends = Counter(
        event.picture_id for event in running.events(job_id) if event.kind in COMPLETIONS
    )
    assert ends == Counter(picture.id for picture in running.pictures(job_id))


def assert_never_in_two_hands(running: RunningStack, job_id: str) -> None:
    """Between two claims of a picture lies the event that took it back."""
    kinds: dict[str, list[EventKind]] = defaultdict(list)
    for event in running.events(job_id):
        if event.picture_id is not None:
            kinds[event.picture_id].append(event.kind)
    marks = {EventKind.PICTURE_RUNNING: "r", EventKind.PICTURE_QUEUED: "q"}
    for story in kinds.values():
        assert re.fullmatch("r(qr){0,2}q?e", "".join(marks.get(kind, "e") for kind in story)), story


def assert_came_out_right(running: RunningStack, job: Job, deck: bytes) -> None:
    assert job.state is JobState.DONE
    assert job.result_key is not None
    assert changed_parts(deck, running.store.read(job.result_key)) == parts_of(
        range(1, PICTURES + 1)
    )
    assert {picture.state for picture in running.pictures(job.id)} == {PictureState.DONE}
    assert_each_picture_ended_once(running, job.id)
    assert_never_in_two_hands(running, job.id)


def assert_nothing_is_left_behind(running: RunningStack, job: Job) -> None:
    family = running.family()
    assert running.stop() == 0
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == [], "processes outlive the stack"
    assert list(running.temp.rglob("*")) == [], "temporary files outlive the stack"
    assert not (running.settings.data_dir / "temp").exists()
    running.clean_house()
    unfinished = running.settings.data_dir / "objects" / ".unfinished"
    assert list(unfinished.glob("*")) == [], "half-written files outlive the stack"
    known = {job.result_key, running.deck_key(job), *running.derived_keys(job)}
    for picture in running.pictures(job.id):
        known |= {picture.source_key, picture.result_key}
    assert running.keys() == known - {None}, "objects that no row knows"


def test_a_killed_pool_process_costs_nothing(running: RunningStack, deck: bytes) -> None:
    job_id = running.submit(deck)
    running.wait_for_done(job_id, 4)
    child_of(running.main_of(UPSCALING)).kill()
    job = running.wait_for_end(job_id)
    assert_came_out_right(running, job, deck)
    assert_nothing_is_left_behind(running, job)


@pytest.mark.parametrize("role", [UPSCALING, CPU])
def test_a_killed_worker_costs_nothing(running: RunningStack, deck: bytes, role: str) -> None:
    job_id = running.submit(deck)
    running.wait_for_done(job_id, 4)
    running.main_of(role).kill()
    job = running.wait_for_end(job_id)
    assert_came_out_right(running, job, deck)
    assert_nothing_is_left_behind(running, job)


@pytest.mark.parametrize("stage", [Stage.PREPARE, Stage.ASSEMBLE])
def test_a_worker_killed_over_a_deck_costs_nothing(
    running: RunningStack, deck: bytes, stage: Stage
) -> None:
    # Other options than the deck came in with: it is scanned again, and the stages last longer.
    job_id = running.submit(deck, JobOptions(low_ppi=120.0))
    wait_until(lambda: running.is_held_at(job_id, stage), f"a worker is at {stage}")
    running.main_of(CPU).kill()
    job = running.wait_for_end(job_id)
    assert_came_out_right(running, job, deck)
    assert_nothing_is_left_behind(running, job)


def test_a_killed_web_server_is_back_and_costs_nothing(running: RunningStack, deck: bytes) -> None:
    job_id = running.submit(deck)
    running.wait_for_done(job_id, 4)
    killed = running.main_of(WEB)
    killed.kill()
    wait_until(lambda: running.main_of(WEB).pid != killed.pid, "there is a new web server")
    wait_until(running.web_answers, "it answers")
    job = running.wait_for_end(job_id)
    assert_came_out_right(running, job, deck)
    assert_nothing_is_left_behind(running, job)


def test_a_killed_broker_costs_nothing(
    running_on_own_redis: RunningStack, own_redis: RedisServer, deck: bytes
) -> None:
    running = running_on_own_redis
    job_id = running.submit(deck)
    running.wait_for_done(job_id, 4)
    own_redis.kill()
    own_redis.start()
    job = running.wait_for_end(job_id)
    assert_came_out_right(running, job, deck)
    assert_nothing_is_left_behind(running, job)


def test_a_killed_serve_starts_again_and_goes_on(running: RunningStack, deck: bytes) -> None:
    job_id = running.submit(deck)
    running.wait_for_done(job_id, 4)
    family = running.family()
    running.kill()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert alive == [], "processes outlive the one that started them"
    running.start()
    job = running.wait_for_end(job_id)
    assert_came_out_right(running, job, deck)
    assert_nothing_is_left_behind(running, job)


def test_a_picture_that_kills_its_worker_fails_and_the_rest_goes_on(
    running: RunningStack, deck: bytes
) -> None:
    poison = "ppt/media/image7.png"
    job_id = running.submit(deck)
    killed = 0

    def kill_whoever_has_it() -> bool:
        nonlocal killed
        worker = running.pid_at(job_id, poison)
        if worker is not None and psutil.pid_exists(worker):
            psutil.Process(worker).kill()
            killed += 1
        return running.job(job_id).state in FINAL_JOB_STATES

    wait_until(kill_whoever_has_it, "the job ends")
    states = {picture.parts[0]: picture for picture in running.pictures(job_id)}
    assert states[poison].state is PictureState.FAILED
    assert states[poison].code == "worker_lost"
    assert states[poison].attempts == 3
    others = [picture for part, picture in states.items() if part != poison]
    assert {picture.state for picture in others} == {PictureState.DONE}
    assert len(others) == PICTURES - 1
    job = running.job(job_id)
    assert job.state is JobState.DONE
    assert job.result_key is not None
    enhanced = running.store.read(job.result_key)
    assert changed_parts(deck, enhanced) == set(states) - {poison}
    assert_each_picture_ended_once(running, job_id)
    assert_nothing_is_left_behind(running, job)


def test_two_workers_share_a_deck_and_never_a_picture(running: RunningStack, deck: bytes) -> None:
    seen: set[str] = set()

    def both_are_at_it() -> bool:
        seen.update(running.workers_at(job_id))
        return len(seen) > 1

    with running.second_worker() as second:
        job_id = running.submit(deck)
        wait_until(both_are_at_it, "two workers hold pictures")
        for process in [*second.children(), second]:
            process.kill()
        job = running.wait_for_end(job_id)
    assert_came_out_right(running, job, deck)
