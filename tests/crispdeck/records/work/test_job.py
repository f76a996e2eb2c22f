"""Jobs as their tenant sees them."""

import pytest

from crispdeck.errors import (
    ConflictError,
    GoneError,
    LimitReachedError,
    LostClaimError,
    NotFoundError,
)
from crispdeck.queue.names import QueueName, TaskName, WakeUp
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.shelf.decks import delete_deck
from crispdeck.records.states import JobState, PictureState, Stage
from crispdeck.records.work.claims import (
    fail_job,
    finish_assemble,
    finish_picture,
    finish_prepare,
    renew,
)
from crispdeck.records.work.job import (
    cancel_job,
    create_deck_job,
    create_picture_job,
    get_job,
    list_jobs,
    pictures_of,
    retry_job,
)
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.values import PictureOutcome
from tests.crispdeck.records.world import RETENTION_DAYS, World, new_picture

DONE = PictureOutcome(state=PictureState.DONE)
FAILED = PictureOutcome(state=PictureState.FAILED, code="upscale_failed", detail="why")


def test_options_come_back_as_they_were_given(world: World) -> None:
    options = JobOptions(pictures=("a", "b"), target_ppi=96.5, queue=QueueName.INTERACTIVE)
    job, _ = create_deck_job(world.db, world.tenant_id, world.deck().id, options, retention_days=1)
    assert JobOptions.from_json(world.job(job).options) == options


def test_a_new_deck_job_asks_for_its_preparation(world: World) -> None:
    job, wakeups = create_deck_job(
        world.db, world.tenant_id, world.deck().id, JobOptions(), retention_days=1
    )
    assert wakeups == [WakeUp(TaskName.PREPARE, QueueName.CPU, job.id)]


def test_a_job_keeps_its_deck_as_long_as_itself(world: World) -> None:
    deck = world.deck()
    world.clock.forward(days=RETENTION_DAYS - 1)
    job, _ = create_deck_job(
        world.db, world.tenant_id, deck.id, JobOptions(), retention_days=RETENTION_DAYS
    )
    world.clock.forward(days=RETENTION_DAYS - 1)
    assert world.job(job).deck_id == deck.id
    create_deck_job(world.db, world.tenant_id, deck.id, JobOptions(), retention_days=1)


def test_another_tenants_job_is_not_there(world: World) -> None:
    job, _ = world.prepared(1)
    stranger = create_tenant(world.db, "stranger")
    for act in (get_job, pictures_of, cancel_job, retry_job):
        with pytest.raises(NotFoundError):
            act(world.db, stranger, job.id)
    assert list_jobs(world.db, stranger).items == ()
    assert job.deck_id is not None
    with pytest.raises(NotFoundError):
        create_deck_job(world.db, stranger, job.deck_id, JobOptions(), retention_days=1)


def test_an_expired_job_is_gone(world: World) -> None:
    job, _ = world.picture_job()
    world.clock.forward(days=RETENTION_DAYS)
    with pytest.raises(GoneError):
        get_job(world.db, world.tenant_id, job.id)
    assert list_jobs(world.db, world.tenant_id).items == ()


def test_a_deleted_deck_takes_no_jobs(world: World) -> None:
    deck = world.deck()
    delete_deck(world.db, world.tenant_id, deck.id)
    with pytest.raises(GoneError):
        create_deck_job(world.db, world.tenant_id, deck.id, JobOptions(), retention_days=1)


def test_jobs_are_listed_newest_first_in_pages_that_miss_none(world: World) -> None:
    made = [world.picture_job()[0].id for _ in range(5)]
    listed: list[str] = []
    after = None
    while True:
        page = list_jobs(world.db, world.tenant_id, after=after, limit=2)
        listed += [job.id for job in page.items]
        world.picture_job()  # newcomers do not shift the later pages
        after = page.next_after
        if after is None:
            break
    assert listed == made[::-1]


def test_jobs_can_be_listed_by_deck(world: World) -> None:
    job = world.deck_job()
    world.deck_job()
    page = list_jobs(world.db, world.tenant_id, deck_id=job.deck_id)
    assert [item.id for item in page.items] == [job.id]


def test_open_jobs_are_limited_and_ended_ones_are_not_counted(world: World) -> None:
    def another() -> None:
        create_picture_job(
            world.db, world.tenant_id, new_picture(77), retention_days=1, max_open_jobs=2
        )

    job, _ = world.picture_job()
    another()
    with pytest.raises(LimitReachedError) as caught:
        another()
    assert caught.value.retry_after_s > 0
    cancel_job(world.db, world.tenant_id, job.id)
    another()


