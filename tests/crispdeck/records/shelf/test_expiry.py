"""Objects go first, then their rows, and nothing stays behind."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crispdeck.errors import NotFoundError
from crispdeck.picture.matching.marks import BANDS
from crispdeck.records.database import Database
from crispdeck.records.shelf.decks import delete_deck, get_deck
from crispdeck.records.shelf.expiry import (
    DueKind,
    due_for_deletion,
    forget,
    forget_old_rows,
    unknown_keys,
)
from crispdeck.records.shelf.idempotency import begin
from crispdeck.records.shelf.library import add_to_library, list_library
from crispdeck.records.shelf.upscales import find_upscale, remember_upscale
from crispdeck.records.shelf.values import UpscaleRecord
from crispdeck.records.states import JobState, PictureState, Stage
from crispdeck.records.tables import Deck, Event, IdempotencyKey, Job, Picture, UpscaleCache
from crispdeck.records.work.claims import finish_assemble, finish_picture
from crispdeck.records.work.heartbeats import beat, workers
from crispdeck.records.work.values import JobRecord, PictureOutcome
from tests.crispdeck.records.shelf.library_pictures import marks, picture
from tests.crispdeck.records.world import RETENTION_DAYS, World

EMPTIED = (Deck, Job, Picture, Event, UpscaleCache)


class Store:
    """Which objects would be in the store; sweeps as the worker does."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.keys: set[str] = set()

    def sweep(self) -> None:
        doomed = due_for_deletion(self.db)
        self.keys -= {key for item in doomed for key in item.keys}
        forget(self.db, doomed)


@pytest.fixture
def store(world: World) -> Store:
    return Store(world.db)


def cached(world: World, store: Store, sha256: str, name: str) -> UpscaleRecord:
    store.keys.add(name)
    return remember_upscale(
        world.db,
        world.tenant_id,
        sha256=sha256,
        network="n",
        scale=4,
        variant="v",
        object_key=name,
        format="png",
        width_px=4,
        height_px=4,
        size_bytes=10,
        report={},
        retention_days=RETENTION_DAYS,
    )


def found(world: World, sha256: str) -> UpscaleRecord | None:
    return find_upscale(
        world.db,
        world.tenant_id,
        sha256=sha256,
        networks={"n"},
        scale=4,
        variant="v",
        retention_days=RETENTION_DAYS,
    )


def finished_deck(world: World, store: Store, upscales: list[str]) -> JobRecord:
    """A deck whose pictures came out as these objects, with all its own in the store."""
    job, _ = world.prepared(len(upscales))
    for key in upscales:
        [claim] = world.claim()
        store.keys |= {claim.source_key, key}
        outcome = PictureOutcome(state=PictureState.DONE, result_key=key)
        finish_picture(world.db, claim, outcome)
    assemble = world.claimed(job, Stage.ASSEMBLE)
    result = f"enhanced-{job.id}"
    store.keys |= {assemble.deck_key, result}
    finish_assemble(world.db, assemble, result_key=result, size_bytes=1, summary={})
    return world.job(job)


def rows(db: Database) -> dict[str, int]:
    with db.reading() as session:
        return {
            table.__tablename__: session.scalars(select(func.count()).select_from(table)).one()
            for table in EMPTIED
        }


def test_nothing_is_due_before_its_time(world: World, store: Store) -> None:
    finished_deck(world, store, ["r1"])
    world.clock.forward(days=RETENTION_DAYS - 0.1)
    assert due_for_deletion(world.db) == []


def test_an_expired_deck_leaves_no_object_and_no_row(world: World, store: Store) -> None:
    cached(world, store, "1" * 64, "shared")
    finished_deck(world, store, ["r1", "shared"])
    world.picture_job()
    world.clock.forward(days=RETENTION_DAYS)
    store.sweep()
    world.clock.forward(days=RETENTION_DAYS)
    store.sweep()
    assert store.keys == set()
    assert set(rows(world.db).values()) == {0}


def test_a_deleted_deck_is_due_at_once_and_then_unknown(world: World, store: Store) -> None:
    job = finished_deck(world, store, ["r1"])
    assert job.deck_id is not None
    delete_deck(world.db, world.tenant_id, job.deck_id)
    store.sweep()
    assert store.keys == set()
    with pytest.raises(NotFoundError):
        get_deck(world.db, world.tenant_id, job.deck_id)


def test_rows_stay_until_their_objects_are_gone(world: World, store: Store) -> None:
    job = finished_deck(world, store, ["r1"])
    assert job.deck_id is not None
    delete_deck(world.db, world.tenant_id, job.deck_id)
    first = due_for_deletion(world.db)  # the sweeper dies here
    assert due_for_deletion(world.db) == first
    assert rows(world.db)["deck"] == 1


