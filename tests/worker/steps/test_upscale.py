"""Upscale makes claimed pictures sharp, keeps what it made, and never ends one that it lost."""

import io
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select, update
from torch import nn

from crispdeck.errors import RecordsError, StorageError, UpscaleMemoryError, WeightsError
from crispdeck.picture import reading
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.inspect import inspect
from crispdeck.picture.reading import decode
from crispdeck.queue.names import QueueName
from crispdeck.records.figures.last_runs import list_away
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.states import EventKind, JobState, PictureState
from crispdeck.records.tables import Picture, UpscaleCache
from crispdeck.records.work.claims import claim_pictures, finish_picture, finish_pictures
from crispdeck.records.work.events import events_after
from crispdeck.records.work.sweep import sweep
from crispdeck.records.work.values import PictureOutcome
from crispdeck.services.prepare import prepare
from crispdeck.settings import Settings
from crispdeck.storage import FolderStore, StoredObject, sha256_of
from tests.crispdeck.picture.provenance.made_pictures import enlarged, texture
from tests.office import Office
from tests.small_deck import deck_of, picture_blob
from worker.context import Context
from worker.networks.descriptor import NetworkDescriptor
from worker.steps.upscale import upscale
from worker.upscaling.conditioning import Source
from worker.upscaling.pipeline import PixelLimits, sharpen
from worker.upscaling.upscaler import Upscaled, Upscaler


class WatchedUpscaler(Upscaler):
    """The real one; counts its calls, and something may happen in each of them."""

    def __init__(self, happens: Callable[[Sequence[Source]], object] = len) -> None:
        super().__init__(Settings(device="cpu", torch_threads=1))
        self.calls: list[int] = []
        self._happens = happens

    def upscale(self, pictures: Sequence[Source], scale: float) -> list[Upscaled]:
        self.calls.append(len(pictures))
        self._happens(pictures)
        return super().upscale(pictures, scale)


class FullStore(FolderStore):
    """A folder on a full disk."""

    def put(self, key: str, source: object, *, content_type: str) -> StoredObject:
        del source, content_type
        raise StorageError(f"No space is left for {key}.")


def office_with(settings: Settings, upscaler: Upscaler) -> Office[Context]:
    context = Context(settings, upscaler=upscaler)
    context.db.migrate()
    return Office(context, lambda: upscale(context, ""))


def prepared(office: Office[Context], blobs: list[bytes]) -> str:
    job_id = office.deck_job(deck_of(blobs))
    prepare(office.context, job_id)
    return job_id


def blobs_of_one_size(count: int) -> list[bytes]:
    return [picture_blob(seed, 48) for seed in range(count)]


def test_a_picture_is_done_with_its_result_and_how_it_was_made(
    office: Office[Context], upscaler: Upscaler
) -> None:
    blob = picture_blob(1, 48)
    job_id = office.picture_job(blob)
    upscale(office.context, office.pictures(job_id)[0].id)
    (row,) = office.pictures(job_id)
    assert row.state is PictureState.DONE
    assert office.job(job_id).state is JobState.DONE
    assert (row.result_width_px, row.result_height_px, row.result_format) == (192, 192, "png")
    result = office.context.store.read(row.result_key or "")
    assert (row.result_bytes, inspect(result).width_px) == (len(result), 192)
    assert row.report is not None
    assert row.report["network"].startswith("plain-m-x4@")
    crispness = office.context.settings.crispness
    assert row.report["crispness"] == crispness
    assert row.report["faithful"]["failed"] == []
    assert result == sharpen(blob, 4, upscaler, PixelLimits(), crispness).blob


def test_the_same_picture_without_its_notes_is_another_result(settings: Settings) -> None:
    office = office_with(settings, WatchedUpscaler())
    out, exif = io.BytesIO(), Image.Exif()
    exif[315] = "A. Person"
    Image.open(io.BytesIO(picture_blob(1, 48))).save(out, "PNG", exif=exif)
    jobs = [office.picture_job(out.getvalue(), strip=strip) for strip in (False, True, True)]
    for _ in jobs:
        upscale(office.context, "")
    keys = [office.pictures(job_id)[0].result_key or "" for job_id in jobs]
    blobs = [office.context.store.read(key) for key in keys]
    assert [b"A. Person" in blob for blob in blobs] == [True, False, False]
    assert keys[1] == keys[2]


