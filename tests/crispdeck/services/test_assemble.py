"""Assemble writes the enhanced deck: only the sharp pictures differ, the original stays."""

import io
from typing import Any

import pytest
from pptx import Presentation

from crispdeck.picture.inspect import inspect
from crispdeck.records.states import EventKind, JobState, PictureState, Stage
from crispdeck.records.work.events import events_after
from crispdeck.services.assemble import assemble
from crispdeck.services.prepare import prepare
from crispdeck.services.worker_platform import WorkerPlatform
from crispdeck.storage import StoredObject
from tests.office import Office
from tests.small_deck import changed_parts, deck_of, picture_blob


def deck_of_three() -> bytes:
    return deck_of([picture_blob(1, 48), picture_blob(2, 600), picture_blob(3, 80)])


def test_only_the_sharpened_parts_of_the_deck_differ(office: Office[WorkerPlatform]) -> None:
    deck = deck_of_three()
    job = office.do_all(office.deck_job(deck))
    assert job.state is JobState.DONE
    enhanced = office.context.store.read(job.result_key or "")
    assert changed_parts(deck, enhanced) == {"ppt/media/image1.png", "ppt/media/image3.png"}
    assert job.result_bytes == len(enhanced)
    shapes = Presentation(io.BytesIO(enhanced)).slides[0].shapes
    assert [inspect(shape.image.blob).width_px for shape in shapes] == [192, 600, 320]


def test_the_summary_tells_the_sharpness_before_and_after(office: Office[WorkerPlatform]) -> None:
    deck = deck_of_three()
    job = office.do_all(office.deck_job(deck))
    assert job.summary is not None
    told = {
        item["part"]: (item["ppi_before"], item["ppi_after"]) for item in job.summary["pictures"]
    }
    assert told == {"ppt/media/image1.png": (12.0, 48.0), "ppt/media/image3.png": (20.0, 80.0)}
    assert job.summary["enhanced"] is True
    assert (job.summary["bytes_before"], job.summary["bytes_after"]) == (
        len(deck),
        job.result_bytes,
    )


def test_the_original_is_still_there_afterwards(office: Office[WorkerPlatform]) -> None:
    deck = deck_of_three()
    office.do_all(office.deck_job(deck))
    (key,) = (key for key in office.all_keys() if key.endswith("/original"))
    assert office.context.store.read(key) == deck


def test_a_picture_that_was_skipped_stays_as_it_was(office: Office[WorkerPlatform]) -> None:
    deck = deck_of_three()
    job_id = office.deck_job(deck)
    prepare(office.context, job_id)
    skipped = office.pictures(job_id)[0]
    office.context.store.put(skipped.source_key or "", b"no picture", content_type="image/png")
    office.upscale_all(job_id)
    assemble(office.context, job_id)
    job = office.job(job_id)
    states = {row.state for row in office.pictures(job_id)}
    assert (job.state, states) == (JobState.DONE, {PictureState.SKIPPED, PictureState.DONE})
    enhanced = office.context.store.read(job.result_key or "")
    assert changed_parts(deck, enhanced).isdisjoint(skipped.parts)
    assert len(changed_parts(deck, enhanced)) == 1


def test_a_result_is_stored_under_the_media_type_of_its_own_kind(
    office: Office[WorkerPlatform], monkeypatch: pytest.MonkeyPatch
) -> None:
    stored: dict[str, str] = {}
    put = office.context.store.put

    def listening(key: str, source: Any, *, content_type: str) -> StoredObject:
        stored[key] = content_type
        return put(key, source, content_type=content_type)

    monkeypatch.setattr(office.context.store, "put", listening)
    job = office.do_all(office.deck_job(deck_of_three(), name="talk.ppsx"))
    assert stored[job.result_key or ""].endswith("presentationml.slideshow")


def test_no_temporary_file_outlives_the_work(office: Office[WorkerPlatform]) -> None:
    office.do_all(office.deck_job(deck_of_three()))
    unfinished = office.context.settings.data_dir / "objects" / ".unfinished"
    assert list(unfinished.iterdir()) == []


@pytest.mark.parametrize("how", ["flipped", "gone"])
def test_a_result_that_was_damaged_before_the_deck_is_made_is_made_again(
    office: Office[WorkerPlatform], how: str
) -> None:
    deck = deck_of_three()
    sound = office.context.store.read(office.do_all(office.deck_job(deck)).result_key or "")
    job_id = office.deck_job(deck)
    prepare(office.context, job_id)
    office.upscale_all(job_id)
    victim = next(row for row in office.pictures(job_id) if row.result_key)
    damage(office, victim.result_key or "", how)
    assemble(office.context, job_id)
    job = office.job(job_id)
    assert (job.state, job.stage) == (JobState.RUNNING, Stage.UPSCALE)
    office.upscale_all(job_id)
    assemble(office.context, job_id)
    job = office.job(job_id)
    assert job.state is JobState.DONE
    assert office.context.store.read(job.result_key or "") == sound
    codes = {
        event.data.get("code")
        for event in events_after(office.context.db, office.tenant_id, job_id)
        if event.kind is EventKind.PICTURE_QUEUED
    }
    assert codes == {"object_missing" if how == "gone" else "object_damaged"}


def test_a_store_that_damages_everything_fails_the_picture_in_the_end(
    office: Office[WorkerPlatform],
) -> None:
    job_id = office.deck_job(deck_of([picture_blob(1, 48)]))
    prepare(office.context, job_id)
    for _ in range(10):
        office.upscale_all(job_id)
        for row in office.pictures(job_id):
            if row.result_key:
                damage(office, row.result_key, "flipped")
        assemble(office.context, job_id)
        if office.job(job_id).is_final:
            break
    (row,) = office.pictures(job_id)
    assert (row.state, row.code) == (PictureState.FAILED, "object_damaged")
    assert office.job(job_id).state is JobState.DONE


def test_a_deck_that_was_damaged_in_the_store_is_not_worked_on(
    office: Office[WorkerPlatform],
) -> None:
    job_id = office.deck_job(deck_of_three())
    (key,) = (key for key in office.all_keys() if key.endswith("/original"))
    damage(office, key, "flipped")
    prepare(office.context, job_id)
    assert (office.job(job_id).state, office.job(job_id).code) == (
        JobState.FAILED,
        "object_damaged",
    )


def damage(office: Office[WorkerPlatform], key: str, how: str) -> None:
    store = office.context.store
    if how == "gone":
        store.delete([key])
        return
    blob = bytearray(store.read(key))
    blob[len(blob) // 2] ^= 0xFF
    store.put(key, bytes(blob), content_type="image/png")
