"""Jobs of all tenants by what an operator asks for."""

from datetime import timedelta

from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.states import JobKind, JobState, PictureState, Stage
from crispdeck.records.work.claims import finish_picture
from crispdeck.records.work.job import cancel_job
from crispdeck.records.work.job_list import (
    JobFilter,
    find_job,
    find_jobs,
    find_picture,
    last_workers,
    matching_ids,
    picture_page,
    stage_workers,
)
from crispdeck.records.work.values import PictureOutcome
from tests.crispdeck.records.world import World

DONE = PictureOutcome(state=PictureState.DONE)
FAILED = PictureOutcome(state=PictureState.FAILED, code="upscale_failed", detail="It is no good.")


def ids(world: World, wanted: JobFilter) -> list[str]:
    return [found.job.id for found in find_jobs(world.db, wanted).items]


def test_jobs_of_all_tenants_come_newest_first_with_their_names(world: World) -> None:
    mine = world.deck_job()
    other = world.of(create_tenant(world.db, "Sales"))
    theirs, _ = other.picture_job()
    found = find_jobs(world.db, JobFilter())
    assert [(one.job.id, one.tenant, one.deck) for one in found.items] == [
        (theirs.id, "Sales", None),
        (mine.id, "a tenant", "talk.pptx"),
    ]
    assert (found.count, found.next_after) == (2, None)


def test_a_filter_leaves_what_it_names(world: World) -> None:
    open_job, ended = world.deck_job(), world.deck_job()
    picture, _ = world.picture_job()
    cancel_job(world.db, world.tenant_id, ended.id)
    assert ids(world, JobFilter(state=JobState.CANCELLED)) == [ended.id]
    assert ids(world, JobFilter(kind=JobKind.PICTURE)) == [picture.id]
    assert ids(world, JobFilter(tenant_id="nobody")) == []
    assert ids(world, JobFilter(text="TALK")) == [ended.id, open_job.id]
    assert ids(world, JobFilter(text="100%")) == []
    assert ids(world, JobFilter(younger_than=timedelta(days=365_0))) == matching_ids(
        world.db, JobFilter()
    )


def test_an_id_of_a_job_its_deck_or_its_picture_finds_the_job(world: World) -> None:
    job, _ = world.prepared(2)
    world.deck_job()
    for text in (job.id, job.deck_id or "", world.pictures(job)[1].id):
        assert ids(world, JobFilter(text=f" {text} ")) == [job.id]


def test_a_code_finds_jobs_that_failed_with_it_or_whose_picture_did(world: World) -> None:
    job, _ = world.prepared(1)
    world.prepared(1)
    [claim] = world.claim()
    finish_picture(world.db, claim, FAILED)
    assert ids(world, JobFilter(code="upscale_failed")) == [claim.job_id] == [job.id]
    assert ids(world, JobFilter(code="time_limit")) == []


def test_pages_follow_each_other(world: World) -> None:
    jobs = [world.deck_job().id for _ in range(5)]
    first = find_jobs(world.db, JobFilter(), limit=3)
    second = find_jobs(world.db, JobFilter(), after=first.next_after, limit=3)
    assert [one.job.id for one in (*first.items, *second.items)] == jobs[::-1]
    assert (first.count, second.next_after) == (5, None)


def test_an_expired_job_is_found_and_says_since_when_it_is_gone(world: World) -> None:
    job = world.deck_job()
    found = find_job(world.db, job.id)
    assert found is not None
    assert found.gone_at is None
    world.clock.forward(days=8)
    found = find_job(world.db, job.id)
    assert found is not None
    assert found.gone_at is not None
    assert find_job(world.db, "none") is None


def test_pictures_that_failed_come_first_and_pages_miss_none(world: World) -> None:
    job, _ = world.prepared(5)
    claims = world.claim(limit=5)
    finish_picture(world.db, claims[3], FAILED)
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        pictures, after = picture_page(world.db, job.id, after=after, limit=2)
        seen += [picture.id for picture in pictures]
    everything = [picture.id for picture in world.pictures(job)]
    assert seen[0] == claims[3].id
    assert sorted(seen) == sorted(everything)


def test_who_was_at_a_picture_and_at_a_stage_is_known_afterwards(world: World) -> None:
    job, _ = world.prepared(1)
    [claim] = world.claim(worker="gpu@here")
    finish_picture(world.db, claim, DONE)
    assert last_workers(world.db, job.id, [claim.id]) == {claim.id: "gpu@here"}
    assert stage_workers(world.db, job.id)[Stage.PREPARE] == "w"


def test_a_picture_is_found_in_its_own_job_only(world: World) -> None:
    job, _ = world.prepared(1)
    other, _ = world.prepared(1)
    picture = world.pictures(job)[0]
    assert find_picture(world.db, job.id, picture.id) == picture
    assert find_picture(world.db, other.id, picture.id) is None