def test_the_same_picture_at_another_crispness_is_another_result(settings: Settings) -> None:
    upscaler = WatchedUpscaler()
    office = office_with(settings, upscaler)
    wanted = (0.0, 1.0, 1.0, None)
    jobs = [office.picture_job(picture_blob(1, 48), crispness=each) for each in wanted]
    for _ in jobs:
        upscale(office.context, "")
    rows = [office.pictures(job_id)[0] for job_id in jobs]
    assert [(row.report or {})["crispness"] for row in rows] == [
        0.0,
        1.0,
        1.0,
        settings.crispness,
    ]
    keys = [row.result_key for row in rows]
    assert keys[1] == keys[2]
    assert len(set(keys)) == 3
    blobs = {office.context.store.read(key or "") for key in keys}
    assert len(blobs) == 3


def test_one_message_takes_several_pictures_of_one_size_into_two_calls(
    settings: Settings,
) -> None:
    upscaler = WatchedUpscaler()
    office = office_with(settings, upscaler)
    job_id = prepared(office, blobs_of_one_size(6))
    half = settings.batch_pictures // 2
    upscale(office.context, "")
    assert upscaler.calls == [half, half]
    upscale(office.context, "")
    assert upscaler.calls == [half, half, 2]
    assert {row.state for row in office.pictures(job_id)} == {PictureState.DONE}
    upscale(office.context, "")
    assert len(upscaler.calls) == 3


def test_the_last_picture_of_a_deck_calls_for_its_assembly(office: Office[Context]) -> None:
    job_id = prepared(office, blobs_of_one_size(2))
    upscale(office.context, "")
    assert office.job(job_id).stage == "assemble"
    assert office.messages(QueueName.CPU) == 1


def test_a_picture_that_was_upscaled_before_needs_no_network(settings: Settings) -> None:
    upscaler = WatchedUpscaler()
    office = office_with(settings, upscaler)
    blob = picture_blob(1, 48)
    first, second = office.picture_job(blob), prepared(office, [blob])
    upscale(office.context, "")
    upscale(office.context, "")
    assert upscaler.calls == [1]
    (one,), (other,) = office.pictures(first), office.pictures(second)
    assert one.result_key == other.result_key
    assert (other.report or {})["cached"] is True


def test_a_kept_upscale_bears_the_name_of_the_network_that_made_it(settings: Settings) -> None:
    office = office_with(settings, WatchedUpscaler())
    out = io.BytesIO()
    # By its pixels it is one for the smaller tier, by its true size for the larger.
    enlarged(texture(240, 180), 4, Image.Resampling.BICUBIC).save(out, "PNG")
    blob = out.getvalue()
    first, second = office.picture_job(blob, scale=2), office.picture_job(blob, scale=2)
    upscale(office.context, "")
    upscale(office.context, "")
    (one,), (other,) = office.pictures(first), office.pictures(second)
    assert one.report is not None
    assert one.report["network"].startswith("plain-m-x4@")
    with office.context.db.reading() as session:
        assert set(session.scalars(select(UpscaleCache.network))) == {one.report["network"]}
    third = office.picture_job(blob, scale=2)
    upscale(office.context, "")
    (again,) = office.pictures(third)
    assert (again.report or {})["cached"] is True
    assert again.result_key in {one.result_key, other.result_key}


def test_the_same_picture_twice_in_one_claim_is_upscaled_once(settings: Settings) -> None:
    upscaler = WatchedUpscaler()
    office = office_with(settings, upscaler)
    jobs = [prepared(office, [picture_blob(1, 48)]) for _ in range(2)]
    upscale(office.context, "")
    assert upscaler.calls == [1]
    assert {office.pictures(job_id)[0].state for job_id in jobs} == {PictureState.DONE}


