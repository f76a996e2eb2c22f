"""Prepare finds the pictures of a deck, puts them into the store, and then queues their rows."""

from collections.abc import Callable
from datetime import timedelta
from typing import BinaryIO

import pytest
from sqlalchemy import update

from crispdeck.deck.model import DeckScan
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.scan import scan
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import StorageError
from crispdeck.queue.names import QueueName
from crispdeck.records.states import JobState, PictureState, Stage
from crispdeck.records.tables import Deck, Job
from crispdeck.records.work.job import cancel_job
from crispdeck.records.work.job_options import JobOptions
from crispdeck.services.assemble import assemble
from crispdeck.services.prepare import prepare
from crispdeck.services.worker_platform import WorkerPlatform
from crispdeck.storage import FolderStore, StoredObject, sha256_of
from tests.office import Office
from tests.small_deck import deck_of, picture_blob, with_part


def part(number: int) -> str:
    return f"ppt/media/image{number}.png"


def spoilt(deck: bytes, picture: bytes) -> bytes:
    """The deck with one byte of a stored picture changed, its checksum as it was."""
    at = deck.index(picture) + len(picture) // 2
    return deck[:at] + bytes([deck[at] ^ 0xFF]) + deck[at + 1 :]


class BusyStore(FolderStore):
    """A folder in which something happens right before a picture is put."""

    def __init__(self, context: WorkerPlatform, happens: Callable[[], object]) -> None:
        super().__init__(context.settings.data_dir / "objects")
        self._happens = happens

    def put(self, key: str, source: BinaryIO | bytes, *, content_type: str) -> StoredObject:
        self._happens()
        return super().put(key, source, content_type=content_type)


def test_every_low_picture_is_queued_with_its_bytes_in_the_store(
    office: Office[WorkerPlatform],
) -> None:
    blobs = [picture_blob(seed, 64) for seed in range(3)]
    job_id = office.deck_job(deck_of(blobs))
    prepare(office.context, job_id)
    rows = office.pictures(job_id)
    assert [row.parts for row in rows] == [(part(1),), (part(2),), (part(3),)]
    assert {row.state for row in rows} == {PictureState.QUEUED}
    assert [office.context.store.read(row.source_key or "") for row in rows] == blobs
    assert {(row.width_px, row.height_px, row.scale) for row in rows} == {(64, 64, 4)}
    assert office.job(job_id).stage is Stage.UPSCALE
    assert office.messages(QueueName.BULK) == 3


