"""Whatever changes in a batch changes its mark, and new events are seen by their number."""

from crispdeck.records.ids import new_id
from crispdeck.records.shelf.batches import create_batch, set_batch_options
from crispdeck.records.shelf.decks import create_deck, keep_scan
from crispdeck.records.states import JobState, PictureState
from crispdeck.records.tables import Job, Picture
from crispdeck.records.work.batch_contents import delete_batch
from crispdeck.records.work.change_detection import AT_ONCE, batch_marks, events_since, last_event
from crispdeck.records.work.job import cancel_job, create_deck_job, keep_originals
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.waiting_decks import enqueue_decks
from tests.crispdeck.records.shelf.uploading import begun, part
from tests.crispdeck.records.world import World


def deck_in(world: World, batch_id: str) -> str:
    deck_id = new_id()
    create_deck(
        world.db,
        world.tenant_id,
        name="talk.pptx",
        size_bytes=5000,
        sha256="0" * 64,
        object_key=f"{world.tenant_id}/decks/{deck_id}/original",
        scan_json={"slides": 3},
        retention_days=7.0,
        deck_id=deck_id,
        batch_id=batch_id,
    )
    return deck_id


def test_each_change_of_a_batch_is_another_mark(world: World) -> None:
    batch = create_batch(world.db, world.tenant_id, {}, retention_days=7.0)
    seen = [batch_marks(world.db, [batch.id])[batch.id]]

    def changed() -> None:
        world.clock.forward(seconds=1)
        mark = batch_marks(world.db, [batch.id])[batch.id]
        assert mark == batch_marks(world.db, [batch.id])[batch.id]
        assert mark not in seen
        seen.append(mark)

    upload = begun(world, batch.id)
    changed()
    part(world, upload, 0)
    changed()
    deck_id = deck_in(world, batch.id)
    changed()
    set_batch_options(world.db, world.tenant_id, batch.id, {"target_ppi": 150.0})
    changed()
    enqueue_decks(world.db, world.tenant_id, [(deck_id, JobOptions())])
    changed()
    job, _ = create_deck_job(world.db, world.tenant_id, deck_id, JobOptions(), retention_days=7.0)
    changed()
    cancel_job(world.db, world.tenant_id, job.id)
    changed()
    delete_batch(world.db, world.tenant_id, batch.id)
    changed()


def test_a_new_scan_and_kept_originals_are_another_mark(world: World) -> None:
    batch = create_batch(world.db, world.tenant_id, {}, retention_days=7.0)
    deck_id = deck_in(world, batch.id)
    job, _ = create_deck_job(world.db, world.tenant_id, deck_id, JobOptions(), retention_days=7.0)
    with world.db.session() as session:
        row = session.get_one(Job, job.id)
        row.state = JobState.DONE
        session.add(
            Picture(
                id=new_id(),
                tenant_id=world.tenant_id,
                job_id=job.id,
                state=PictureState.DONE,
                queue=row.queue,
                parts=["ppt/media/image1.png"],
                sha256="1" * 64,
                bucket="",
                scale=2,
                created_at=row.created_at,
                announced_at=row.created_at,
            )
        )
    seen = [batch_marks(world.db, [batch.id])[batch.id]]

    def changed() -> None:
        mark = batch_marks(world.db, [batch.id])[batch.id]
        assert mark == batch_marks(world.db, [batch.id])[batch.id]
        assert mark not in seen
        seen.append(mark)

    for low in (3, 4):
        keep_scan(world.db, world.tenant_id, deck_id, {"slides": 3}, {"low": low})
        changed()
    keep_originals(world.db, world.tenant_id, job.id, ["ppt/media/image1.png"])
    changed()
    keep_originals(world.db, world.tenant_id, job.id, [])
    changed()


def test_an_unknown_batch_has_an_empty_mark_and_many_are_asked_for_at_once(world: World) -> None:
    ids = [f"{number:032x}" for number in range(2 * AT_ONCE + 3)]
    assert set(batch_marks(world.db, ids).values()) == {()}


def test_new_events_are_seen_with_their_jobs(world: World) -> None:
    assert last_event(world.db) == 0
    job = world.deck_job()
    before = last_event(world.db)
    assert [job_id for _, job_id in events_since(world.db, 0, most=10)] == [job.id] * before
    cancel_job(world.db, world.tenant_id, job.id)
    found = events_since(world.db, before, most=10)
    assert {job_id for _, job_id in found} == {job.id}
    assert [seq for seq, _ in found] == sorted(seq for seq, _ in found)
    assert last_event(world.db) == found[-1][0]
