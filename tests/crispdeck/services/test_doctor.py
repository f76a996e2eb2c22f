"""The doctor finds what does not agree, mends what can be mended, and leaves the rest alone."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from crispdeck.records.states import JobState, PictureState
from crispdeck.records.tables import Job, Picture, Share
from crispdeck.records.work.claims import claim_pictures
from crispdeck.records.work.ending_pictures import end_pictures
from crispdeck.records.work.values import PictureOutcome
from crispdeck.services.assemble import assemble
from crispdeck.services.doctor import Problem, Report, examine
from crispdeck.services.prepare import prepare
from crispdeck.services.reports import make_reports
from crispdeck.services.sweep import STRAY_AFTER
from crispdeck.services.worker_platform import WorkerPlatform
from tests.office import Office
from tests.small_deck import deck_of, picture_blob


@pytest.fixture
def job_id(office: Office[WorkerPlatform]) -> str:
    """A deck with two sharp pictures, done."""
    made = office.deck_job(deck_of([picture_blob(1, 48), picture_blob(2, 80)]))
    assert office.do_all(made).state is JobState.DONE
    return made


def problems(report: Report) -> list[Problem]:
    return [finding.problem for finding in report.findings]


def damage(office: Office[WorkerPlatform], key: str | None) -> None:
    blob = bytearray(office.context.store.read(key or ""))
    blob[len(blob) // 2] ^= 0xFF
    office.context.store.put(key or "", bytes(blob), content_type="image/png")


def test_an_installation_that_worked_is_well(office: Office[WorkerPlatform], job_id: str) -> None:
    report = examine(office.context)
    assert report.findings == []
    assert report.objects == len(office.all_keys())
    assert report.rows >= report.objects


def test_one_that_is_at_work_is_well(office: Office[WorkerPlatform]) -> None:
    made = office.deck_job(deck_of([picture_blob(1, 48), picture_blob(2, 80)]))
    assert examine(office.context).findings == []
    prepare(office.context, made)
    claims = claim_pictures(
        office.context.db, worker="w", picture_id="", limit=1, max_px=10**6, lease_s=60
    )
    assert claims
    assert examine(office.context).findings == []


def test_a_damaged_result_is_found_and_made_again(
    office: Office[WorkerPlatform], job_id: str
) -> None:
    sound = office.context.store.read(office.job(job_id).result_key or "")
    damage(office, office.pictures(job_id)[0].result_key)
    assert problems(examine(office.context, quick=True)) == []
    assert problems(examine(office.context)) == [Problem.DAMAGED_OBJECT]
    assert not examine(office.context).is_well
    report = examine(office.context, repair=True)
    assert report.is_well
    office.upscale_all(job_id)
    assemble(office.context, job_id)
    job = office.job(job_id)
    assert (job.state, job.pictures_done) == (JobState.DONE, 2)
    assert office.context.store.read(job.result_key or "") == sound
    assert examine(office.context).findings == []


def test_a_missing_result_is_found_even_without_reading(
    office: Office[WorkerPlatform], job_id: str
) -> None:
    office.context.store.delete([office.pictures(job_id)[0].result_key or ""])
    assert problems(examine(office.context, quick=True)) == [Problem.MISSING_OBJECT]


@pytest.mark.parametrize("gone", [True, False])
def test_an_enhanced_deck_that_is_no_good_is_put_together_again(
    office: Office[WorkerPlatform], job_id: str, *, gone: bool
) -> None:
    key = office.job(job_id).result_key or ""
    sound = office.context.store.read(key)
    if gone:
        office.context.store.delete([key])
    else:
        damage(office, key)
    assert examine(office.context, repair=True).is_well
    assemble(office.context, job_id)
    assert office.context.store.read(office.job(job_id).result_key or "") == sound


def test_a_report_that_is_no_good_is_forgotten_and_made_when_it_is_asked_for(
    office: Office[WorkerPlatform], job_id: str
) -> None:
    make_reports(office.context, job_id)
    (key, *_) = (key for key in office.all_keys() if "/derived/" in key)
    damage(office, key)
    assert problems(examine(office.context)) == [Problem.DAMAGED_OBJECT]
    assert examine(office.context, repair=True).is_well
    assert problems(examine(office.context)) == []


def test_a_deck_that_is_gone_is_told_and_cannot_be_mended(
    office: Office[WorkerPlatform], job_id: str
) -> None:
    (key,) = (key for key in office.all_keys() if key.endswith("/original"))
    office.context.store.delete([key])
    report = examine(office.context, repair=True)
    assert problems(report) == [Problem.MISSING_OBJECT]
    assert not report.is_well
    assert key in report.findings[0].what


def test_an_old_object_without_a_row_is_found_and_deleted_and_a_young_one_is_left(
    office: Office[WorkerPlatform], job_id: str
) -> None:
    store = office.context.store
    for name in ("old", "young"):
        store.put(f"{office.tenant_id}/pictures/x/{name}", b"x", content_type="image/png")
    old = time.time() - STRAY_AFTER.total_seconds() - 60
    folder: Path = office.context.settings.data_dir / "objects" / office.tenant_id
    os.utime(folder / "pictures" / "x" / "old", (old, old))
    assert problems(examine(office.context)) == [Problem.STRAY_OBJECT]
    assert examine(office.context, repair=True).is_well
    left = {key for key in office.all_keys() if "/pictures/x/" in key}
    assert {key.rpartition("/")[2] for key in left} == {"young"}


def test_counts_that_are_wrong_are_counted_anew(
    office: Office[WorkerPlatform], job_id: str
) -> None:
    with office.context.db.session() as session:
        session.execute(update(Job).where(Job.id == job_id).values(pictures_done=7))
    assert problems(examine(office.context)) == [Problem.WRONG_COUNTS]
    assert examine(office.context, repair=True).is_well
    assert office.job(job_id).pictures_done == 2


def test_a_job_that_stands_still_goes_on(office: Office[WorkerPlatform]) -> None:
    made = office.deck_job(deck_of([picture_blob(1, 48)]))
    prepare(office.context, made)
    with office.context.db.session() as session:
        # As a process leaves it that is killed between adding up and going on.
        session.execute(
            update(Picture).where(Picture.job_id == made).values(state=PictureState.SKIPPED)
        )
        session.execute(
            update(Job).where(Job.id == made).values(pictures_queued=0, pictures_skipped=1)
        )
    assert problems(examine(office.context)) == [Problem.STANDS_STILL]
    assert Problem.STANDS_STILL in problems(examine(office.context, repair=True))
    assemble(office.context, made)
    assert office.job(made).state is JobState.DONE
    with office.context.db.reading() as session:
        assert {row.queued for row in session.scalars(select(Share))} <= {0}


def test_what_a_silent_worker_holds_is_taken_back(office: Office[WorkerPlatform]) -> None:
    made = office.picture_job(picture_blob(1, 48))
    claim_pictures(office.context.db, worker="w", picture_id="", limit=1, max_px=10**6, lease_s=60)
    with office.context.db.session() as session:
        old = office.context.db.now(session) - timedelta(hours=1)
        session.execute(update(Picture).values(lease_until=old, leased_at=old))
    assert problems(examine(office.context)) == [Problem.SILENT_WORKER]
    assert examine(office.context, repair=True).is_well
    assert office.job(made).pictures_queued == 1


def test_changes_that_nobody_added_up_are_added_up(office: Office[WorkerPlatform]) -> None:
    from crispdeck.records.tables import PictureChange

    made = office.picture_job(picture_blob(1, 48))
    db = office.context.db
    [claim] = claim_pictures(db, worker="w", picture_id="", limit=1, max_px=10**6, lease_s=60)
    end_pictures(db, [(claim, PictureOutcome(state=PictureState.SKIPPED, code="x"))])
    assert examine(office.context).findings == [], "that is seconds old"
    with db.session() as session:
        session.execute(update(PictureChange).values(at=db.now(session) - timedelta(hours=1)))
    assert problems(examine(office.context)) == [Problem.NOT_ADDED_UP]
    assert examine(office.context, repair=True).is_well
    assert office.job(made).state is JobState.DONE
