"""What is wrong is said, each with a way out; where nothing is wrong nothing is said."""

import shutil
from dataclasses import replace
from typing import NamedTuple

import pytest
from sqlalchemy import update

from crispdeck.queue.names import QueueName
from crispdeck.records.figures.last_runs import SWEEP, note_away, note_run
from crispdeck.records.figures.totals import figures
from crispdeck.records.figures.workers import crew
from crispdeck.records.tables import Job
from crispdeck.records.work.drains import drain
from crispdeck.records.work.heartbeats import beat
from crispdeck.records.work.queue_pauses import pause_queue
from crispdeck.services.alarms import alarms
from crispdeck.services.worker_platform import WorkerPlatform
from tests.office import Office
from tests.small_deck import deck_of, picture_blob


class Usage(NamedTuple):
    """What `shutil.disk_usage` returns."""

    total: int
    used: int
    free: int


def codes(office: Office[WorkerPlatform]) -> list[str]:
    platform = office.context
    found = alarms(platform, figures(platform.db), crew(platform.db, gone_after_s=60))
    assert all(each.sentence and each.way_out for each in found)
    return [each.code for each in found]


def work(office: Office[WorkerPlatform], version: str | None = None) -> None:
    doing = {"versions": {"crispdeck": version}} if version else {}
    beat(office.context.db, "cpu@host:1", queues=("cpu", "maintenance"), doing=doing)
    note_run(office.context.db, SWEEP, worker="cpu@host:1", took_s=0, announced=0, deleted=0)


def test_a_new_installation_has_nothing_wrong(office: Office[WorkerPlatform]) -> None:
    assert codes(office) == []


def test_work_that_nobody_takes_is_an_alarm_until_somebody_listens(
    office: Office[WorkerPlatform],
) -> None:
    office.deck_job(deck_of([picture_blob(1, 48)]))
    assert codes(office) == ["nobody_takes"]
    work(office)
    assert codes(office) == []
    drain(office.context.db, "cpu@host", actor="anna")
    assert codes(office) == ["nobody_takes"]


def test_a_paused_queue_is_said_to_be_paused(office: Office[WorkerPlatform]) -> None:
    office.deck_job(deck_of([picture_blob(1, 48)]))
    pause_queue(office.context.db, QueueName.CPU, actor="anna")
    assert codes(office) == ["queue_paused"]


def test_a_sweeper_that_never_ran_beside_workers_is_an_alarm(
    office: Office[WorkerPlatform],
) -> None:
    beat(office.context.db, "cpu@host:1", queues=("cpu",), doing={})
    assert codes(office) == ["sweeper_silent"]


def test_what_was_away_and_what_is_begun_again_and_again_is_said(
    office: Office[WorkerPlatform],
) -> None:
    work(office)
    job_id = office.deck_job(deck_of([picture_blob(1, 48)]))
    note_away(office.context.db, "storage_unavailable", "The object store does not answer.")
    with office.context.db.session() as session:
        session.execute(update(Job).values(attempts=2))
    assert codes(office) == ["away.storage_unavailable", "fails_again"]
    platform = office.context
    found = alarms(platform, figures(platform.db), crew(platform.db, gone_after_s=60))
    assert found[1].page == job_id


def test_a_worker_of_another_version_is_said_once(office: Office[WorkerPlatform]) -> None:
    work(office, "0.0.1")
    beat(office.context.db, "cpu@host:2", queues=(), doing={"versions": {"crispdeck": "0.0.1"}})
    assert codes(office) == ["old_worker"]


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        (Usage(10**12, 0, 10**9), ["disk_nearly_full"]),
        (Usage(10**12, 0, 10**11), []),
        (Usage(10**13, 0, 3 * 10**11), []),
    ],
)
def test_a_disk_is_nearly_full_by_its_share_and_by_its_bytes(
    office: Office[WorkerPlatform], monkeypatch: pytest.MonkeyPatch, usage: Usage, said: list[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert codes(office) == said
    elsewhere = replace(
        office.context.settings,
        storage_url="s3://bucket",
        database_url="postgresql://h/d",
    )
    monkeypatch.setattr(office.context, "settings", elsewhere)
    assert codes(office) == []
