"""A row that nobody can understand ends as a failure of its own and stops nobody else."""

from sqlalchemy import update

from crispdeck.deck.thresholds import ScanOptions
from crispdeck.records.states import JobState, PictureState, Stage
from crispdeck.records.tables import Picture
from crispdeck.records.work.claims import claim_job, finish_picture
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.sweep import sweep
from crispdeck.records.work.values import PictureOutcome
from tests.crispdeck.records.world import LEASE_S, World

DONE = PictureOutcome(state=PictureState.DONE)


def test_a_job_that_cannot_be_read_fails_and_the_next_one_goes_on(world: World) -> None:
    bad, _ = world.prepared(2)
    good, _ = world.prepared(2)
    world.write_options(bad, {"target_ppi": "fast"})
    while claims := world.claim(limit=4):
        for claim in claims:
            assert claim.job_id == good.id
            finish_picture(world.db, claim, DONE)
    assert world.job(good).pictures_done == 2
    rows = world.pictures(bad)
    assert {(row.state, row.code) for row in rows} == {(PictureState.FAILED, "row_unreadable")}
    assert {row.attempts for row in rows} == {3}
    assert world.job(bad).stage is Stage.ASSEMBLE


def test_an_unreadable_companion_does_not_take_the_others_along(world: World) -> None:
    job, _ = world.prepared(3)
    broken = world.pictures(job)[1].id
    with world.db.session() as session:
        session.execute(update(Picture).where(Picture.id == broken).values(source_key=None))
    assert [claim.id for claim in world.claim(limit=3)] == [
        row.id for row in world.pictures(job) if row.id != broken
    ]
    assert world.picture(job, broken).attempts == 1


def test_a_stage_whose_job_cannot_be_read_ends_as_a_failure_with_a_code(world: World) -> None:
    job = world.deck_job()
    world.write_options(job, {"low_ppi": []})
    for _ in range(3):
        assert (
            claim_job(world.db, worker="w", job_id=job.id, stage=Stage.PREPARE, lease_s=LEASE_S)
            is None
        )
    assert (world.job(job).state, world.job(job).code) == (JobState.FAILED, "row_unreadable")


def test_a_sweep_goes_on_past_a_row_of_an_unknown_kind(world: World) -> None:
    odd, _ = world.prepared(1)
    good, _ = world.prepared(1)
    world.claim(limit=1)
    world.claim(limit=1)
    with world.db.session() as session:
        # What only a newer version could have written; the column holds any word.
        session.connection().exec_driver_sql(
            f"UPDATE job SET kind = 'hologram' WHERE id = '{odd.id}'"
        )
    world.clock.forward(seconds=LEASE_S + 1)
    sweep(world.db, stale_queued_s=1e9, max_attempts=3)
    assert world.job(good).pictures_queued == 1


def test_scan_options_come_from_a_job_of_any_version() -> None:
    from crispdeck.settings import Settings

    options = JobOptions.from_json({"max_scale": 2, "new": 1}).scan_options(Settings())
    assert isinstance(options, ScanOptions)
    assert options.max_scale == 2
