"""A POST that comes twice with one key makes one thing."""

import io
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.web.conftest import Web, deck_blob, picture_blob, send_deck

KEY = {"Idempotency-Key": "once"}


def send(web: Web, kind: str, variant: int = 0) -> TestResponse:
    """One of the three requests that can be repeated, in one of two variants."""
    headers = web.key | KEY
    if kind == "deck":
        blob = deck_blob() if variant == 0 else deck_blob(pictures=3)
        return web.client.post(
            "/api/v1/decks", headers=headers, data={"deck": (io.BytesIO(blob), "a.pptx")}
        )
    if kind == "picture":
        return web.client.post(
            f"/api/v1/pictures?scale={2 + 2 * variant}",
            headers=headers | {"Content-Type": "image/png"},
            data=picture_blob(),
        )
    decks = web.client.get("/api/v1/decks", headers=web.key).get_json()["items"]
    deck_id = decks[0]["id"] if decks else send_deck(web)
    return web.client.post(
        f"/api/v1/decks/{deck_id}/jobs", headers=headers, json={"target_ppi": 200 + variant}
    )


def made(web: Web, kind: str) -> int:
    url = "/api/v1/decks" if kind == "deck" else "/api/v1/jobs"
    return len(web.client.get(url, headers=web.key).get_json()["items"])


@pytest.mark.parametrize("kind", ["deck", "job", "picture"])
def test_the_second_answer_is_the_first_one_again(web: Web, kind: str) -> None:
    first, second = send(web, kind), send(web, kind)
    assert first.status_code == second.status_code
    assert first.get_json()["id"] == second.get_json()["id"]
    assert first.headers["Location"] == second.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert made(web, kind) == 1


@pytest.mark.parametrize("kind", ["deck", "job", "picture"])
def test_another_request_under_the_same_key_is_refused(web: Web, kind: str) -> None:
    send(web, kind)
    answer = send(web, kind, variant=1)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_reused")
    assert made(web, kind) == 1


def test_a_request_that_failed_may_come_again(start_web: Callable[..., Web]) -> None:
    web = start_web(max_open_jobs=1)
    deck_id = send_deck(web)
    url = f"/api/v1/decks/{deck_id}/jobs"
    first = web.client.post(url, headers=web.key, json={})
    assert web.client.post(url, headers=web.key | KEY, json={}).status_code == 429
    web.client.post(f"/api/v1/jobs/{first.get_json()['id']}/cancel", headers=web.key)
    assert web.client.post(url, headers=web.key | KEY, json={}).status_code == 202


def test_two_tenants_may_use_the_same_key(web: Web) -> None:
    send(web, "picture")
    answer = web.client.post(
        "/api/v1/pictures",
        headers=web.stranger() | KEY | {"Content-Type": "image/png"},
        data=picture_blob(),
    )
    assert answer.status_code == 202
    assert "Idempotency-Replayed" not in answer.headers


def test_a_key_that_is_none_is_refused(web: Web) -> None:
    answer = web.client.post("/api/v1/decks/sample", headers=web.key | {"Idempotency-Key": "a b"})
    assert answer.status_code == 422
