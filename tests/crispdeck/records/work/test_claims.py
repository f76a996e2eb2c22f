"""Who works on what, and how work ends."""

import pytest

from crispdeck.errors import LostClaimError
from crispdeck.queue.names import QueueName, TaskName, WakeUp
from crispdeck.records.states import JobState, PictureState, Stage
from crispdeck.records.work.claims import (
    claim_job,
    claim_pictures,
    fail_job,
    finish_assemble,
    finish_picture,
    finish_prepare,
    give_back,
    renew,
)
from crispdeck.records.work.job import cancel_job
from crispdeck.records.work.sweep import sweep
from crispdeck.records.work.values import PictureOutcome
from tests.crispdeck.records.world import LEASE_S, World

DONE = PictureOutcome(
    state=PictureState.DONE,
    result_key="t/upscales/1",
    result_format="png",
    width_px=400,
    height_px=200,
    size_bytes=9000,
    report={"network": "n"},
)
FAILED = PictureOutcome(state=PictureState.FAILED, code="picture_unreadable", detail="bad bytes")


def test_a_deck_job_goes_through_its_stages_to_done(world: World) -> None:
    job = world.deck_job()
    assert (job.state, job.stage) == (JobState.QUEUED, Stage.PREPARE)

    prepare = world.claimed(job)
    assert world.job(job).state is JobState.RUNNING
    assert finish_prepare(world.db, prepare, []) == [
        WakeUp(TaskName.ASSEMBLE, QueueName.CPU, job.id)
    ]

    assemble = world.claimed(job, Stage.ASSEMBLE)
    finish_assemble(world.db, assemble, result_key="k", size_bytes=7, summary={"swapped": 0})
    ended = world.job(job)
    assert (ended.state, ended.result_key, ended.result_bytes) == (JobState.DONE, "k", 7)
    assert ended.summary == {"swapped": 0}
    assert ended.finished_at is not None


def test_prepare_announces_each_picture_and_counts_the_skipped(world: World) -> None:
    job, wakeups = world.prepared(3, skipped=2)
    assert [wakeup.task for wakeup in wakeups] == [TaskName.UPSCALE] * 3
    assert {wakeup.queue for wakeup in wakeups} == {QueueName.BULK}
    queued = [p.id for p in world.pictures(job) if p.state is PictureState.QUEUED]
    assert [wakeup.row_id for wakeup in wakeups] == queued
    assert (job.pictures_queued, job.pictures_skipped, job.pictures_total) == (3, 2, 5)
    assert {p.code for p in world.pictures(job) if p.state is PictureState.SKIPPED} == {"vector"}


def test_the_last_picture_moves_the_deck_on_to_assemble_once(world: World) -> None:
    job, _ = world.prepared(2)
    first, second = world.claim(limit=2)
    assert finish_picture(world.db, first, DONE) == []
    assert world.job(job).stage is Stage.UPSCALE
    assert finish_picture(world.db, second, FAILED) == [
        WakeUp(TaskName.ASSEMBLE, QueueName.CPU, job.id)
    ]
    after = world.job(job)
    assert (after.stage, after.pictures_done, after.pictures_failed) == (Stage.ASSEMBLE, 1, 1)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (DONE, JobState.DONE),
        (FAILED, JobState.FAILED),
        (PictureOutcome(state=PictureState.SKIPPED, code="already_sharp"), JobState.DONE),
    ],
)
def test_a_picture_job_ends_with_its_picture(
    world: World, outcome: PictureOutcome, state: JobState
) -> None:
    job, wakeups = world.picture_job()
    assert wakeups[0].queue is QueueName.INTERACTIVE
    [claim] = world.claim(wakeups[0].row_id)
    assert finish_picture(world.db, claim, outcome) == []
    assert (world.job(job).state, world.job(job).code) == (state, outcome.code)


def test_an_outcome_is_kept_with_the_picture(world: World) -> None:
    job, _ = world.prepared(1)
    [claim] = world.claim()
    finish_picture(world.db, claim, DONE)
    picture = world.picture(job, claim.id)
    assert (picture.result_key, picture.result_format) == ("t/upscales/1", "png")
    assert (picture.result_width_px, picture.result_height_px) == (400, 200)
    assert (picture.result_bytes, picture.report) == (9000, {"network": "n"})
    assert picture.worker is None


