"""Limits are told before they are met, and when they are met, when to come again."""

import io
from collections.abc import Callable

import pytest

from crispdeck.storage import ObjectStore
from tests.web.conftest import Web, deck_blob, picture_blob, send_deck, send_job

PNG = {"Content-Type": "image/png"}


def test_the_limits_say_what_may_be_sent_and_what_is_kept(web: Web) -> None:
    blob = deck_blob()
    send_job(web, send_deck(web, blob))
    limits = web.client.get("/api/v1/limits", headers=web.key).get_json()
    assert limits["max_deck_bytes"] == web.engine.settings.max_deck_bytes
    assert limits["storage_bytes"] == len(blob)
    assert limits["open_jobs"] == 1
    assert limits["requests_left"] is None


def test_requests_are_counted_down_and_then_refused(start_web: Callable[..., Web]) -> None:
    web = start_web(requests_per_minute=3)
    answers = [web.client.get("/api/v1/whoami", headers=web.key) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    left = [answer.headers["RateLimit-Remaining"] for answer in answers]
    assert left == ["2", "1", "0", "0", "0"]
    assert {answer.headers["RateLimit-Limit"] for answer in answers} == {"3"}
    assert answers[3].get_json()["code"] == "limit_reached"
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 60


def test_one_keys_limit_is_not_anothers(start_web: Callable[..., Web]) -> None:
    web = start_web(requests_per_minute=1)
    other = web.stranger()
    assert web.client.get("/api/v1/whoami", headers=web.key).status_code == 200
    assert web.client.get("/api/v1/whoami", headers=web.key).status_code == 429
    assert web.client.get("/api/v1/whoami", headers=other).status_code == 200


def test_guessing_keys_is_limited_too(start_web: Callable[..., Web]) -> None:
    web = start_web(requests_per_minute=2)
    guesses = [
        web.client.get("/api/v1/whoami", headers={"Authorization": f"Bearer cd_{n}_{n}"})
        for n in range(3)
    ]
    assert [answer.status_code for answer in guesses] == [401, 401, 429]


def test_probes_are_never_refused(start_web: Callable[..., Web]) -> None:
    web = start_web(requests_per_minute=1)
    for _ in range(3):
        assert web.client.get("/healthz").status_code == 200
        assert web.client.get("/metrics").status_code == 200


def test_too_many_unfinished_jobs_are_refused(start_web: Callable[..., Web]) -> None:
    web = start_web(max_open_jobs=1)
    deck_id = send_deck(web)
    send_job(web, deck_id)
    answer = web.client.post(f"/api/v1/decks/{deck_id}/jobs", headers=web.key, json={})
    assert (answer.status_code, answer.get_json()["code"]) == (429, "limit_reached")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("kind", ["deck", "picture"])
def test_a_full_space_takes_nothing_more_and_keeps_no_stray_object(
    start_web: Callable[..., Web], kind: str
) -> None:
    web = start_web(max_storage_bytes=100)
    store: ObjectStore = web.engine.store
    if kind == "deck":
        answer = web.client.post(
            "/api/v1/decks", headers=web.key, data={"deck": (io.BytesIO(deck_blob()), "a.pptx")}
        )
    else:
        answer = web.client.post("/api/v1/pictures", headers=web.key | PNG, data=picture_blob())
    assert (answer.status_code, answer.get_json()["code"]) == (429, "limit_reached")
    assert list(store.list("")) == []


def test_a_deck_over_the_limit_is_413(start_web: Callable[..., Web]) -> None:
    web = start_web(max_deck_bytes=1000)
    small = web.client.post(
        "/api/v1/decks", headers=web.key, data={"deck": (io.BytesIO(deck_blob()), "a.pptx")}
    )
    assert (small.status_code, small.get_json()["code"]) == (413, "deck_too_large")
    large = web.client.post(
        "/api/v1/decks", headers=web.key, data={"deck": (io.BytesIO(bytes(99_000)), "a.pptx")}
    )
    assert (large.status_code, large.get_json()["code"]) == (413, "request_too_large")
