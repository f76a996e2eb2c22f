"""Links that a browser downloads from by itself: short-lived, of one thing, void with their key."""

import io
import time
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from crispdeck.records.people import download_links
from crispdeck.records.people.keys import Scope, find_key, issue_key, list_keys, revoke_key
from crispdeck.records.people.pairings import finish_pairing, start_pairing
from crispdeck.records.people.tenants import stored_bytes
from crispdeck.records.tables import DerivedFile
from tests.web.conftest import Web, finished_deck, send_deck


def link_to(web: Web, **body: object) -> str:
    answer = web.client.post("/api/v1/downloads", headers=web.key, json=body)
    assert answer.status_code == 201, answer.get_json()
    return str(answer.get_json()["url"])


def test_a_link_gives_the_deck_to_whoever_holds_it(web: Web) -> None:
    deck_id, job_id = finished_deck(web)
    asked = web.client.get(f"/api/v1/decks/{deck_id}/enhanced", headers=web.key)
    given = web.client.get(link_to(web, kind="deck", id=deck_id, job=job_id))
    assert given.data == asked.data
    assert given.headers["Content-Disposition"] == asked.headers["Content-Disposition"]


@pytest.mark.parametrize("kind", ["html", "pptx"])
def test_a_link_gives_a_report(web: Web, kind: str) -> None:
    deck_id, _ = finished_deck(web)
    given = web.client.get(link_to(web, kind="report", id=deck_id, report=kind))
    assert given.status_code == 200
    assert f"talk.crisp.report.{kind}" in given.headers["Content-Disposition"]


def test_a_link_gives_all_decks_of_a_batch(web: Web) -> None:
    batch = web.client.post("/api/v1/batches", headers=web.key, json={}).get_json()["id"]
    send_deck(web, batch=batch)
    given = web.client.get(link_to(web, kind="zip", id=batch))
    with zipfile.ZipFile(io.BytesIO(given.data)) as archive:
        assert archive.namelist() == ["talk.pptx"]


def test_a_link_is_good_for_what_it_was_made_for_alone(web: Web) -> None:
    deck_id, job_id = finished_deck(web)
    other_id, _ = finished_deck(web)
    url = link_to(web, kind="report", id=deck_id, job=job_id)
    for changed in (
        url.replace(deck_id, other_id),
        url.replace("report=html", "report=json"),
        url.replace("/report/", "/deck/"),
        url[:-1] + ("0" if url[-1] != "0" else "1"),
        url.partition("&signature=")[0] + "&signature=x",
    ):
        assert web.client.get(changed).status_code == 401, changed


