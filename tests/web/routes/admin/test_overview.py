"""The overview says what the rows say."""

import re
from collections.abc import Callable

import pytest

from crispdeck.records.roles import Role
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.waiting_decks import enqueue_decks, start_waiting
from crispdeck.settings import Settings
from tests.web.conftest import Web, finished_deck, send_deck, send_job
from tests.web.routes.admin.conftest import Desk
from web.routes import system

Sit = Callable[[Role], Desk]


def test_the_overview_says_what_the_rows_say(web: Web, desk: Sit) -> None:
    finished_deck(web)
    send_job(web, send_deck(web))
    me = desk(Role.VIEWER)
    page = me.get("/").text
    assert re.search(r'id="jobs-done"[^>]*><b>1</b>', page)
    assert re.search(r'id="jobs-queued"[^>]*><b>1</b>', page)
    assert re.search(r'id="pictures-done"[^>]*><b>2</b>', page)
    series = me.get("/figures.json?window=1h").get_json()
    assert len(series["at"]) == 60
    assert sum(series["charts"]["pictures"]["bulk"]) > 0
    assert {len(line) for chart in series["charts"].values() for line in chart.values()} == {60}


def test_decks_that_wait_for_a_free_job_are_counted_until_they_begin(
    web: Web, desk: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "METRICS_S", 0.0)
    me = desk(Role.VIEWER)
    decks = [send_deck(web, name=f"{number}.pptx") for number in range(3)]

    def counted() -> str:
        shown = re.search(r'id="decks-waiting"><b>(\d+)</b>', me.get("/").text)
        told = re.search(
            r"^crispdeck_decks_waiting (\d+)\.0$", web.client.get("/metrics").text, re.MULTILINE
        )
        assert shown
        assert told
        assert shown[1] == told[1]
        return shown[1]

    assert counted() == "0"
    enqueue_decks(web.engine.db, web.tenant_id, [(deck, JobOptions()) for deck in decks])
    assert counted() == "3"
    start_waiting(web.engine.db, Settings(max_open_jobs=2))
    assert counted() == "1"
