"""A link opens one finished deck without a key: for a while, and no longer than its key."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crispdeck.errors import GoneError, NotFoundError
from crispdeck.records.database import Database
from crispdeck.records.people.keys import Scope, create_tenant, find_key, issue_key, revoke_key
from crispdeck.records.people.links import open_link, sign_link
from tests.web.conftest import Web, finished_deck


def link_of(web: Web, deck_id: str, **query: str) -> str:
    answer = web.client.post(
        f"/api/v1/decks/{deck_id}/links", headers=web.key, query_string=query, json={}
    )
    assert answer.status_code == 201, answer.get_json()
    return str(answer.get_json()["url"])


def test_a_browser_without_a_key_gets_the_enhanced_deck(web: Web) -> None:
    deck_id, job_id = finished_deck(web)
    with_key = web.client.get(f"/api/v1/decks/{deck_id}/enhanced", headers=web.key)
    answer = web.client.get(link_of(web, deck_id, job=job_id))
    assert (answer.status_code, answer.data) == (200, with_key.data)
    assert answer.headers["Content-Disposition"] == with_key.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_link_that_was_changed_opens_nothing(web: Web) -> None:
    deck_id, _ = finished_deck(web)
    url = link_of(web, deck_id)
    folder, _, token = url.partition("=")
    packed, _, signature = token.partition(".")
    text = urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    key_id, expires_s, subject = text.split(".", 2)
    later = f"{key_id}.{int(expires_s) + 9999}.{subject}"
    other = f"{key_id}.{expires_s}.{'0' * 32}.{subject.partition('.')[2]}"
    for words in (later, other):
        forged = urlsafe_b64encode(words.encode()).decode().rstrip("=")
        answer = web.client.get(f"{folder}={forged}.{signature}")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    for nonsense in ("abc", "abc.def", ".", "%00.1", f"{packed}.{'0' * 64}", packed):
        assert web.client.get(f"{folder}={nonsense}").status_code == 404


def test_a_link_dies_with_its_deck_and_with_its_key(web: Web) -> None:
    deck_id, _ = finished_deck(web)
    url = link_of(web, deck_id)
    own = web.client.get("/api/v1/whoami", headers=web.key).get_json()["key_id"]
    other = web.new_key(*Scope)
    web.client.delete(f"/api/v1/keys/{own}", headers=other)
    assert web.client.get(url).status_code == 404
    again = web.client.post(f"/api/v1/decks/{deck_id}/links", headers=other, json={})
    url = again.get_json()["url"]
    assert web.client.get(url).status_code == 200
    web.client.delete(f"/api/v1/decks/{deck_id}", headers=other)
    assert web.client.get(url).status_code == 410


def test_nobody_gets_a_link_to_another_tenants_deck(web: Web) -> None:
    deck_id, _ = finished_deck(web)
    answer = web.client.post(f"/api/v1/decks/{deck_id}/links", headers=web.stranger(), json={})
    assert answer.status_code == 404


@pytest.fixture
def clock() -> list[datetime]:
    return [datetime(2026, 11, 1, tzinfo=UTC)]


def test_a_link_ends_after_its_time(tmp_path: Path, clock: list[datetime]) -> None:
    db = Database(f"sqlite:///{tmp_path / 'db'}", clock=lambda: clock[0])
    db.migrate()
    tenant = create_tenant(db, "owner")
    issued = issue_key(db, tenant, Scope, "pane", expires_at=clock[0] + timedelta(hours=1))
    caller = find_key(db, issued.key)
    assert caller is not None
    link = sign_link(db, caller, "deck.job", lives=timedelta(minutes=15))
    clock[0] += timedelta(minutes=14)
    assert open_link(db, link.token).subject == "deck.job"
    clock[0] += timedelta(minutes=1)
    with pytest.raises(GoneError):
        open_link(db, link.token)
    longer = sign_link(db, caller, "deck.job", lives=timedelta(hours=2))
    clock[0] += timedelta(hours=1)
    with pytest.raises(NotFoundError):
        open_link(db, longer.token)
    revoke_key(db, tenant, issued.id)
    db.dispose()
