"""What makes up for lost workers and lost messages."""

from datetime import timedelta

from crispdeck.queue.names import QueueName, TaskName, WakeUp
from crispdeck.records.outages import Outage
from crispdeck.records.states import JobState, PictureState, Stage
from crispdeck.records.work.claims import finish_picture, finish_prepare, put_off, renew
from crispdeck.records.work.ending_pictures import end_pictures
from crispdeck.records.work.sweep import ANNOUNCED_AT_ONCE, sweep
from crispdeck.records.work.values import PictureOutcome
from tests.crispdeck.records.world import LEASE_S, World

DONE = PictureOutcome(state=PictureState.DONE)
NEVER_STALE_S = 1e9
OUTAGE = Outage(longest=timedelta(hours=1))


def lose_worker(world: World) -> list[WakeUp]:
    world.clock.forward(seconds=LEASE_S + 1)
    return sweep(world.db, stale_queued_s=NEVER_STALE_S, max_attempts=3)


def test_a_picture_of_a_silent_worker_is_queued_and_announced(world: World) -> None:
    job, _ = world.prepared(2)
    [claim] = world.claim()
    assert lose_worker(world) == [WakeUp(TaskName.UPSCALE, QueueName.BULK, claim.id)]
    picture = world.picture(job, claim.id)
    assert (picture.state, picture.worker, picture.attempts) == (PictureState.QUEUED, None, 1)
    assert world.job(job).pictures_queued == 2


def test_the_third_lost_attempt_fails_the_picture_and_the_deck_goes_on(world: World) -> None:
    job, _ = world.prepared(2)
    for attempt in (1, 2):
        [claim] = world.claim()
        assert claim.attempts == attempt
        assert len(lose_worker(world)) == 1
    [claim] = world.claim()
    assert claim.attempts == 3
    assert lose_worker(world) == []
    picture = world.picture(job, claim.id)
    assert (picture.state, picture.code) == (PictureState.FAILED, "worker_lost")

    [other] = world.claim()
    assert [wakeup.task for wakeup in finish_picture(world.db, other, DONE)] == [TaskName.ASSEMBLE]


def test_a_picture_that_kills_its_workers_costs_its_neighbours_nothing(world: World) -> None:
    job, _ = world.prepared(6)
    poison = world.pictures(job)[2].id
    while claims := world.claim(limit=4):
        if poison in {claim.id for claim in claims}:
            lose_worker(world)
            continue
        for claim in claims:
            finish_picture(world.db, claim, DONE)
    after = world.job(job)
    assert (after.pictures_done, after.pictures_failed) == (5, 1)
    assert world.picture(job, poison).code == "worker_lost"
    assert after.stage is Stage.ASSEMBLE


def test_a_last_picture_that_is_lost_for_good_lets_the_deck_be_assembled(world: World) -> None:
    job, _ = world.prepared(1)
    for _ in range(2):
        world.claim()
        lose_worker(world)
    world.claim()
    assert lose_worker(world) == [WakeUp(TaskName.ASSEMBLE, QueueName.CPU, job.id)]
    assert world.job(job).stage is Stage.ASSEMBLE


def test_a_picture_job_that_loses_three_workers_fails_with_the_reason(world: World) -> None:
    job, _ = world.picture_job()
    for _ in range(3):
        world.claim()
        lose_worker(world)
    assert (world.job(job).state, world.job(job).code) == (JobState.FAILED, "worker_lost")


def test_a_stage_of_a_silent_worker_is_announced_and_fails_at_the_third(world: World) -> None:
    job = world.deck_job()
    for _ in range(2):
        world.claimed(job)
        assert lose_worker(world) == [WakeUp(TaskName.PREPARE, QueueName.CPU, job.id)]
    world.claimed(job)
    assert lose_worker(world) == []
    assert (world.job(job).state, world.job(job).code) == (JobState.FAILED, "worker_lost")


def test_each_stage_has_attempts_of_its_own(world: World) -> None:
    job = world.deck_job()
    for _ in range(2):
        world.claimed(job)
        lose_worker(world)
    prepare = world.claimed(job)
    assert prepare.attempts == 3
    finish_prepare(world.db, prepare, [])
    assert world.claimed(job, Stage.ASSEMBLE).attempts == 1


def test_a_running_lease_is_left_alone(world: World) -> None:
    job, _ = world.prepared(1)
    world.claim()
    world.clock.forward(seconds=LEASE_S - 1)
    assert sweep(world.db, stale_queued_s=NEVER_STALE_S, max_attempts=3) == []
    assert world.job(job).pictures_running == 1


def test_rows_that_nobody_took_are_announced_again_but_not_at_once(world: World) -> None:
    _, wakeups = world.prepared(2)
    waiting_job = world.deck_job()
    assert sweep(world.db, stale_queued_s=30, max_attempts=3) == []
    world.clock.forward(seconds=31)
    prepare = WakeUp(TaskName.PREPARE, QueueName.CPU, waiting_job.id)
    assert sweep(world.db, stale_queued_s=30, max_attempts=3) == [*wakeups, prepare]
    assert sweep(world.db, stale_queued_s=30, max_attempts=3) == []


