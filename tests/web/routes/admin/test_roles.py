"""Every route of /admin and every role: who may, who may not, and what leaves a trace."""

from collections.abc import Callable, Iterator

import pytest
from werkzeug.routing import Rule

from crispdeck.records.people.audit import list_audit
from crispdeck.records.people.operators import create_operator
from crispdeck.records.people.webhooks import WebhookEvent, add_webhook, send_test
from crispdeck.records.roles import Role
from tests.web.conftest import Web, finished_deck
from tests.web.routes.admin.conftest import PASSWORD, Desk, form_secret
from web.auth import guard_of

V, O, A = Role.VIEWER, Role.OPERATOR, Role.ADMIN  # noqa: E741 - a table reads better so

RULES: dict[tuple[str, str], Role | None] = {
    ("GET", "admin.log_in_page"): None,
    ("POST", "admin.log_in_form"): None,
    ("GET", "admin.begin_oidc"): None,
    ("GET", "admin.finish_oidc"): None,
    ("GET", "admin.not_found"): None,
    ("POST", "admin.log_out"): V,
    ("GET", "admin.account"): V,
    ("POST", "admin.change_password"): V,
    ("POST", "admin.end_others"): V,
    ("GET", "admin.overview"): V,
    ("GET", "admin.figures_json"): V,
    ("GET", "admin.job_list"): V,
    ("POST", "admin.act_in_bulk"): O,
    ("GET", "admin.job_page"): V,
    ("POST", "admin.act_on_one"): O,
    ("POST", "admin.retry_one_picture"): O,
    ("GET", "admin.picture_file"): V,
    ("GET", "admin.worker_list"): V,
    ("POST", "admin.drain_worker"): O,
    ("POST", "admin.resume_worker"): O,
    ("GET", "admin.failure_list"): V,
    ("GET", "admin.tenant_list"): V,
    ("POST", "admin.new_tenant"): A,
    ("GET", "admin.tenant_page"): V,
    ("POST", "admin.change_limits"): A,
    ("POST", "admin.new_key"): A,
    ("POST", "admin.remove_key"): A,
    ("GET", "admin.webhook_page"): V,
    ("POST", "admin.new_webhook"): A,
    ("POST", "admin.try_webhook"): O,
    ("POST", "admin.send_delivery_again"): O,
    ("POST", "admin.remove_webhook"): A,
    ("GET", "admin.system_page"): V,
    ("GET", "admin.audit_page"): V,
    ("GET", "admin.audit_csv"): V,
    ("POST", "admin.pause"): O,
    ("POST", "admin.resume"): O,
    ("GET", "admin.operator_list"): A,
    ("POST", "admin.new_operator"): A,
    ("POST", "admin.reset_password"): A,
    ("POST", "admin.change_role"): A,
    ("POST", "admin.open_or_close"): A,
}
"""Who may, at least; None: everybody. A route that is not in here fails the tests below."""

NEW_PASSWORD = "maple orbit thistle"
FIELDS: dict[str, dict[str, object]] = {
    "admin.act_in_bulk": {"action": "retry", "job": "0" * 32},
    "admin.act_on_one": {"action": "delete"},
    "admin.change_password": {
        "old": "correct horse battery",
        "new": NEW_PASSWORD,
        "again": NEW_PASSWORD,
    },
    "admin.drain_worker": {"node": "upscale@host"},
    "admin.resume_worker": {"node": "upscale@host"},
    "admin.new_tenant": {"name": "another"},
    "admin.change_limits": {"max_open_jobs": "5"},
    "admin.new_key": {"name": "add-in", "scope": "decks"},
    "admin.pause": {"queue": "bulk"},
    "admin.resume": {"queue": "bulk"},
    "admin.new_webhook": {"url": "https://example.org/", "event": "job.done"},
    "admin.new_operator": {"name": "new one", "role": "viewer"},
    "admin.change_role": {"role": "viewer"},
    "admin.open_or_close": {"disabled": "1"},
}


def routes(web: Web) -> Iterator[tuple[str, Rule]]:
    for rule in web.app.url_map.iter_rules():
        if rule.endpoint.startswith("admin."):
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                yield method, rule


@pytest.fixture
def addresses(web: Web, cheap_passwords: None) -> dict[str, str]:
    """One address for each endpoint, with ids of things that are there."""
    _, job_id = finished_deck(web)
    job = web.client.get(f"/api/v1/jobs/{job_id}", headers=web.key).get_json()
    key_id = web.client.get("/api/v1/whoami", headers=web.key).get_json()["key_id"]
    spare = create_operator(web.engine.db, "spare", Role.VIEWER)
    events = [WebhookEvent.JOB_DONE]
    webhook_id = add_webhook(web.engine.db, web.tenant_id, "https://example.org/", events).id
    values = {
        "job_id": job_id,
        "picture_id": job["pictures"][0]["id"],
        "tenant_id": web.tenant_id,
        "key_id": key_id,
        "operator_id": spare.id,
        "webhook_id": webhook_id,
        "delivery_id": send_test(web.engine.db, web.tenant_id, webhook_id),
        "which": "after",
        "unknown": "nowhere",
    }
    adapter = web.app.url_map.bind("localhost")
    found = {}
    for method, rule in routes(web):
        wanted = {name: values[name] for name in rule.arguments}
        found[rule.endpoint] = adapter.build(rule.endpoint, wanted, method=method)
    return found


