"""What of the rows does not agree with itself is found, and put right."""

import pytest
from sqlalchemy import delete, update

from crispdeck.errors import NotFoundError
from crispdeck.records.states import PictureState, Stage
from crispdeck.records.tables import Job, PictureChange
from crispdeck.records.work.checkup import (
    IS_SILENT,
    Holds,
    assemble_again,
    correct_shares,
    jobs_counted_wrong,
    jobs_not_added_up,
    resume,
    rows_of_silent_workers,
    stored_rows,
    stuck_jobs,
)
from crispdeck.records.work.claims import finish_picture
from crispdeck.records.work.values import PictureOutcome
from tests.crispdeck.records.world import LEASE_S, World

DONE = PictureOutcome(state=PictureState.DONE)


def test_rows_in_order_have_nothing_to_tell(world: World) -> None:
    world.prepared(3)
    world.claim(limit=2)
    assert jobs_counted_wrong(world.db) == []
    assert stuck_jobs(world.db) == []
    assert rows_of_silent_workers(world.db) == []
    assert jobs_not_added_up(world.db) == []
    assert correct_shares(world.db) == 0


def test_a_count_that_is_not_that_of_the_pictures_is_found(world: World) -> None:
    job, _ = world.prepared(3)
    with world.db.session() as session:
        session.execute(update(Job).where(Job.id == job.id).values(pictures_queued=2))
    assert jobs_counted_wrong(world.db) == [job.id]


def test_a_job_that_stands_still_is_found_and_goes_on(world: World) -> None:
    job, _ = world.prepared(1)
    [claim] = world.claim()
    finish_picture(world.db, claim, DONE)
    with world.db.session() as session:
        session.execute(update(Job).where(Job.id == job.id).values(stage=Stage.UPSCALE))
    assert stuck_jobs(world.db) == [job.id]
    assert [wakeup.row_id for wakeup in resume(world.db, job.id)] == [job.id]
    assert world.job(job).stage is Stage.ASSEMBLE
    assert stuck_jobs(world.db) == []


def test_what_a_silent_worker_holds_is_found_after_minutes(world: World) -> None:
    world.prepared(1)
    [claim] = world.claim()
    world.clock.forward(seconds=LEASE_S + IS_SILENT.total_seconds() - 1)
    assert rows_of_silent_workers(world.db) == []
    world.clock.forward(seconds=2)
    assert rows_of_silent_workers(world.db) == [claim.id]


def test_shares_that_were_summed_wrong_are_put_right(world: World) -> None:
    world.prepared(2)
    world.forget_shares()
    assert correct_shares(world.db) == 1
    assert sum(world.waiting().values()) == 2


def test_changes_on_their_way_are_no_wrong_counts(world: World) -> None:
    job, _ = world.prepared(2)
    [claim] = world.claim()
    finish_picture(world.db, claim, DONE)
    with world.db.session() as session:
        session.execute(delete(PictureChange))
    assert jobs_counted_wrong(world.db) == []
    assert world.job(job).pictures_done == 1


def test_every_object_is_told_with_what_it_is_to_its_row(world: World) -> None:
    job, _ = world.prepared(2)
    held = [(row.holds, row.job_id) for row in stored_rows(world.db)]
    assert held.count((Holds.DECK, None)) == 1
    assert held.count((Holds.SOURCE, job.id)) == 2


def test_a_job_that_is_gone_is_not_put_together_again(world: World) -> None:
    with pytest.raises(NotFoundError):
        assemble_again(world.db, "none")