def test_rows_with_enough_messages_are_not_announced(world: World) -> None:
    world.prepared(3)
    world.clock.forward(seconds=31)
    depths = dict.fromkeys(QueueName, 3)
    assert sweep(world.db, stale_queued_s=30, max_attempts=3, depths=depths) == []
    depths[QueueName.BULK] = 1
    assert len(sweep(world.db, stale_queued_s=30, max_attempts=3, depths=depths)) == 2


def test_a_long_backlog_is_announced_in_portions(world: World) -> None:
    world.prepared(ANNOUNCED_AT_ONCE + 5)
    world.clock.forward(seconds=31)
    assert len(sweep(world.db, stale_queued_s=30, max_attempts=3)) == ANNOUNCED_AT_ONCE
    assert len(sweep(world.db, stale_queued_s=30, max_attempts=3)) == 5


def test_a_deck_that_waits_to_be_assembled_is_announced_again(world: World) -> None:
    job, _ = world.prepared(0)
    world.clock.forward(seconds=31)
    assert sweep(world.db, stale_queued_s=30, max_attempts=3) == [
        WakeUp(TaskName.ASSEMBLE, QueueName.CPU, job.id)
    ]


def test_a_clock_set_back_does_not_hold_a_dead_workers_picture_for_that_long(
    world: World,
) -> None:
    job, _ = world.prepared(1)
    world.claim()
    world.clock.forward(seconds=-3600)
    for _ in range(int(LEASE_S) // 20 + 2):
        sweep(world.db, stale_queued_s=NEVER_STALE_S, max_attempts=3)
        world.clock.forward(seconds=20)
    assert world.job(job).pictures_queued == 1


def test_a_clock_set_back_takes_nothing_from_a_worker_that_lives(world: World) -> None:
    job, _ = world.prepared(1)
    claims = world.claim()
    world.clock.forward(seconds=-3600)
    for _ in range(10):
        sweep(world.db, stale_queued_s=NEVER_STALE_S, max_attempts=3)
        world.clock.forward(seconds=LEASE_S / 3)
        assert renew(world.db, claims, LEASE_S)
    assert world.picture(job, claims[0].id).attempts == 1


def test_a_stage_of_a_dead_worker_is_not_held_by_a_clock_set_back(world: World) -> None:
    job = world.deck_job()
    world.claimed(job)
    world.clock.forward(seconds=-3600)
    sweep(world.db, stale_queued_s=NEVER_STALE_S, max_attempts=3)
    world.clock.forward(seconds=LEASE_S + 1)
    assert sweep(world.db, stale_queued_s=NEVER_STALE_S, max_attempts=3) == [
        WakeUp(TaskName.PREPARE, QueueName.CPU, job.id)
    ]


def test_a_message_that_was_lost_before_a_clock_was_set_back_is_sent_again(world: World) -> None:
    _, wakeups = world.prepared(1)
    world.clock.forward(seconds=-3600)
    assert sweep(world.db, stale_queued_s=30, max_attempts=3) == wakeups


def test_what_waits_for_something_that_is_away_is_not_announced_before_its_time(
    world: World,
) -> None:
    job, wakeups = world.prepared(1)
    put_off(world.db, world.claim(), code="storage_unavailable", outage=OUTAGE)
    world.clock.forward(seconds=2)
    assert sweep(world.db, stale_queued_s=0, max_attempts=3) == []
    assert world.claim() == []
    world.clock.forward(seconds=10)
    assert sweep(world.db, stale_queued_s=0, max_attempts=3) == wakeups
    assert world.claim()[0].attempts == 1
    assert world.job(job).pictures_running == 1


def test_outages_are_counted_apart_and_fail_only_after_their_time(world: World) -> None:
    job, _ = world.prepared(1)
    outages = 0
    while claims := world.claim():
        put_off(world.db, claims, code="storage_unavailable", outage=OUTAGE)
        outages += 1
        world.clock.forward(seconds=600)
    [picture] = world.pictures(job)
    assert (picture.state, picture.code) == (PictureState.FAILED, "storage_unavailable")
    assert (outages, picture.attempts) == (7, 0)
    assert world.job(job).stage is Stage.ASSEMBLE


def test_a_stage_that_met_an_outage_waits_and_counts_nothing(world: World) -> None:
    job = world.deck_job()
    for _ in range(5):
        claim = world.claimed(job)
        assert claim.attempts == 1
        put_off(world.db, [claim], code="storage_unavailable", outage=OUTAGE)
        world.clock.forward(seconds=600)
    world.clock.forward(seconds=3600)
    put_off(world.db, [world.claimed(job)], code="storage_unavailable", outage=OUTAGE)
    assert (world.job(job).state, world.job(job).code) == (JobState.FAILED, "storage_unavailable")


def test_changes_that_a_killed_process_left_are_added_up_by_the_sweep(world: World) -> None:
    job, _ = world.prepared(1)
    [claim] = world.claim()
    end_pictures(world.db, [(claim, DONE)])  # and then it is killed
    assert world.job(job).pictures_done == 0
    assert sweep(world.db, stale_queued_s=NEVER_STALE_S, max_attempts=3) == [
        WakeUp(TaskName.ASSEMBLE, QueueName.CPU, job.id)
    ]
    assert world.job(job).pictures_done == 1