def test_another_tenant_does_not_profit_from_what_one_has_upscaled(settings: Settings) -> None:
    upscaler = WatchedUpscaler()
    office = office_with(settings, upscaler)
    first = office.picture_job(picture_blob(1, 48))
    upscale(office.context, "")
    key = office.pictures(first)[0].result_key
    office.tenant_id = create_tenant(office.context.db, "another tenant")
    second = office.picture_job(picture_blob(1, 48))
    upscale(office.context, "")
    assert upscaler.calls == [1, 1]
    assert office.pictures(second)[0].result_key != key


def test_an_unreadable_picture_is_skipped_and_the_others_of_its_claim_are_done(
    office: Office[Context],
) -> None:
    job_id = prepared(office, blobs_of_one_size(3))
    spoilt = office.pictures(job_id)[1]
    office.context.store.put(spoilt.source_key or "", b"no picture", content_type="image/png")
    handed_in = {"sha256": sha256_of(b"no picture"), "source_bytes": len(b"no picture")}
    with office.context.db.session() as session:
        session.execute(update(Picture).where(Picture.id == spoilt.id).values(**handed_in))
    upscale(office.context, "")
    assert [(row.state, row.code) for row in office.pictures(job_id)] == [
        (PictureState.DONE, None),
        (PictureState.SKIPPED, "picture_unreadable"),
        (PictureState.DONE, None),
    ]


def test_a_picture_whose_bytes_are_gone_fails_alone(office: Office[Context]) -> None:
    job_id = prepared(office, blobs_of_one_size(2))
    office.context.store.delete([office.pictures(job_id)[0].source_key or ""])
    upscale(office.context, "")
    assert [(row.state, row.code) for row in office.pictures(job_id)] == [
        (PictureState.FAILED, "object_missing"),
        (PictureState.DONE, None),
    ]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UpscaleMemoryError("no memory"), "upscale_out_of_memory"),
        (ZeroDivisionError("a bug"), "internal_error"),
    ],
)
def test_what_one_picture_meets_is_its_own_reason(
    settings: Settings, error: Exception, code: str
) -> None:
    def fail_on_the_second(pictures: Sequence[Source]) -> None:
        if any(int(one.pixels.colour[0, 0, 0]) == second for one in pictures):
            raise error

    blobs = blobs_of_one_size(3)
    second = first_sample(blobs[1])
    assert second not in {first_sample(blobs[0]), first_sample(blobs[2])}
    office = office_with(settings, WatchedUpscaler(fail_on_the_second))
    job_id = prepared(office, blobs)
    upscale(office.context, "")
    assert [(row.state, row.code) for row in office.pictures(job_id)] == [
        (PictureState.DONE, None),
        (PictureState.FAILED, code),
        (PictureState.DONE, None),
    ]


def test_a_network_that_cannot_be_loaded_is_the_reason_of_all(settings: Settings) -> None:
    def no_weights(descriptor: NetworkDescriptor) -> nn.Module:
        raise WeightsError(f"{descriptor.weights_file} is not the one in the manifest.")

    office = office_with(settings, Upscaler(settings, load=no_weights))
    job_id = prepared(office, blobs_of_one_size(2))
    upscale(office.context, "")
    assert {row.code for row in office.pictures(job_id)} == {"weights_invalid"}


def test_an_outage_is_no_attempt_and_the_pictures_wait(office: Office[Context]) -> None:
    job_id = prepared(office, blobs_of_one_size(2))
    good = office.context.store
    office.context.store = FullStore(office.context.settings.data_dir / "objects")
    upscale(office.context, "")
    rows = office.pictures(job_id)
    assert [(row.state, row.attempts) for row in rows] == [(PictureState.QUEUED, 0)] * 2
    assert office.context.outages.rests
    assert [away.name for away in list_away(office.context.db)] == ["away.storage_unavailable"]
    office.context.store = good
    upscale(office.context, "")
    assert {row.state for row in office.pictures(job_id)} == {PictureState.QUEUED}, "it rests"
    office.context.outages.over()
    upscale(office.context, "")
    assert {row.state for row in office.pictures(job_id)} == {PictureState.QUEUED}, "not yet"
    let_pauses_pass(office)
    office.upscale_all(job_id)
    rows = office.pictures(job_id)
    assert [(row.state, row.attempts) for row in rows] == [(PictureState.DONE, 1)] * 2


