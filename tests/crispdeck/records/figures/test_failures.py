"""What failed, grouped by code."""

from datetime import timedelta

from crispdeck.records.figures.failures import failure_groups
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.states import PictureState
from crispdeck.records.work.claims import fail_job, finish_picture
from crispdeck.records.work.values import PictureOutcome
from tests.crispdeck.records.world import World

HOUR = timedelta(hours=1)


def fail_pictures(world: World, count: int, code: str, detail: str = "") -> None:
    world.prepared(count)
    for claim in world.claim(limit=count):
        outcome = PictureOutcome(state=PictureState.FAILED, code=code, detail=detail)
        finish_picture(world.db, claim, outcome)


def test_nothing_failed(world: World) -> None:
    world.prepared(2)
    assert failure_groups(world.db, HOUR) == []


def test_the_most_frequent_comes_first_with_what_the_latest_said(world: World) -> None:
    fail_pictures(world, 1, "time_limit", "early")
    world.clock.forward(seconds=60)
    fail_pictures(world, 1, "time_limit", "late")
    other = world.of(create_tenant(world.db, "other"))
    fail_pictures(other, 3, "upscale_failed")
    groups = failure_groups(world.db, HOUR)
    assert [(group.code, group.of, group.count, group.tenants) for group in groups] == [
        ("upscale_failed", "pictures", 3, 1),
        ("time_limit", "pictures", 2, 1),
    ]
    assert groups[1].detail == "late"
    assert groups[1].first_at is not None
    assert groups[1].last_at == groups[1].first_at + timedelta(seconds=60)


def test_a_deck_that_failed_as_a_whole_is_a_job(world: World) -> None:
    job = world.deck_job()
    fail_job(world.db, world.claimed(job), code="deck_malformed", detail="It is no deck.")
    [group] = failure_groups(world.db, HOUR)
    assert (group.code, group.of, group.job_id) == ("deck_malformed", "jobs", job.id)


def test_what_failed_before_does_not_count(world: World) -> None:
    fail_pictures(world, 1, "time_limit")
    world.clock.forward(seconds=3601)
    assert failure_groups(world.db, HOUR) == []