def test_a_claim_says_what_to_do(world: World) -> None:
    job, wakeups = world.prepared(1)
    [claim] = world.claim(wakeups[0].row_id)
    assert (claim.id, claim.job_id, claim.attempts) == (wakeups[0].row_id, job.id, 1)
    assert (claim.width_px, claim.height_px, claim.scale) == (100, 50, 4)
    assert claim.parts == ("ppt/media/image1.png",)
    assert world.picture(job, claim.id).worker == "w"


def test_a_claimed_picture_is_not_claimed_again(world: World) -> None:
    world.prepared(1)
    assert len(world.claim()) == 1
    assert world.claim() == []


def test_a_batch_takes_only_pictures_of_one_size(world: World) -> None:
    world.prepared(3, width_px=100)
    world.prepared(3, width_px=200)
    assert {claim.width_px for claim in world.claim(limit=10)} == {100}
    assert {claim.width_px for claim in world.claim(limit=10)} == {200}


def test_a_batch_reaches_over_jobs_but_not_over_queues(world: World) -> None:
    first, _ = world.prepared(2)
    second, _ = world.prepared(2)
    world.prepared(2, queue=QueueName.INTERACTIVE)
    claims = claim_pictures(
        world.db,
        worker="w",
        picture_id="",
        limit=10,
        max_px=10**9,
        lease_s=LEASE_S,
        queues=[QueueName.BULK],
    )
    assert [claim.job_id for claim in claims] == [first.id] * 2 + [second.id] * 2
    assert world.job(second).state is JobState.RUNNING


def test_a_batch_keeps_to_its_count_and_its_pixels(world: World) -> None:
    world.prepared(9)
    assert len(world.claim(limit=4)) == 4
    assert len(world.claim(limit=4, max_px=2 * 100 * 50 + 1)) == 2
    assert len(world.claim(limit=4, max_px=10)) == 1


def test_a_message_about_a_picture_that_is_gone_serves_the_next_one(world: World) -> None:
    _, wakeups = world.prepared(2)
    [first] = world.claim(wakeups[0].row_id)
    [second] = world.claim(wakeups[0].row_id)
    assert {first.id, second.id} == {wakeup.row_id for wakeup in wakeups}


def test_renewing_keeps_a_picture_from_the_sweeper(world: World) -> None:
    job, _ = world.prepared(1)
    claims = world.claim()
    world.clock.forward(seconds=LEASE_S - 1)
    assert renew(world.db, claims, LEASE_S) == {claims[0].id}
    world.clock.forward(seconds=LEASE_S - 1)
    assert sweep(world.db, stale_queued_s=1e9, max_attempts=3) == []
    assert world.job(job).pictures_running == 1


def test_renewing_tells_which_pictures_are_lost(world: World) -> None:
    world.prepared(1)
    other_job, _ = world.prepared(1, width_px=200)
    [kept] = world.claim()
    [lost] = world.claim()
    cancel_job(world.db, world.tenant_id, other_job.id)
    assert renew(world.db, [kept, lost], LEASE_S) == {kept.id}


def test_a_late_result_counts_while_nobody_took_the_row(world: World) -> None:
    job, _ = world.prepared(1)
    [claim] = world.claim()
    world.clock.forward(seconds=10 * LEASE_S)
    finish_picture(world.db, claim, DONE)
    assert world.job(job).pictures_done == 1


def test_a_result_after_the_row_was_taken_back_is_refused(world: World) -> None:
    job, _ = world.prepared(1)
    [claim] = world.claim()
    world.clock.forward(seconds=LEASE_S + 1)
    sweep(world.db, stale_queued_s=1e9, max_attempts=3)
    with pytest.raises(LostClaimError):
        finish_picture(world.db, claim, DONE)
    assert world.job(job).pictures_queued == 1


