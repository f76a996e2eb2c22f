"""A review link opens before and after of one batch, and nothing else; it ends, and is audited."""

from dataclasses import dataclass
from typing import Any

import pytest

from crispdeck.records.people.keys import Scope
from tests.web.conftest import Web, send_deck

LOW = "ppt/media/image1.png"


@dataclass
class Shared:
    """A finished deck in a batch, another one outside, and a link to the batch."""

    web: Web
    batch: str
    deck: str
    other: str
    link: dict[str, Any]

    @property
    def key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.link['url'].partition('#')[2]}"}

    def get(self, path: str) -> Any:
        return self.web.client.get(f"/api/v1/{path}", headers=self.key)

    def put(self, path: str, body: object) -> Any:
        return self.web.client.put(f"/api/v1/{path}", headers=self.key, json=body)


@pytest.fixture
def shared(web: Web) -> Shared:
    batch = web.client.post("/api/v1/batches", headers=web.key, json={}).get_json()["id"]
    deck, other = send_deck(web, batch=batch), send_deck(web)
    for one in (deck, other):
        web.client.post(f"/api/v1/decks/{one}/jobs", headers=web.key, json={})
    web.worker.work_off()
    made = web.client.post(
        f"/api/v1/batches/{batch}/reviews", headers=web.key, json={"name": "For Ben"}
    )
    assert made.status_code == 201, made.get_json()
    return Shared(web, batch, deck, other, made.get_json())


def test_the_link_shows_the_decks_of_its_batch_before_and_after(shared: Shared) -> None:
    (deck,) = shared.get("review").get_json()["decks"]
    assert (deck["id"], deck["changed"], deck["verdict"]) == (shared.deck, 2, None)
    work = shared.get(f"review/decks/{shared.deck}").get_json()
    before = shared.get(f"review/decks/{shared.deck}/slides/1?detail=full")
    after = shared.get(f"review/decks/{shared.deck}/slides/1?detail=full&job={work['job']['id']}")
    assert before.mimetype == after.mimetype == "image/svg+xml"
    assert before.data != after.data


def test_the_link_opens_nothing_else(shared: Shared) -> None:
    paths = (
        "decks", "batches", "jobs", "keys", "audit", "whoami", "limits", "webhooks",
        f"decks/{shared.deck}", f"decks/{shared.deck}/enhanced", f"batches/{shared.batch}",
        f"batches/{shared.batch}/reviews",
    )  # fmt: skip
    assert {path: shared.get(path).status_code for path in paths} == dict.fromkeys(paths, 403)
    assert shared.get(f"review/decks/{shared.other}").status_code == 404
    assert shared.get(f"review/decks/{shared.other}/slides/1").status_code == 404
    assert shared.put(f"review/decks/{shared.other}/kept", {"parts": []}).status_code == 404
    said = shared.put(f"review/decks/{shared.other}/verdict", {"is_accepted": True})
    assert said.status_code == 404


def test_a_verdict_with_a_comment_comes_back_to_whoever_shared(shared: Shared) -> None:
    for accepted in (True, False):
        body = {"is_accepted": accepted, "comment": "Slide 1 looks odd."}
        assert shared.put(f"review/decks/{shared.deck}/verdict", body).status_code == 204
    web = shared.web
    path = f"/api/v1/batches/{shared.batch}/reviews"
    (review,) = web.client.get(path, headers=web.key).get_json()["items"]
    assert review["name"] == "For Ben"
    assert review["opened_at"] is not None
    assert [(one["is_accepted"], one["comment"]) for one in review["verdicts"]] == [
        (False, "Slide 1 looks odd.")
    ]
    assert shared.get("review").get_json()["decks"][0]["verdict"]["comment"] == "Slide 1 looks odd."


def test_originals_that_a_reviewer_keeps_are_in_the_deck(shared: Shared) -> None:
    kept = shared.put(f"review/decks/{shared.deck}/kept", {"parts": [LOW]})
    assert kept.get_json()["job"]["kept"] == [LOW]
    assert shared.get("review").get_json()["decks"][0]["kept"] == 1


def test_a_withdrawn_link_opens_nothing_and_what_was_said_stays(shared: Shared) -> None:
    shared.put(f"review/decks/{shared.deck}/verdict", {"is_accepted": True})
    web, path = shared.web, f"/api/v1/batches/{shared.batch}/reviews"
    gone = web.client.delete(f"{path}/{shared.link['id']}", headers=web.key)
    assert gone.status_code == 204
    assert shared.get("review").status_code == 401
    (review,) = web.client.get(path, headers=web.key).get_json()["items"]
    assert review["withdrawn_at"]
    assert len(review["verdicts"]) == 1
    assert web.client.delete(f"{path}/{'0' * 32}", headers=web.key).status_code == 404


def test_the_link_ends_with_the_key_that_made_it_and_with_its_batch(shared: Shared) -> None:
    web = shared.web
    web.client.delete(f"/api/v1/batches/{shared.batch}", headers=web.key)
    assert shared.get("review").status_code in {404, 410}
    me = web.client.get("/api/v1/whoami", headers=web.key).get_json()["key_id"]
    web.client.delete(f"/api/v1/keys/{me}", headers=web.key)
    assert shared.get("review").status_code == 401


def test_the_link_lives_no_longer_than_its_batch(shared: Shared) -> None:
    web = shared.web
    batch = web.client.get(f"/api/v1/batches/{shared.batch}", headers=web.key).get_json()
    made = web.client.post(
        f"/api/v1/batches/{shared.batch}/reviews", headers=web.key, json={"days": 300}
    )
    assert made.get_json()["expires_at"] == batch["expires_at"]


def test_all_of_it_is_in_the_audit(shared: Shared) -> None:
    shared.put(f"review/decks/{shared.deck}/kept", {"parts": [LOW]})
    shared.put(f"review/decks/{shared.deck}/verdict", {"is_accepted": True})
    web = shared.web
    found = web.client.get("/api/v1/audit", headers=web.key).get_json()["items"]
    assert [(one["action"], one["actor"] == shared.link["id"]) for one in found] == [
        ("review.verdict", True),
        ("review.keep_originals", True),
        ("review.share", False),
    ]


def test_nobody_makes_a_key_of_that_scope_by_hand(web: Web) -> None:
    body = {"name": "x", "scopes": ["review"]}
    assert web.client.post("/api/v1/keys", headers=web.key, json=body).status_code in {400, 422}
    assert web.client.get("/api/v1/review", headers=web.key).status_code == 404
    assert web.client.get("/api/v1/review", headers=web.new_key(Scope.DECKS)).status_code == 403


def test_a_stranger_shares_nothing_of_others(shared: Shared) -> None:
    web = shared.web
    path = f"/api/v1/batches/{shared.batch}/reviews"
    assert web.client.post(path, headers=web.stranger(), json={}).status_code == 404
