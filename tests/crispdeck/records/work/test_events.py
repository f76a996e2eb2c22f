"""What happened to a job, from a cursor on."""

import threading
from concurrent.futures import ThreadPoolExecutor

from crispdeck.records.database import Database
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.states import EventKind, PictureState, Stage
from crispdeck.records.work.claims import claim_pictures, finish_picture, finish_prepare
from crispdeck.records.work.events import events_after
from crispdeck.records.work.job import cancel_job, get_job
from crispdeck.records.work.values import EventRecord, PictureOutcome
from tests.crispdeck.records.world import Clock, World, new_picture

DONE = PictureOutcome(state=PictureState.DONE)


def test_a_job_tells_its_story_in_order(world: World) -> None:
    job, _ = world.prepared(1, skipped=1)
    [claim] = world.claim()
    finish_picture(world.db, claim, DONE)
    story = events_after(world.db, world.tenant_id, job.id)
    assert [event.kind.value for event in story] == [
        "job.queued",
        "job.running",
        "job.stage",
        "picture.running",
        "picture.done",
        "job.stage",
    ]
    assert [event.seq for event in story] == sorted({event.seq for event in story})
    assert story[3].picture_id == claim.id
    assert story[-1].data["stage"] == Stage.ASSEMBLE.value
    assert story[-1].data["counts"]["done"] == 1
    assert story[-1].data["counts"]["skipped"] == 1
    by = {event.seq: event.data["worker"] for event in story if "worker" in event.data}
    assert set(by) == {story[1].seq, story[2].seq, story[3].seq}, "who finishes a stage is named"


def test_a_cursor_goes_on_where_it_stopped(world: World) -> None:
    job, _ = world.prepared(2)
    story = events_after(world.db, world.tenant_id, job.id)
    assert events_after(world.db, world.tenant_id, job.id, limit=2) == story[:2]
    assert events_after(world.db, world.tenant_id, job.id, after=story[1].seq) == story[2:]
    assert events_after(world.db, world.tenant_id, job.id, after=story[-1].seq) == []


def test_cancelling_tells_of_every_picture(world: World) -> None:
    job, _ = world.prepared(2)
    last = events_after(world.db, world.tenant_id, job.id)[-1].seq
    cancel_job(world.db, world.tenant_id, job.id)
    kinds = [e.kind for e in events_after(world.db, world.tenant_id, job.id, after=last)]
    assert kinds == [EventKind.PICTURE_CANCELLED] * 2 + [EventKind.JOB_CANCELLED]


def test_another_tenants_events_are_not_there(world: World) -> None:
    job, _ = world.prepared(1)
    stranger = create_tenant(world.db, "stranger")
    assert events_after(world.db, stranger, job.id) == []


def test_a_reader_with_a_cursor_misses_nothing_that_many_writers_write(
    real_time_db: Database,
) -> None:
    db = real_time_db
    world = World(db, Clock())
    job = world.deck_job()
    finish_prepare(db, world.claimed(job), [new_picture(n) for n in range(120)])
    finished = threading.Event()

    def work(name: str) -> None:
        while claims := claim_pictures(
            db, worker=name, picture_id="", limit=2, max_px=10**9, lease_s=60
        ):
            for claim in claims:
                finish_picture(db, claim, DONE)

    def read() -> list[EventRecord]:
        seen: list[EventRecord] = []
        while True:
            last_round = finished.is_set()
            after = seen[-1].seq if seen else 0
            seen += events_after(db, world.tenant_id, job.id, after=after, limit=7)
            if last_round and not events_after(
                db, world.tenant_id, job.id, after=seen[-1].seq, limit=1
            ):
                return seen

    with ThreadPoolExecutor(7) as pool:
        reader = pool.submit(read)
        try:
            for writer in [pool.submit(work, f"w{n}") for n in range(6)]:
                writer.result()
        finally:
            finished.set()
        seen = reader.result()
    assert seen == events_after(db, world.tenant_id, job.id, limit=10_000)
    assert sum(event.kind is EventKind.PICTURE_DONE for event in seen) == 120
    done = [e.data["counts"]["done"] for e in seen]
    assert done == sorted(done)
    assert get_job(db, world.tenant_id, job.id).stage is Stage.ASSEMBLE