def test_a_link_grows_old(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    deck_id, _ = finished_deck(web)
    monkeypatch.setattr(download_links, "LIVES", timedelta(seconds=-1))
    answer = web.client.get(link_to(web, kind="deck", id=deck_id))
    assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthenticated")


def test_a_link_is_void_once_its_key_is_revoked(web: Web) -> None:
    deck_id, _ = finished_deck(web)
    url = link_to(web, kind="deck", id=deck_id)
    for key in list_keys(web.engine.db, web.tenant_id):
        revoke_key(web.engine.db, web.tenant_id, key.id)
    assert web.client.get(url).status_code == 401


def test_a_link_ends_with_its_deck_and_no_later_than_its_key(web: Web) -> None:
    deck_id, _ = finished_deck(web)
    url = link_to(web, kind="deck", id=deck_id)
    web.client.delete(f"/api/v1/decks/{deck_id}", headers=web.key)
    assert web.client.get(url).status_code == 410
    deck_id, _ = finished_deck(web)
    soon = datetime.now(UTC) + timedelta(seconds=2)
    short = issue_key(web.engine.db, web.tenant_id, [Scope.DECKS], "short", expires_at=soon)
    header = {"Authorization": f"Bearer {short.key}"}
    answer = web.client.post(
        "/api/v1/downloads", headers=header, json={"kind": "deck", "id": deck_id}
    )
    time.sleep(2.1)
    assert web.client.get(answer.get_json()["url"]).status_code == 401


def test_a_paired_keys_link_is_void_once_the_key_that_paired_it_is_revoked(web: Web) -> None:
    deck_id, _ = finished_deck(web)
    db = web.engine.db
    parent = issue_key(db, web.tenant_id, Scope, "parent")
    maker = find_key(db, parent.key)
    assert maker is not None
    pane = finish_pairing(db, start_pairing(db, maker).code, "pane").issued
    answer = web.client.post(
        "/api/v1/downloads",
        headers={"Authorization": f"Bearer {pane.key}"},
        json={"kind": "deck", "id": deck_id},
    )
    url = answer.get_json()["url"]
    assert web.client.get(url).status_code == 200
    revoke_key(db, web.tenant_id, parent.id)
    assert web.client.get(url).status_code == 401


def reports_of(web: Web) -> list[DerivedFile]:
    with web.engine.db.reading() as session:
        return list(session.scalars(select(DerivedFile)))


def test_of_each_report_one_is_kept_and_counts_as_stored(web: Web) -> None:
    deck_id, job_id = finished_deck(web)
    before = stored_bytes(web.engine.db, web.tenant_id)
    url = f"/api/v1/decks/{deck_id}/report"
    web.client.get(url, headers=web.key)
    (first,) = reports_of(web)
    assert stored_bytes(web.engine.db, web.tenant_id) == before + first.size_bytes
    kept = {"parts": ["ppt/media/image1.png"]}
    web.client.put(f"/api/v1/jobs/{job_id}/kept", headers=web.key, json=kept)
    web.client.get(url, headers=web.key)
    (second,) = reports_of(web)
    assert second.object_key != first.object_key
    assert web.engine.store.size(first.object_key) is None


@pytest.mark.parametrize("damage", [b"", b"not the report"])
def test_a_report_that_was_lost_or_damaged_is_made_once_more(web: Web, damage: bytes) -> None:
    deck_id, _ = finished_deck(web)
    url = f"/api/v1/decks/{deck_id}/report"
    sound = web.client.get(url, headers=web.key).data
    (row,) = reports_of(web)
    if damage:
        web.engine.store.put(row.object_key, io.BytesIO(damage), content_type="text/html")
    else:
        web.engine.store.delete([row.object_key])
    assert len(web.client.get(url, headers=web.key).data) == len(sound)
    (again,) = reports_of(web)
    assert again.object_key != row.object_key


def test_what_a_link_gives_is_kept_by_nobody_on_the_way(web: Web) -> None:
    deck_id, _ = finished_deck(web)
    given = web.client.get(link_to(web, kind="deck", id=deck_id))
    assert given.headers["Cache-Control"] == "private, no-store"


def test_no_link_is_made_to_what_is_not_there_or_not_ones_own(web: Web) -> None:
    deck_id = send_deck(web)
    body = {"kind": "deck", "id": deck_id}
    unfinished = web.client.post("/api/v1/downloads", headers=web.key, json=body)
    assert unfinished.status_code == 404
    strange = web.client.post("/api/v1/downloads", headers=web.stranger(), json=body)
    assert strange.status_code == 404
    reader = web.new_key(Scope.JOBS_READ)
    assert web.client.post("/api/v1/downloads", headers=reader, json=body).status_code == 403


def test_a_report_is_made_once_and_again_only_when_the_deck_is_another(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck_id, job_id = finished_deck(web)
    url = f"/api/v1/decks/{deck_id}/report"
    first = web.client.get(url, headers=web.key).data
    monkeypatch.setattr("crispdeck.services.reports._made", lambda *_: pytest.fail("made again"))
    assert web.client.get(url, headers=web.key).data == first
    monkeypatch.undo()
    kept = {"parts": ["ppt/media/image1.png"]}
    web.client.put(f"/api/v1/jobs/{job_id}/kept", headers=web.key, json=kept)
    assert web.client.get(url, headers=web.key).data != first