def test_a_deck_is_scanned_again_only_for_other_options(
    office: Office[WorkerPlatform], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[ScanOptions] = []

    def listening(deck: DeckArchive, options: ScanOptions, **_: object) -> DeckScan:
        asked.append(options)
        return scan(deck, options)

    monkeypatch.setattr(office.context.untrusted, "scan", listening)
    deck = deck_of([picture_blob(1, 64)])
    as_handed_in, other = office.deck_job(deck), office.deck_job(deck, JobOptions(low_ppi=90.0))
    assert office.do_all(as_handed_in).state is JobState.DONE
    assert asked == []
    assert office.do_all(other).state is JobState.DONE
    assert {options.low_ppi for options in asked} == {90.0}


def test_a_second_message_for_the_same_job_changes_nothing(office: Office[WorkerPlatform]) -> None:
    job_id = office.deck_job(deck_of([picture_blob(1, 64)]))
    prepare(office.context, job_id)
    prepare(office.context, job_id)
    assert len(office.pictures(job_id)) == 1


def test_equal_bytes_in_two_parts_are_one_picture_for_both(office: Office[WorkerPlatform]) -> None:
    blob = picture_blob(1, 64)
    deck = with_part(deck_of([blob, picture_blob(2, 64)]), part(2), blob)
    job_id = office.deck_job(deck)
    prepare(office.context, job_id)
    (row,) = office.pictures(job_id)
    assert set(row.parts) == {part(1), part(2)}


def test_equal_bytes_shown_at_two_sizes_are_enlarged_for_the_larger(
    office: Office[WorkerPlatform],
) -> None:
    blob = picture_blob(1, 400)
    deck = deck_of([blob, picture_blob(2, 400)], shown_in=[2.0, 9.0])
    job_id = office.deck_job(with_part(deck, part(2), blob), JobOptions(low_ppi=210.0))
    prepare(office.context, job_id)
    assert [row.scale for row in office.pictures(job_id)] == [4]


def test_only_chosen_pictures_are_queued_and_the_rest_of_the_choice_says_why(
    office: Office[WorkerPlatform],
) -> None:
    deck = deck_of([picture_blob(1, 64), picture_blob(2, 64), picture_blob(3, 640)])
    chosen = (part(2), part(3), "ppt/media/nowhere.png")
    job_id = office.deck_job(deck, JobOptions(pictures=chosen))
    prepare(office.context, job_id)
    rows = {row.parts: (row.state, row.code) for row in office.pictures(job_id)}
    assert rows == {
        (part(2),): (PictureState.QUEUED, None),
        (part(3),): (PictureState.SKIPPED, "already_sharp"),
        ("ppt/media/nowhere.png",): (PictureState.SKIPPED, "missing"),
    }


def test_the_options_of_the_job_decide_what_is_low(office: Office[WorkerPlatform]) -> None:
    job_id = office.deck_job(deck_of([picture_blob(1, 640)]), JobOptions(low_ppi=300.0))
    prepare(office.context, job_id)
    assert [row.scale for row in office.pictures(job_id)] == [2]


def test_a_damaged_picture_is_skipped_and_the_others_go_on(office: Office[WorkerPlatform]) -> None:
    blobs = [picture_blob(seed, 64) for seed in range(3)]
    # A look at the pixels would find it before: such a picture is not called low at all.
    job_id = office.deck_job(spoilt(deck_of(blobs), blobs[1]), JobOptions(true_size=False))
    prepare(office.context, job_id)
    states = [row.state for row in office.pictures(job_id)]
    assert sorted(states) == [PictureState.QUEUED, PictureState.QUEUED, PictureState.SKIPPED]
    (skipped,) = (row for row in office.pictures(job_id) if row.state is PictureState.SKIPPED)
    assert (skipped.parts, skipped.code) == ((part(2),), "unreadable")


def test_a_deck_with_nothing_low_is_done_without_a_deck_of_its_own(
    office: Office[WorkerPlatform],
) -> None:
    job_id = office.deck_job(deck_of([picture_blob(1, 1000)]))
    prepare(office.context, job_id)
    assert office.messages(QueueName.CPU) == 1
    assemble(office.context, job_id)
    job = office.job(job_id)
    assert (job.state, job.result_key) == (JobState.DONE, None)
    assert job.summary == {"enhanced": False, "pictures": [], "left": []}


def test_a_deck_that_is_gone_fails_the_job_with_the_reason(office: Office[WorkerPlatform]) -> None:
    job_id = office.deck_job(deck_of([picture_blob(1, 64)]))
    office.context.store.delete([key for key in office.all_keys() if key.endswith("original")])
    prepare(office.context, job_id)
    job = office.job(job_id)
    assert (job.state, job.code) == (JobState.FAILED, "object_missing")


def test_a_deck_that_is_no_deck_fails_the_job_with_the_reason(
    office: Office[WorkerPlatform],
) -> None:
    job_id = office.deck_job(deck_of([picture_blob(1, 64)]))
    (key,) = office.all_keys()
    no_deck = b"PK no more"
    office.context.store.put(key, no_deck, content_type="application/octet-stream")
    with office.context.db.session() as session:
        session.execute(update(Deck).values(sha256=sha256_of(no_deck)))
    prepare(office.context, job_id)
    job = office.job(job_id)
    assert job.state is JobState.FAILED
    assert (job.code or "").startswith("deck_")


def test_an_outage_is_no_attempt_and_fails_the_job_only_after_hours(
    office: Office[WorkerPlatform],
) -> None:
    job_id = office.deck_job(deck_of([picture_blob(1, 64)]))
    office.context.store = BusyStore(office.context, fail)
    for _ in range(5):
        prepare(office.context, job_id)
        job = office.job(job_id)
        assert (job.state, job.attempts, job.worker) == (JobState.RUNNING, 0, None)
        prepare(office.context, job_id)  # this worker rests, and so does the row
        let_pause_pass(office)
    let_pause_pass(office, away_for=timedelta(hours=office.context.settings.outage_hours))
    prepare(office.context, job_id)
    job = office.job(job_id)
    assert (job.state, job.code) == (JobState.FAILED, "storage_unavailable")


def test_a_store_that_is_back_lets_the_job_go_on(office: Office[WorkerPlatform]) -> None:
    job_id = office.deck_job(deck_of([picture_blob(1, 64)]))
    good, office.context.store = office.context.store, BusyStore(office.context, fail)
    prepare(office.context, job_id)
    office.context.store = good
    prepare(office.context, job_id)
    assert office.pictures(job_id) == (), "not before the pause is over"
    let_pause_pass(office)
    prepare(office.context, job_id)
    assert [row.state for row in office.pictures(job_id)] == [PictureState.QUEUED]


def test_a_job_cancelled_meanwhile_gets_no_pictures(office: Office[WorkerPlatform]) -> None:
    job_id = office.deck_job(deck_of([picture_blob(1, 64)]))
    office.context.store = BusyStore(
        office.context, lambda: cancel_job(office.context.db, office.tenant_id, job_id)
    )
    prepare(office.context, job_id)
    assert office.pictures(job_id) == ()
    assert office.job(job_id).state is JobState.CANCELLED


def let_pause_pass(office: Office[WorkerPlatform], away_for: timedelta = timedelta()) -> None:
    office.context.outages.over()
    with office.context.db.session() as session:
        now = office.context.db.now(session)
        session.execute(update(Job).values(not_before=now, outage_since=now - away_for))


def fail() -> None:
    raise StorageError("The store is away.")
