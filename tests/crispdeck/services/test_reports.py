"""Reports are made ahead by a worker, kept with their deck, and go with it."""

from datetime import timedelta

from crispdeck.records.shelf.decks import delete_deck
from crispdeck.services.reports import make_reports
from crispdeck.services.sweep import delete_strays, sweep
from crispdeck.services.worker_platform import WorkerPlatform
from tests.office import Office
from tests.small_deck import deck_of, picture_blob


def derived(office: Office[WorkerPlatform]) -> list[str]:
    return [key for key in office.all_keys() if "/derived/" in key]


def test_reports_are_made_ahead_once_and_deleted_with_their_deck(
    office: Office[WorkerPlatform],
) -> None:
    job = office.do_all(office.deck_job(deck_of([picture_blob(1, 48)])))
    make_reports(office.context, job.id)
    kept = derived(office)
    assert len(kept) == 2
    make_reports(office.context, job.id)
    assert derived(office) == kept
    delete_strays(office.context, stray_after=timedelta(seconds=-1))
    assert derived(office) == kept
    delete_deck(office.context.db, job.tenant_id, job.deck_id or "")
    sweep(office.context)
    assert office.all_keys() == set()


def test_no_report_is_made_of_a_job_that_is_gone_or_made_no_deck(
    office: Office[WorkerPlatform],
) -> None:
    make_reports(office.context, "0" * 32)
    job_id = office.deck_job(deck_of([picture_blob(1, 48)]))
    make_reports(office.context, job_id)
    assert derived(office) == []
