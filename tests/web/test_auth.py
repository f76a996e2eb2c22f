"""Who may do what: every route is asked without a key, with a poor key and by a stranger."""

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.routing import Rule

from crispdeck.records.people.keys import Scope, revoke_key
from crispdeck.records.people.webhooks import add_webhook
from tests.web.conftest import Headers, Web, finished_deck
from web.auth import CLOSED, guard_of

PUBLIC = {
    "about.privacy",
    "about.support",
    "about.terms",
    "addin.about",
    "page.index",
    "pairings.ways",
    "static",
    "page.review",
    "system.healthz",
    "system.readyz",
    "system.metrics",
    "system.openapi_document",
    "system.problem_kind",
    "system.problem_kinds",
}
# Public, but what they answer depends on the body, or on whether the task pane was built.
PUBLIC_WITH = {
    "addin.json_manifest": {200, 404},
    "addin.package": {200, 404},
    "addin.pane_file": {200, 404},
    "addin.package_for_all": {200, 404},
    "addin.xml_manifest": {200, 404},
    "addin.xml_manifest_for_all": {200, 404},
    "downloads.download": {422},
    "pairings.exchange": {422},
    "sign_in.begin": {404},
    "sign_in.finish": {303},
}
SEES_NO_ID = {
    "batches.all_batches",
    "batches.new_batch",
    "uploads.begin_upload",
    "decks.all_decks",
    "decks.create_deck",
    "decks.create_sample_deck",
    "downloads.make_link",  # sees it in its body: tests/web/routes/test_downloads.py
    "jobs.all_jobs",
    "keys.all_keys",
    "keys.audit_log",
    "keys.create_key",
    "pairings.create_pairing",
    "pictures.create_picture",
    "swaps.create_revert",
    "swaps.create_swap",
    "swaps.known",
    "swaps.look_before_revert",
    "swaps.original_thumbnail",  # original_unknown: tests/web/routes/test_reverts.py
    "system.limits",
    "system.whoami",
    "webhooks.all_webhooks",
    "webhooks.create_webhook",
}


def asks(web: Web) -> Iterator[tuple[str, str, Rule]]:
    """Every method and address of the app, with ids of things that the owner really has."""
    deck_id, job_id = finished_deck(web)
    job = web.client.get(f"/api/v1/jobs/{job_id}", headers=web.key).get_json()
    key_id = web.client.get("/api/v1/whoami", headers=web.key).get_json()["key_id"]
    upload = web.client.post("/api/v1/uploads", headers=web.key | {"Upload-Length": "9"})
    batch = web.client.post("/api/v1/batches", headers=web.key, json={})
    batch_id = batch.get_json()["id"]
    review = web.client.post(f"/api/v1/batches/{batch_id}/reviews", headers=web.key, json={})
    values = {
        "upload_id": upload.get_json()["id"],
        "batch_id": batch_id,
        "deck_id": deck_id,
        "job_id": job_id,
        "picture_id": job["pictures"][0]["id"],
        "key_id": key_id,
        "review_id": review.get_json()["id"],
        "webhook_id": add_webhook(web.engine.db, web.tenant_id, "https://a.test/", []).id,
        "sha256": "0" * 64,
        "kind": "deck",
        "id": deck_id,
        "number": 1,
        "code": "not_found",
        "filename": "page.js",
        "name": "taskpane.html",
    }
    adapter = web.app.url_map.bind("localhost")
    for rule in web.app.url_map.iter_rules():
        if rule.endpoint.startswith("admin."):
            continue  # by session and role, not by key: tests/web/routes/admin
        wanted = {name: values[name] for name in rule.arguments}
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield method, adapter.build(rule.endpoint, wanted, method=method), rule


def fitting(rule: Rule) -> dict[str, Any]:
    """What a request must carry so that only its caller is wrong."""
    if rule.endpoint == "uploads.add_to_upload":
        offset = {"Upload-Offset": "0"}
        return {"headers": offset, "content_type": "application/offset+octet-stream", "data": b"x"}
    if rule.endpoint == "reviews.review_verdict":
        return {"json": {"is_accepted": True}}
    if rule.endpoint in {"jobs.keep", "reviews.review_kept"}:
        return {"json": {"parts": []}}
    return {"json": {}} if (rule.methods or set()) & {"POST", "PUT"} else {}


def test_no_route_but_the_listed_ones_answers_without_a_key(web: Web) -> None:
    for method, url, rule in asks(web):
        answer = web.client.open(url, method=method, buffered=True)
        if rule.endpoint in PUBLIC | PUBLIC_WITH.keys():
            assert answer.status_code in PUBLIC_WITH.get(rule.endpoint, {200}), url
        else:
            assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthenticated"), url


def test_a_stranger_finds_nothing_of_the_owners_under_any_route(web: Web) -> None:
    stranger = web.stranger()
    for method, url, rule in asks(web):
        if rule.endpoint in PUBLIC | PUBLIC_WITH.keys() | SEES_NO_ID:
            continue
        sent = fitting(rule)
        sent["headers"] = stranger | sent.get("headers", {})
        answer = web.client.open(url, method=method, **sent)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found"), url


