"""An upgrade: a process of the older version and one of this work on the same rows."""

from collections import Counter

from crispdeck.records.states import PictureState, Stage
from crispdeck.records.work.claims import finish_picture
from crispdeck.records.work.events import events_after
from crispdeck.records.work.sweep import sweep
from crispdeck.records.work.values import PictureOutcome
from tests.crispdeck.records.world import LEASE_S, World
from worker.lab.bench.claims import old_way

DONE = PictureOutcome(state=PictureState.DONE)


def test_old_and_new_take_turns_on_one_job_and_it_moves_on_once(world: World) -> None:
    job, _ = world.prepared(8)
    moved = 0
    for number in range(8):
        if number % 2:
            [old] = old_way.claim_pictures(world.db, worker="old", limit=1, lease_s=LEASE_S)
            moved += old_way.finish_picture(world.db, old, PictureState.DONE)
        else:
            [new] = world.claim()
            moved += len(finish_picture(world.db, new, DONE))
    after = world.job(job)
    assert (after.pictures_done, after.pictures_queued, after.stage) == (8, 0, Stage.ASSEMBLE)
    assert moved == 1
    counted = events_after(world.db, world.tenant_id, job.id)[-1].data["counts"]
    assert counted["done"] == 8


def test_the_last_picture_may_end_in_either_version(world: World) -> None:
    for old_last in (True, False):
        job, _ = world.prepared(2)
        [new] = world.claim()
        [old] = old_way.claim_pictures(world.db, worker="old", limit=1, lease_s=LEASE_S)
        if old_last:
            assert finish_picture(world.db, new, DONE) == []
            assert old_way.finish_picture(world.db, old, PictureState.DONE)
        else:
            assert not old_way.finish_picture(world.db, old, PictureState.DONE)
            assert finish_picture(world.db, new, DONE)
        assert world.job(job).stage is Stage.ASSEMBLE


def test_shares_that_an_older_process_left_wrong_are_put_right_by_the_sweep(
    world: World,
) -> None:
    job, _ = world.prepared(4)
    for claim in old_way.claim_pictures(world.db, worker="old", limit=4, lease_s=LEASE_S):
        old_way.finish_picture(world.db, claim, PictureState.DONE)
    assert world.claim() == []
    sweep(world.db, stale_queued_s=1e9, max_attempts=3)
    assert world.waiting() == Counter()
    assert world.job(job).pictures_done == 4


def test_pictures_that_an_older_process_queued_are_found_after_a_sweep(world: World) -> None:
    world.prepared(2)
    world.forget_shares()
    sweep(world.db, stale_queued_s=1e9, max_attempts=3)
    assert len(world.claim(limit=2)) == 2
