"""A deck that was asked for waits for a free job, whoever looks on, and is begun exactly once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from crispdeck.queue.names import QueueName, TaskName, WakeUp
from crispdeck.records.people.tenant_limits import OwnAllowances, set_allowances
from crispdeck.records.shelf.decks import delete_deck
from crispdeck.records.work.claims import fail_job
from crispdeck.records.work.job import create_deck_job, list_jobs
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.waiting_decks import enqueue_decks, start_waiting
from crispdeck.settings import Settings
from tests.crispdeck.records.world import RETENTION_DAYS, World

ASKED = JobOptions(pictures=("a",), target_ppi=96.0)
ONE = Settings(max_open_jobs=1)


def waiting(world: World, count: int) -> list[str]:
    """So many new decks, all of which wait."""
    decks = [world.deck().id for _ in range(count)]
    enqueue_decks(world.db, world.tenant_id, [(deck, ASKED) for deck in decks])
    return decks


def begun(world: World) -> list[str | None]:
    """The decks that have a job, in the order in which they were begun."""
    jobs = list_jobs(world.db, world.tenant_id).items
    return [job.deck_id for job in reversed(jobs)]


def end_the_latest(world: World) -> None:
    job = list_jobs(world.db, world.tenant_id).items[0]
    fail_job(world.db, world.claimed(job), code="deck_not_a_deck", detail="why")


def test_as_many_begin_as_there_are_free_jobs_in_the_order_of_asking(world: World) -> None:
    decks = waiting(world, 3)
    wakeups = start_waiting(world.db, Settings(max_open_jobs=2))
    assert begun(world) == decks[:2]
    jobs = reversed(list_jobs(world.db, world.tenant_id).items)
    assert wakeups == [WakeUp(TaskName.PREPARE, QueueName.CPU, job.id) for job in jobs]
    assert start_waiting(world.db, Settings(max_open_jobs=2)) == []


def test_each_end_makes_room_for_the_next_and_what_failed_is_not_begun_again(world: World) -> None:
    decks = waiting(world, 2)
    start_waiting(world.db, ONE)
    end_the_latest(world)
    start_waiting(world.db, ONE)
    end_the_latest(world)
    assert start_waiting(world.db, ONE) == []
    assert begun(world) == decks


def test_a_job_has_the_options_that_were_asked_for_last(world: World) -> None:
    [deck] = waiting(world, 1)
    later = replace(ASKED, target_ppi=300.0)
    enqueue_decks(world.db, world.tenant_id, [(deck, later)])
    start_waiting(world.db, ONE)
    [job] = list_jobs(world.db, world.tenant_id).items
    assert JobOptions.from_json(job.options) == later


def test_a_tenants_own_limit_is_the_one_that_counts(world: World) -> None:
    waiting(world, 3)
    set_allowances(world.db, world.tenant_id, OwnAllowances(max_open_jobs=3))
    assert len(start_waiting(world.db, ONE)) == 3


def test_a_deleted_deck_waits_no_more_and_holds_up_nobody(world: World) -> None:
    first, second = waiting(world, 2)
    gone = world.deck().id
    delete_deck(world.db, world.tenant_id, first)
    delete_deck(world.db, world.tenant_id, gone)
    enqueue_decks(world.db, world.tenant_id, [(gone, ASKED)])
    start_waiting(world.db, Settings())
    assert begun(world) == [second]


def test_an_expired_deck_holds_up_nobody(world: World) -> None:
    waiting(world, 1)
    world.clock.forward(days=RETENTION_DAYS + 1)
    [young] = waiting(world, 1)
    start_waiting(world.db, Settings())
    assert begun(world) == [young]
    assert start_waiting(world.db, Settings()) == []


def test_a_deck_that_got_its_job_otherwise_is_not_begun_twice(world: World) -> None:
    [deck] = waiting(world, 1)
    create_deck_job(world.db, world.tenant_id, deck, ASKED, retention_days=1)
    assert start_waiting(world.db, Settings()) == []
    assert begun(world) == [deck]


def test_a_deck_in_work_does_not_wait_for_another_job(world: World) -> None:
    [deck] = waiting(world, 1)
    start_waiting(world.db, ONE)
    enqueue_decks(world.db, world.tenant_id, [(deck, ASKED)])
    end_the_latest(world)
    assert start_waiting(world.db, ONE) == []


@pytest.mark.parametrize("sweepers", [4])
def test_many_who_look_at_once_begin_each_deck_once(world: World, sweepers: int) -> None:
    decks = waiting(world, 6)
    with ThreadPoolExecutor(sweepers) as pool:
        runs = [pool.submit(start_waiting, world.db, Settings()) for _ in range(sweepers)]
    assert sum(len(run.result()) for run in runs) == 6
    assert sorted(map(str, begun(world))) == sorted(decks)