def test_a_job_of_an_unknown_tenant_is_refused(world: World) -> None:
    with pytest.raises(NotFoundError):
        create_picture_job(world.db, "nobody", new_picture(1), retention_days=1)


def test_cancelling_ends_all_open_pictures_and_keeps_the_finished(world: World) -> None:
    job, _ = world.prepared(3)
    done, running = world.claim(limit=2)
    finish_picture(world.db, done, DONE)
    ended = cancel_job(world.db, world.tenant_id, job.id)
    assert (ended.state, ended.pictures_done, ended.pictures_cancelled) == (
        JobState.CANCELLED,
        1,
        2,
    )
    assert renew(world.db, [running], 60) == set()
    with pytest.raises(LostClaimError):
        finish_picture(world.db, running, DONE)
    assert world.claim() == []


def test_cancelling_takes_the_stage_from_its_worker(world: World) -> None:
    job = world.deck_job()
    claim = world.claimed(job)
    cancel_job(world.db, world.tenant_id, job.id)
    with pytest.raises(LostClaimError):
        finish_prepare(world.db, claim, [new_picture(1)])
    assert world.job(job).pictures_total == 0


def test_cancelling_twice_is_fine_but_not_after_the_end(world: World) -> None:
    job, _ = world.picture_job()
    cancel_job(world.db, world.tenant_id, job.id)
    assert cancel_job(world.db, world.tenant_id, job.id).state is JobState.CANCELLED
    other, _ = world.picture_job()
    finish_picture(world.db, world.claim()[0], DONE)
    with pytest.raises(ConflictError):
        cancel_job(world.db, world.tenant_id, other.id)


def test_a_retry_does_only_what_failed(world: World) -> None:
    job, _ = world.prepared(2)
    good, bad = world.claim(limit=2)
    finish_picture(world.db, good, DONE)
    finish_picture(world.db, bad, FAILED)
    assemble = world.claimed(job, Stage.ASSEMBLE)
    finish_assemble(world.db, assemble, result_key="k", size_bytes=1, summary={})

    assert retry_job(world.db, world.tenant_id, job.id) == [
        WakeUp(TaskName.UPSCALE, QueueName.BULK, bad.id)
    ]
    again = world.job(job)
    assert (again.state, again.stage, again.finished_at) == (JobState.QUEUED, Stage.UPSCALE, None)
    picture = world.picture(job, bad.id)
    assert (picture.state, picture.attempts, picture.code) == (PictureState.QUEUED, 0, None)

    with pytest.raises(LostClaimError):
        finish_picture(world.db, bad, DONE)
    [claim] = world.claim()
    assert [w.task for w in finish_picture(world.db, claim, DONE)] == [TaskName.ASSEMBLE]
    assert world.job(job).pictures_done == 2


def test_a_cancelled_job_can_be_taken_up_again(world: World) -> None:
    job, _ = world.prepared(2)
    [claim] = world.claim()
    finish_picture(world.db, claim, DONE)
    cancel_job(world.db, world.tenant_id, job.id)
    assert len(retry_job(world.db, world.tenant_id, job.id)) == 1
    assert (world.job(job).pictures_done, world.job(job).pictures_queued) == (1, 1)


@pytest.mark.parametrize("stage", [Stage.PREPARE, Stage.ASSEMBLE])
def test_a_retry_repeats_the_stage_that_failed(world: World, stage: Stage) -> None:
    job = world.deck_job()
    if stage is Stage.ASSEMBLE:
        finish_prepare(world.db, world.claimed(job), [])
    fail_job(world.db, world.claimed(job, stage), code="storage_unavailable", detail="")
    [wakeup] = retry_job(world.db, world.tenant_id, job.id)
    assert wakeup.task.value == f"crispdeck.{stage.value}"
    assert (world.job(job).code, world.job(job).stage) == (None, stage)
    assert world.claimed(job, stage).attempts == 1


def test_a_job_that_lacks_nothing_is_not_retried(world: World) -> None:
    job, _ = world.picture_job()
    with pytest.raises(ConflictError):
        retry_job(world.db, world.tenant_id, job.id)
    finish_picture(world.db, world.claim()[0], DONE)
    with pytest.raises(ConflictError):
        retry_job(world.db, world.tenant_id, job.id)