def test_a_strangers_lists_are_empty(web: Web) -> None:
    finished_deck(web)
    stranger = web.stranger()
    for url in ("/api/v1/decks", "/api/v1/jobs", "/api/v1/audit"):
        assert web.client.get(url, headers=stranger).get_json()["items"] == []
    assert len(web.client.get("/api/v1/keys", headers=stranger).get_json()["items"]) == 1


def test_a_key_without_the_scope_is_forbidden_on_every_route_that_needs_one(web: Web) -> None:
    keys = {scope: web.new_key(scope) for scope in Scope if scope is not Scope.ADMIN}
    for method, url, rule in asks(web):
        guard = guard_of(web.app, rule.endpoint)
        for scope, key in keys.items():
            if guard.public or guard.admits(frozenset({scope})):
                continue
            answer = web.client.open(url, method=method, headers=key)
            assert (answer.status_code, answer.get_json()["code"]) == (403, "forbidden"), url


def test_every_route_says_what_it_needs(web: Web) -> None:
    for rule in web.app.url_map.iter_rules():
        guard = guard_of(web.app, rule.endpoint)
        if rule.endpoint.startswith("admin."):
            continue
        assert guard.public == (rule.endpoint in PUBLIC | PUBLIC_WITH.keys()), rule.endpoint
        if guard is CLOSED:
            pytest.fail(f"{rule.endpoint} is not marked by @needs or @public")


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer cd_",
        "Bearer cd_nope_nope",
        "Bearer \u00e9",
        "Basic dXNlcjpwYXNz",
        "cd_abc_def",
    ],
)
def test_what_is_no_key_opens_nothing(web: Web, header: str) -> None:
    answer = web.client.get("/api/v1/whoami", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_key_opens_nothing_from_then_on(web: Web) -> None:
    key: Headers = web.new_key(Scope.DECKS)
    who = web.client.get("/api/v1/whoami", headers=key).get_json()
    revoke_key(web.engine.db, web.tenant_id, who["key_id"])
    assert web.client.get("/api/v1/whoami", headers=key).status_code == 401


def test_keys_are_issued_listed_revoked_and_audited(web: Web) -> None:
    made = web.client.post(
        "/api/v1/keys", headers=web.key, json={"name": "add-in", "scopes": ["pictures"]}
    )
    assert made.status_code == 201
    key = {"Authorization": f"Bearer {made.get_json()['key']}"}
    assert web.client.get("/api/v1/whoami", headers=key).get_json()["scopes"] == ["pictures"]
    listed = web.client.get("/api/v1/keys", headers=web.key)
    assert "add-in" in [item["name"] for item in listed.get_json()["items"]]
    assert made.get_json()["key"].rsplit("_", 1)[1] not in listed.text
    url = f"/api/v1/keys/{made.get_json()['id']}"
    assert web.client.delete(url, headers=web.key).status_code == 204
    assert web.client.get("/api/v1/whoami", headers=key).status_code == 401
    actions = web.client.get("/api/v1/audit", headers=web.key).get_json()["items"]
    assert [item["action"] for item in actions] == ["key.revoke", "key.issue"]
    assert {item["target"] for item in actions} == {made.get_json()["id"]}


def test_a_key_for_pictures_has_no_say_in_the_jobs_of_decks(web: Web) -> None:
    deck_id, job_id = finished_deck(web)
    picture = web.client.get(f"/api/v1/jobs/{job_id}", headers=web.key).get_json()["pictures"][0]
    result = f"/api/v1/jobs/{job_id}/pictures/{picture['id']}/result"
    key = web.new_key(Scope.PICTURES)
    for method, path in (
        ("GET", f"/api/v1/jobs/{job_id}"),
        ("GET", f"/api/v1/jobs/{job_id}/events"),
        ("GET", f"/api/v1/jobs/{job_id}/stream"),
        ("POST", f"/api/v1/jobs/{job_id}/cancel"),
        ("POST", f"/api/v1/jobs/{job_id}/retry"),
        ("GET", result),
        ("GET", result.replace("result", "thumbnail")),
    ):
        answer = web.client.open(path, method=method, headers=key)
        assert answer.status_code == 403, (method, path)
    assert web.client.get("/api/v1/jobs", headers=key).get_json()["items"] == []
    assert deck_id


def test_a_key_that_looks_at_jobs_takes_no_pictures(web: Web) -> None:
    _deck_id, job_id = finished_deck(web)
    key = web.new_key(Scope.JOBS_READ)
    seen = web.client.get(f"/api/v1/jobs/{job_id}", headers=key)
    assert seen.status_code == 200
    picture = seen.get_json()["pictures"][0]["id"]
    for what in ("result", "thumbnail"):
        path = f"/api/v1/jobs/{job_id}/pictures/{picture}/{what}"
        assert web.client.get(path, headers=key).status_code == 403
    assert web.client.post(f"/api/v1/jobs/{job_id}/cancel", headers=key).status_code == 403