def test_an_open_job_ends_when_it_expires(world: World, store: Store) -> None:
    job, _ = world.picture_job()
    [claim] = world.claim()
    world.clock.forward(days=RETENTION_DAYS)
    [doomed] = due_for_deletion(world.db)
    assert (doomed.kind, doomed.id, doomed.keys) == (DueKind.JOB, job.id, (claim.source_key,))
    with world.db.reading() as session:
        assert session.get_one(Job, job.id).state is JobState.CANCELLED


def test_a_shared_upscale_stays_while_another_job_uses_it(world: World, store: Store) -> None:
    cached(world, store, "1" * 64, "shared")
    first = finished_deck(world, store, ["shared"])
    second = finished_deck(world, store, ["shared"])
    for job in (first, second):
        assert job.deck_id is not None
        delete_deck(world.db, world.tenant_id, job.deck_id)
        store.sweep()
        world.clock.forward(seconds=3601)
        store.sweep()
        assert ("shared" in store.keys) == (job is first)
    assert rows(world.db)["upscale"] == 0


def test_an_expired_upscale_stays_while_it_is_used(world: World, store: Store) -> None:
    cached(world, store, "1" * 64, "shared")
    world.clock.forward(days=RETENTION_DAYS / 2)
    finished_deck(world, store, ["shared"])
    world.clock.forward(days=RETENTION_DAYS / 2 + 0.1)
    store.sweep()
    assert "shared" in store.keys
    assert found(world, "1" * 64) is None


def test_an_upscale_that_was_just_found_outlives_the_deck_it_came_from(
    world: World, store: Store
) -> None:
    cached(world, store, "1" * 64, "shared")
    job = finished_deck(world, store, ["shared"])
    assert job.deck_id is not None
    delete_deck(world.db, world.tenant_id, job.deck_id)
    store.sweep()
    assert found(world, "1" * 64) is not None
    world.clock.forward(seconds=3601)
    store.sweep()
    assert "shared" in store.keys


def test_an_unused_upscale_expires_and_using_it_keeps_it(world: World, store: Store) -> None:
    cached(world, store, "1" * 64, "used")
    cached(world, store, "2" * 64, "unused")
    world.clock.forward(days=RETENTION_DAYS - 1)
    assert found(world, "1" * 64) is not None
    world.clock.forward(days=1)
    store.sweep()
    assert store.keys == {"used"}


def test_pictures_of_the_library_go_with_their_deck(world: World, store: Store) -> None:
    deck_id, other = world.deck().id, world.deck().id
    pictures = [
        picture("a", deck_id=deck_id),
        picture("b", deck_id=other, words=()),
        picture("c", words=()),
    ]
    add_to_library(world.db, world.tenant_id, pictures)
    delete_deck(world.db, world.tenant_id, deck_id)
    store.sweep()
    assert [one.name for one in list_library(world.db, world.tenant_id)] == ["c", "b"]
    assert marks(world) == 2 * BANDS


def test_expired_pictures_of_the_library_go_however_many(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crispdeck.records.shelf.library._FORGOTTEN_AT_ONCE", 2)
    end = world.clock.now + timedelta(days=1)
    expiring = [picture(f"{n}", expires_at=end) for n in range(5)]
    add_to_library(world.db, world.tenant_id, [*expiring, picture("kept", words=())])
    forget_old_rows(world.db)
    assert len(list_library(world.db, world.tenant_id)) == 6
    world.clock.forward(days=1)
    forget_old_rows(world.db)
    assert [one.name for one in list_library(world.db, world.tenant_id)] == ["kept"]
    assert marks(world) == BANDS


def test_objects_that_no_row_knows_are_told_apart(world: World, store: Store) -> None:
    cached(world, store, "1" * 64, "shared")
    finished_deck(world, store, ["r1", "shared"])
    assert unknown_keys(world.db, [*store.keys, "orphan", "ping/1"]) == ["orphan", "ping/1"]


def test_traces_without_objects_are_forgotten_after_a_day(world: World) -> None:
    begin(world.db, world.tenant_id, "key", "0" * 64)
    beat(world.db, "w", queues=["bulk"], doing={})
    forget_old_rows(world.db)
    assert len(workers(world.db)) == 1
    world.clock.forward(days=1.1)
    forget_old_rows(world.db)
    assert workers(world.db, silent_s=1e9) == []
    with world.db.reading() as session:
        assert session.scalars(select(IdempotencyKey)).first() is None