def test_every_route_has_a_rule_and_keeps_to_it(web: Web) -> None:
    found = {
        (method, rule.endpoint): guard_of(web.app, rule.endpoint) for method, rule in routes(web)
    }
    assert set(found) == set(RULES), "give the new route a rule in this table"
    assert {key: guard.role for key, guard in found.items()} == RULES
    assert {key for key, guard in found.items() if guard.public} == {
        key for key, role in RULES.items() if role is None
    }


def test_who_has_not_logged_in_is_sent_to_the_door(web: Web, addresses: dict[str, str]) -> None:
    for (method, endpoint), role in RULES.items():
        if role is None:
            continue
        answer = web.client.open(addresses[endpoint], method=method)
        assert answer.status_code == 303, endpoint
        assert answer.headers["Location"].startswith("/admin/login?next=/admin/"), endpoint


def test_an_api_key_opens_no_page_of_operators(web: Web, addresses: dict[str, str]) -> None:
    for (method, endpoint), role in RULES.items():
        if role is not None:
            answer = web.client.open(addresses[endpoint], method=method, headers=web.key)
            assert answer.status_code == 303, endpoint


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_what_it_may_and_nothing_else(
    web: Web, desk: Callable[[Role], Desk], addresses: dict[str, str], role: Role
) -> None:
    me = desk(role)
    # What ends the session comes last.
    last = {"admin.remove_webhook", "admin.log_out", "admin.change_password", "admin.end_others"}
    for (method, endpoint), needed in sorted(RULES.items(), key=lambda rule: rule[0][1] in last):
        if needed is None:
            continue
        fields = {"csrf": me.csrf, **FIELDS.get(endpoint, {})} if method == "POST" else None
        answer = me.client.open(addresses[endpoint], method=method, data=fields)
        if role.covers(needed):
            assert answer.status_code not in {401, 403, 500}, (endpoint, answer.text)
        else:
            assert answer.status_code == 403, endpoint
            assert f"needs the role {needed.value}" in answer.text
        if endpoint in last - {"admin.remove_webhook"} and role.covers(needed):
            me = desk_again(web, role, endpoint)


def desk_again(web: Web, role: Role, endpoint: str) -> Desk:
    password = NEW_PASSWORD if endpoint == "admin.change_password" else PASSWORD
    client = web.app.test_client()
    for attempt in (password, PASSWORD, NEW_PASSWORD):
        secret = form_secret(client.get("/admin/login"))
        fields = {"csrf": secret, "name": role.value, "password": attempt}
        if client.post("/admin/login", data=fields).status_code == 303:
            return Desk(client, form_secret(client.get("/admin/")))
    raise AssertionError("the door stays shut")


def test_a_form_without_the_sessions_secret_does_nothing(
    web: Web, desk: Callable[[Role], Desk], addresses: dict[str, str]
) -> None:
    me = desk(Role.ADMIN)
    before = len(list_audit(web.engine.db, limit=100).items)
    for (method, endpoint), role in RULES.items():
        if method == "POST" and role is not None:
            for fields in ({}, {"csrf": "guessed"}):
                given = {**FIELDS.get(endpoint, {}), **fields}
                answer = me.client.post(addresses[endpoint], data=given)
                assert answer.status_code == 403, endpoint
    assert len(list_audit(web.engine.db, limit=100).items) == before


def test_a_form_that_another_site_sends_does_nothing(
    desk: Callable[[Role], Desk], addresses: dict[str, str]
) -> None:
    me = desk(Role.ADMIN)
    answer = me.client.post(
        addresses["admin.new_tenant"],
        data={"csrf": me.csrf, "name": "x"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403


def test_every_action_leaves_a_trace(
    web: Web, desk: Callable[[Role], Desk], addresses: dict[str, str]
) -> None:
    web.worker.fails = True
    _, failed = finished_deck(web)
    picture = web.client.get(f"/api/v1/jobs/{failed}", headers=web.key).get_json()["pictures"][0]
    addresses["admin.retry_one_picture"] = f"/admin/jobs/{failed}/pictures/{picture['id']}/retry"
    me = desk(Role.ADMIN)
    last = {"admin.remove_webhook", "admin.log_out", "admin.change_password", "admin.end_others"}
    for (method, endpoint), role in sorted(RULES.items(), key=lambda rule: rule[0][1] in last):
        if method != "POST" or role is None:
            continue
        before = len(list_audit(web.engine.db, limit=200).items)
        fields = {"csrf": me.csrf, **FIELDS.get(endpoint, {})}
        answer = me.client.post(addresses[endpoint], data=fields)
        assert answer.status_code in {200, 201, 303}, (endpoint, answer.text)
        after = list_audit(web.engine.db, limit=200).items
        assert len(after) == before + 1, endpoint
        assert after[0].actor == "operator admin", endpoint
        if endpoint in last - {"admin.remove_webhook"}:
            me = desk_again(web, Role.ADMIN, endpoint)


def test_no_page_needs_a_script_or_a_style_of_its_own(
    desk: Callable[[Role], Desk], addresses: dict[str, str]
) -> None:
    me = desk(Role.ADMIN)
    for method, endpoint in RULES:
        if method != "GET" or endpoint in {
            "admin.figures_json",
            "admin.picture_file",
            "admin.audit_csv",
        }:
            continue
        page = me.client.get(addresses[endpoint])
        policy = page.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        for inline in ("<style", "style=", "onclick", "javascript:", "<script>"):
            assert inline not in page.text, (endpoint, inline)
