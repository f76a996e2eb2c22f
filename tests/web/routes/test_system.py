"""Health, readiness and metrics."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crispdeck.errors import QueueError
from crispdeck.records.database import Database
from crispdeck.records.figures import totals
from crispdeck.settings import Settings
from tests.web.conftest import Web, finished_deck, send_deck, send_job
from web.app import create_app
from web.routes import system


def samples(web: Web) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = web.client.get("/metrics").get_data(as_text=True)
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_living_process_says_so_even_when_all_else_is_gone(web: Web) -> None:
    web.engine.db.dispose()
    shutil.rmtree(web.engine.settings.data_dir)
    assert web.client.get("/healthz").get_json()["status"] == "alive"


def test_ready_means_that_records_storage_and_queue_answer(web: Web) -> None:
    answer = web.client.get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json()["parts"] == {"records": "ok", "storage": "ok", "queue": "ok"}


def test_what_does_not_answer_is_named(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise QueueError("gone")

    monkeypatch.setattr(web.engine.queue, "ping", away)
    answer = web.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["parts"]["queue"] == "queue_unavailable"
    assert answer.get_json()["parts"]["records"] == "ok"


def test_the_metrics_count_rows(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "METRICS_S", 0.0)
    deck_id, _ = finished_deck(web)
    before = samples(web)
    send_job(web, deck_id)
    after = samples(web)
    assert before["crispdeck_jobs", (("state", "done"),)] == 1
    assert before["crispdeck_pictures", (("state", "done"),)] == 2
    assert before["crispdeck_queue_waiting", (("queue", "cpu"),)] == 0
    assert after["crispdeck_queue_waiting", (("queue", "cpu"),)] == 1
    assert after["crispdeck_jobs", (("state", "queued"),)] == 1
    assert after["crispdeck_storage_bytes", ()] > 0
    assert after["crispdeck_leases_expired", ()] == 0


def test_pictures_that_wait_are_counted_in_their_queue(web: Web) -> None:
    send_job(web, send_deck(web))
    web.worker.prepare()
    found = samples(web)
    assert found["crispdeck_queue_waiting", (("queue", "bulk"),)] == 2
    assert found["crispdeck_queue_oldest_seconds", (("queue", "bulk"),)] >= 0
    assert found["crispdeck_pictures", (("state", "queued"),)] == 2


def test_the_metrics_count_requests_by_endpoint_and_not_by_id(web: Web) -> None:
    for number in range(3):
        web.client.get(f"/api/v1/decks/{number:032x}", headers=web.key)
    labels = (("endpoint", "decks.one_deck"), ("method", "GET"), ("status", "404"))
    assert samples(web)["crispdeck_http_requests_total", labels] == 3


def test_two_apps_in_one_process_do_not_share_their_counts(web: Web, tmp_path: Path) -> None:
    other = create_app(Settings(data_dir=tmp_path / "other"))
    other.test_client().get("/healthz")
    labels = (("endpoint", "system.healthz"), ("method", "GET"), ("status", "200"))
    assert ("crispdeck_http_requests_total", labels) not in samples(web)
    other.extensions["crispdeck"].db.dispose()


def test_behind_a_proxy_the_callers_own_address_counts(web: Web, tmp_path: Path) -> None:
    settings = replace(
        web.engine.settings, data_dir=tmp_path / "p", trusted_proxies=1, requests_per_minute=1
    )
    app = create_app(settings)
    codes = [
        app.test_client().get("/api/v1/problems", headers={"X-Forwarded-For": address}).status_code
        for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
    ]
    assert codes == [200, 200, 429]
    app.extensions["crispdeck"].db.dispose()


def test_what_anybody_may_ask_is_found_out_once_in_a_while(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(web.engine.store, "ping", lambda: asked.append("store"))
    figures = totals.figures

    def counted(db: Database) -> object:
        asked.append("rows")
        return figures(db)

    monkeypatch.setattr("web.metrics.figures", counted)
    for _ in range(5):
        assert web.client.get("/readyz").status_code == 200
        assert web.client.get("/metrics").status_code == 200
    assert sorted(asked) == ["rows", "store"]


def test_metrics_are_behind_a_key_where_one_is_set(start_web: Callable[..., Web]) -> None:
    web = start_web(metrics_key="a-long-secret")
    for given in ({}, {"Authorization": "Bearer another"}):
        assert web.client.get("/metrics", headers=given).status_code == 401
    answer = web.client.get("/metrics", headers={"Authorization": "Bearer a-long-secret"})
    assert answer.status_code == 200


def test_json_that_is_too_deep_or_half_a_character_is_a_bad_request(web: Web) -> None:
    headers = web.key | {"Content-Type": "application/json"}
    for body in (b"[" * 100_000 + b"]" * 100_000, rb'{"pictures":["\ud800"]}'):
        deck_id = "0" * 32
        answer = web.client.post(f"/api/v1/decks/{deck_id}/jobs", headers=headers, data=body)
        assert (answer.status_code, answer.get_json()["code"]) == (400, "request_malformed")
    answer = web.client.post(
        "/api/v1/pairings/exchange",
        headers={"Content-Type": "application/json"},
        data=b"[" * 100_000 + b"]" * 100_000,
    )
    assert answer.status_code == 400
