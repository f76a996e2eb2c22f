"""The sweep announces what waits, and deletes what has expired and what nobody knows."""

import os
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from crispdeck.queue.names import QueueName
from crispdeck.records.shelf.decks import delete_deck
from crispdeck.records.states import PictureState
from crispdeck.records.tables import Deck
from crispdeck.records.work.claims import claim_pictures
from crispdeck.services.prepare import prepare
from crispdeck.services.sweep import delete_strays, sweep
from crispdeck.services.worker_platform import WorkerPlatform
from crispdeck.storage import upscale_key
from tests.office import Office
from tests.small_deck import deck_of, picture_blob


def a_deck() -> bytes:
    return deck_of([picture_blob(1, 48)])


def test_a_picture_of_a_silent_worker_is_announced_again(office: Office[WorkerPlatform]) -> None:
    job_id = office.deck_job(a_deck())
    prepare(office.context, job_id)
    claim_pictures(
        office.context.db, worker="gone", picture_id="", limit=1, max_px=10**6, lease_s=-1
    )
    before = office.messages(QueueName.BULK)
    sweep(office.context)
    assert office.messages(QueueName.BULK) == before + 1
    assert office.pictures(job_id)[0].state is PictureState.QUEUED


def test_the_objects_of_a_deleted_deck_go_and_then_its_rows(office: Office[WorkerPlatform]) -> None:
    job = office.do_all(office.deck_job(a_deck()))
    delete_deck(office.context.db, office.tenant_id, job.deck_id or "")
    sweep(office.context)
    # What was upscaled stays a while for other decks with the same picture.
    assert all("/upscales/" in key for key in office.all_keys())
    with office.context.db.reading() as session:
        assert session.scalars(select(Deck)).all() == []


def test_objects_without_a_row_are_deleted_once_they_are_old(
    office: Office[WorkerPlatform],
) -> None:
    office.do_all(office.deck_job(a_deck()))
    known = office.all_keys()
    old, young = (
        upscale_key(office.tenant_id, "0" * 64, "net", 4, "1", name) for name in ("old", "young")
    )
    for key in (old, young):
        office.context.store.put(key, b"stray", content_type="image/png")
    make_old(office.context.settings.data_dir / "objects" / old)
    assert delete_strays(office.context) == 1
    assert office.all_keys() == known | {young}


def test_nothing_with_a_row_is_ever_a_stray(office: Office[WorkerPlatform]) -> None:
    office.do_all(office.deck_job(a_deck()))
    waiting = office.deck_job(deck_of([picture_blob(2, 48)]))
    prepare(office.context, waiting)
    known = office.all_keys()
    assert delete_strays(office.context, stray_after=timedelta(0)) == 0
    assert office.all_keys() == known


def make_old(path: Path) -> None:
    two_hours_ago = path.stat().st_mtime - 7200
    os.utime(path, (two_hours_ago, two_hours_ago))