def test_only_the_newest_claim_of_a_row_may_finish_it(world: World) -> None:
    job, _ = world.prepared(1)
    [old] = world.claim(worker="old")
    world.clock.forward(seconds=LEASE_S + 1)
    sweep(world.db, stale_queued_s=1e9, max_attempts=3)
    [new] = world.claim(worker="new")
    assert (new.id, new.attempts) == (old.id, 2)
    with pytest.raises(LostClaimError):
        finish_picture(world.db, old, FAILED)
    assert renew(world.db, [old], LEASE_S) == set()
    finish_picture(world.db, new, DONE)
    with pytest.raises(LostClaimError):
        finish_picture(world.db, new, FAILED)
    assert world.job(job).pictures_done == 1


def test_a_stage_is_claimed_by_one_worker_and_only_in_its_turn(world: World) -> None:
    job = world.deck_job()
    db = world.db
    assert claim_job(db, worker="w", job_id=job.id, stage=Stage.ASSEMBLE, lease_s=9) is None
    assert claim_job(db, worker="w", job_id=job.id, stage=Stage.PREPARE, lease_s=9) is not None
    assert claim_job(db, worker="x", job_id=job.id, stage=Stage.PREPARE, lease_s=9) is None
    assert claim_job(db, worker="x", job_id="unknown", stage=Stage.PREPARE, lease_s=9) is None


def test_a_job_claim_carries_its_deck_and_options(world: World) -> None:
    job = world.deck_job()
    claim = world.claimed(job)
    assert claim.deck_key == f"{world.tenant_id}/decks/{job.deck_id}/original"
    assert claim.options.to_json() == job.options


def test_the_stages_of_a_job_are_fenced(world: World) -> None:
    job = world.deck_job()
    old = world.claimed(job)
    world.clock.forward(seconds=LEASE_S + 1)
    sweep(world.db, stale_queued_s=1e9, max_attempts=3)
    new = world.claimed(job)
    assert renew(world.db, [old, new], LEASE_S) == {job.id}
    with pytest.raises(LostClaimError):
        finish_prepare(world.db, old, [])
    finish_prepare(world.db, new, [])
    with pytest.raises(LostClaimError):
        fail_job(world.db, new, code="deck_unsafe", detail="too late")


def test_a_stage_that_cannot_be_done_fails_the_job(world: World) -> None:
    job = world.deck_job()
    fail_job(world.db, world.claimed(job), code="deck_unsafe", detail="a bomb")
    ended = world.job(job)
    assert (ended.state, ended.code, ended.detail) == (JobState.FAILED, "deck_unsafe", "a bomb")


def test_a_worker_that_stops_gives_back_without_spending_attempts(world: World) -> None:
    job, _ = world.prepared(2)
    for _ in range(5):
        claims = world.claim(limit=2)
        assert {claim.attempts for claim in claims} == {1}
        wakeups = give_back(world.db, claims, counted=False)
        assert {wakeup.row_id for wakeup in wakeups} == {claim.id for claim in claims}
    assert world.job(job).pictures_queued == 2


def test_a_stage_that_is_given_back_can_be_claimed_again(world: World) -> None:
    job = world.deck_job()
    [wakeup] = give_back(world.db, [world.claimed(job)], counted=False)
    assert wakeup == WakeUp(TaskName.PREPARE, QueueName.CPU, job.id)
    assert world.claimed(job).attempts == 1


def test_errors_that_do_not_pass_fail_the_picture_in_the_end(world: World) -> None:
    job, _ = world.prepared(1)
    for _ in range(2):
        claims = world.claim()
        assert give_back(world.db, claims, counted=True, code="storage_unavailable") == []
    claims = world.claim()
    wakeups = give_back(world.db, claims, counted=True, code="storage_unavailable")
    assert [wakeup.task for wakeup in wakeups] == [TaskName.ASSEMBLE]
    assert world.picture(job, claims[0].id).code == "storage_unavailable"


def test_giving_back_what_was_lost_changes_nothing(world: World) -> None:
    job, _ = world.prepared(1)
    claims = world.claim()
    finish_picture(world.db, claims[0], DONE)
    assert give_back(world.db, claims, counted=False) == []
    assert world.job(job).pictures_done == 1


def test_cancelled_is_not_an_outcome_of_work(world: World) -> None:
    world.prepared(1)
    [claim] = world.claim()
    with pytest.raises(ValueError, match="cancelled"):
        finish_picture(world.db, claim, PictureOutcome(state=PictureState.CANCELLED))