def test_an_outage_of_hours_fails_the_picture_with_its_reason(office: Office[Context]) -> None:
    job_id = prepared(office, blobs_of_one_size(1))
    office.context.store = FullStore(office.context.settings.data_dir / "objects")
    upscale(office.context, "")
    office.context.outages.over()
    let_pauses_pass(office, away_for=timedelta(hours=office.context.settings.outage_hours))
    upscale(office.context, "")
    (row,) = office.pictures(job_id)
    assert (row.state, row.code, row.attempts) == (PictureState.FAILED, "storage_unavailable", 0)


def test_a_source_that_was_damaged_in_the_store_is_not_told_as_unreadable(
    office: Office[Context],
) -> None:
    job_id = prepared(office, blobs_of_one_size(2))
    flip_a_byte(office, office.pictures(job_id)[0].source_key)
    upscale(office.context, "")
    assert [(row.state, row.code) for row in office.pictures(job_id)] == [
        (PictureState.FAILED, "object_damaged"),
        (PictureState.DONE, None),
    ]


@pytest.mark.parametrize("how", ["flipped", "truncated", "gone"])
def test_an_upscale_that_is_no_good_any_more_is_made_again_with_an_event(
    office: Office[Context], how: str
) -> None:
    blob = picture_blob(3, 48)
    first = office.picture_job(blob)
    upscale(office.context, "")
    (made,) = office.pictures(first)
    good = office.context.store.read(made.result_key or "")
    if how == "flipped":
        flip_a_byte(office, made.result_key)
    elif how == "truncated":
        half = good[: len(good) // 2]
        office.context.store.put(made.result_key or "", half, content_type="image/png")
    else:
        office.context.store.delete([made.result_key or ""])
    second = office.picture_job(blob)
    upscale(office.context, "")
    (row,) = office.pictures(second)
    assert row.state is PictureState.DONE
    assert row.result_key != made.result_key
    assert office.context.store.read(row.result_key or "") == good
    assert row.result_sha256 == sha256_of(good)
    codes = [e.data.get("code") for e in events_after(office.context.db, office.tenant_id, second)]
    assert ("object_missing" if how == "gone" else "object_damaged") in codes
    third = office.picture_job(blob)
    upscale(office.context, "")
    assert (office.pictures(third)[0].report or {})["cached"]


@pytest.mark.long
def test_a_picture_that_takes_too_long_is_told_so_and_alone(settings: Settings) -> None:
    slow_one = -1

    def stand_still(pictures: Sequence[Source]) -> None:
        if any(int(one.pixels.colour[0, 0, 0]) == slow_one for one in pictures):
            time.sleep(30)

    quick = replace(settings, picture_seconds=2.0)
    office = office_with(quick, WatchedUpscaler(stand_still))
    upscale(office.context, "")  # nothing waits; what is imported on first use is there now
    blobs = blobs_of_one_size(2)
    slow_one = first_sample(blobs[0])
    job_id = prepared(office, blobs)
    office.context.upscaler.warm()
    began = time.monotonic()
    upscale(office.context, "")
    assert time.monotonic() - began < 25
    assert [(row.state, row.code) for row in office.pictures(job_id)] == [
        (PictureState.FAILED, "time_limit"),
        (PictureState.DONE, None),
    ]


def test_a_decoder_that_takes_too_long_is_told_as_that_and_not_as_damage(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never_ends(*_: object, **__: object) -> object:
        time.sleep(30)
        raise AssertionError

    office = office_with(replace(settings, picture_seconds=1.0), Upscaler(settings))
    job_id = office.picture_job(picture_blob(1, 48))
    monkeypatch.setitem(reading._READERS, PictureFormat.PNG, never_ends)
    upscale(office.context, "")
    (row,) = office.pictures(job_id)
    assert (row.state, row.code) == (PictureState.FAILED, "time_limit")


def test_whatever_breaks_around_the_network_ends_the_picture_with_a_code(
    office: Office[Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = office.picture_job(picture_blob(2, 48))

    def broken(*_: object, **__: object) -> None:
        raise LookupError("of another version")

    monkeypatch.setattr("crispdeck.services.upscale.find_upscale", broken)
    upscale(office.context, "")
    (row,) = office.pictures(job_id)
    assert (row.state, row.code) == (PictureState.FAILED, "internal_error")


def test_a_result_is_kept_while_the_database_is_away(
    office: Office[Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = office.picture_job(picture_blob(4, 48))
    away = iter([True, True, False])

    def sometimes(*given: Any) -> Any:
        if next(away):
            raise RecordsError("The database does not answer.")
        return finish_pictures(*given)

    monkeypatch.setattr("crispdeck.services.upscale.finish_pictures", sometimes)
    upscale(office.context, "")
    (row,) = office.pictures(job_id)
    assert (row.state, row.attempts) == (PictureState.DONE, 1)


def flip_a_byte(office: Office[Context], key: str | None) -> None:
    blob = bytearray(office.context.store.read(key or ""))
    blob[len(blob) // 2] ^= 0xFF
    office.context.store.put(key or "", bytes(blob), content_type="image/png")


def let_pauses_pass(office: Office[Context], away_for: timedelta = timedelta()) -> None:
    with office.context.db.session() as session:
        now = office.context.db.now(session)
        for row in session.scalars(select(Picture).where(Picture.not_before.is_not(None))):
            row.not_before = now
            row.outage_since = now - away_for


def test_a_result_that_comes_too_late_is_dropped(settings: Settings) -> None:
    def another_takes_it_and_ends_it(_pictures: Sequence[Source]) -> None:
        expire_leases(office)
        sweep(office.context.db, stale_queued_s=60, max_attempts=3)
        (claim,) = claim_pictures(
            office.context.db, worker="other", picture_id="", limit=1, max_px=10**6, lease_s=60
        )
        skipped = PictureOutcome(state=PictureState.SKIPPED, code="by_the_other")
        finish_picture(office.context.db, claim, skipped)

    office = office_with(settings, WatchedUpscaler(another_takes_it_and_ends_it))
    job_id = office.picture_job(picture_blob(1, 48))
    upscale(office.context, "")
    (row,) = office.pictures(job_id)
    assert (row.state, row.code, row.result_key) == (PictureState.SKIPPED, "by_the_other", None)
    ends = {EventKind.PICTURE_DONE, EventKind.PICTURE_SKIPPED, EventKind.PICTURE_FAILED}
    events = events_after(office.context.db, office.tenant_id, job_id)
    assert sum(event.kind in ends for event in events) == 1


def test_claims_are_held_while_the_network_is_at_work(settings: Settings) -> None:
    def let_the_lease_run_out(_pictures: Sequence[Source]) -> None:
        expire_leases(office)
        office.context.leases.tick()
        sweep(office.context.db, stale_queued_s=60, max_attempts=3)

    office = office_with(settings, WatchedUpscaler(let_the_lease_run_out))
    job_id = office.picture_job(picture_blob(1, 48))
    upscale(office.context, "")
    (row,) = office.pictures(job_id)
    assert (row.state, row.attempts) == (PictureState.DONE, 1)


def first_sample(blob: bytes) -> int:
    return int(decode(blob, max_px=10**6).pixels.colour[0, 0, 0])


def expire_leases(office: Office[Context]) -> None:
    with office.context.db.session() as session:
        for row in session.scalars(select(Picture).where(Picture.lease_until.is_not(None))):
            row.lease_until = office.context.db.now(session) - timedelta(seconds=1)
