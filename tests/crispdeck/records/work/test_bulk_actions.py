"""The same for many jobs at once: what one refuses costs the others nothing."""

import pytest

from crispdeck.errors import GoneError
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.shelf.decks import get_deck
from crispdeck.records.states import JobState
from crispdeck.records.work.bulk_actions import JobAction, act_on_jobs
from crispdeck.records.work.job import cancel_job
from tests.crispdeck.records.world import World


def test_jobs_of_several_tenants_are_cancelled_in_one_go(world: World) -> None:
    other = world.of(create_tenant(world.db, "other"))
    mine, theirs = world.deck_job(), other.deck_job()
    outcome = act_on_jobs(world.db, [mine.id, theirs.id, mine.id], JobAction.CANCEL)
    assert [job.id for job in outcome.done] == [mine.id, theirs.id]
    assert (world.job(mine).state, other.job(theirs).state) == (JobState.CANCELLED,) * 2


def test_what_refuses_is_told_and_the_others_are_done(world: World) -> None:
    open_job, ended = world.deck_job(), world.deck_job()
    cancel_job(world.db, world.tenant_id, ended.id)
    outcome = act_on_jobs(world.db, ["gone", open_job.id, ended.id], JobAction.RETRY)
    assert [job.id for job in outcome.done] == [ended.id]
    assert outcome.refused == {"gone": "It is gone.", open_job.id: "The job has not ended yet."}
    assert [wakeup.row_id for wakeup in outcome.wakeups] == [ended.id]


def test_deleting_takes_a_deck_with_all_its_jobs_and_a_picture_alone(world: World) -> None:
    deck_job = world.deck_job()
    picture_job, _ = world.picture_job()
    outcome = act_on_jobs(world.db, [deck_job.id, picture_job.id], JobAction.DELETE)
    assert outcome.refused == {}
    assert world.job(deck_job).state is JobState.CANCELLED
    with pytest.raises(GoneError):
        get_deck(world.db, world.tenant_id, deck_job.deck_id or "")
    with pytest.raises(GoneError):
        world.job(picture_job)
