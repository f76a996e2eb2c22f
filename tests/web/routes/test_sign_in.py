"""People connect the task pane by OpenID Connect, against a provider on this machine."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crispdeck.records.people.keys import Scope, create_tenant, list_keys, revoke_key
from tests.web.conftest import Web

requests = pytest.importorskip("requests", reason="needs the extra `oidc`")
pytest.importorskip("authlib", reason="needs the extra `oidc`")

from tests.openid_provider import Person, Provider, running  # noqa: E402 - needs the extra

CLIENT, SECRET = "crispdeck", "the client's secret"
RULES = "tid=4f0c:acme roles=Crispdeck.User:guests"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Provider]:
    made = Provider(CLIENT, SECRET, ("/addin/sign-in/back",))
    made.people = {
        "anna": Person("4711", "anna@acme.test", {"tid": "4f0c"}),
        "bert": Person("4712", "bert@other.test", {"roles": ["Other", "Crispdeck.User"]}),
        "eve": Person("4713", "eve@other.test", {"tid": "9999", "roles": ["Other"]}),
    }
    with running(made):
        yield made


@pytest.fixture
def provider(issuer: Provider) -> Provider:
    """The issuer, with nothing asked of it yet."""
    issuer.hints.clear()
    return issuer


@pytest.fixture
def site(start_web: Callable[..., Web], provider: Provider) -> Web:
    web = start_web(
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_pane_tenants=RULES,
        oidc_pane_days=7.0,
    )
    for name in ("acme", "guests"):
        create_tenant(web.engine.db, name)
    return web


def sign_in(site: Web, who: str, query: str = "") -> dict[str, str]:
    """Go the way of the dialog; return what the last page has behind its `#`."""
    begun = site.client.get(f"/addin/sign-in{query}")
    assert begun.status_code == 303, begun.text
    with requests.Session() as browser:
        asked = browser.get(begun.headers["Location"], timeout=10)
        assert asked.status_code == 200, asked.text
        allowed = browser.post(asked.url, data={"who": who}, allow_redirects=False, timeout=10)
    parts = urlsplit(allowed.headers["Location"])
    end = site.client.get(f"{parts.path}?{parts.query}")
    assert end.status_code == 303, end.text
    assert end.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    path, _, fragment = end.headers["Location"].partition("#")
    assert path == "/addin/signed-in.html"
    return {name: values[0] for name, values in parse_qs(fragment).items()}


def connect(site: Web, who: str) -> dict[str, Any]:
    """Sign in and exchange the code, as the pane does; return whoami of the new key."""
    code = sign_in(site, who)["code"]
    made = site.client.post("/api/v1/pairings/exchange", json={"code": code, "name": "PC"})
    key = {"Authorization": f"Bearer {made.get_json()['key']}"}
    found: dict[str, str] = site.client.get("/api/v1/whoami", headers=key).get_json()
    return found


def test_the_rules_decide_to_which_tenant_a_person_comes(site: Web) -> None:
    names = {"anna": "acme", "bert": "guests"}
    tenants = {who: connect(site, who) for who in names}
    for who, name in names.items():
        assert [key.name for key in list_keys(site.engine.db, tenants[who]["tenant_id"])][1] == "PC"
        assert tenants[who]["scopes"] == ["decks", "pictures"], name
    assert tenants["anna"]["tenant_id"] != tenants["bert"]["tenant_id"]


def test_whom_no_rule_fits_is_not_let_in(site: Web) -> None:
    assert sign_in(site, "eve") == {"problem": "forbidden"}


def test_a_tenant_that_is_not_there_lets_nobody_in(
    start_web: Callable[..., Web], provider: Provider
) -> None:
    site = start_web(
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_pane_tenants="*:nowhere",
    )
    assert sign_in(site, "anna") == {"problem": "forbidden"}


def test_the_key_ends_with_the_sign_in_and_another_one_renews_it(site: Web) -> None:
    tenant = connect(site, "anna")["tenant_id"]
    connect(site, "anna")
    person, *panes = list_keys(site.engine.db, tenant)
    assert (person.scopes, len(panes)) == ((Scope.CONNECT,), 2)
    assert "anna@acme.test" in person.name
    lives = [key.expires_at - key.created_at for key in panes if key.expires_at is not None]
    assert [each.days in {6, 7} for each in lives] == [True, True]
    assert person.expires_at == panes[-1].expires_at


def test_who_was_shut_out_stays_out(site: Web) -> None:
    tenant = connect(site, "anna")["tenant_id"]
    person, _ = list_keys(site.engine.db, tenant)
    revoke_key(site.engine.db, tenant, person.id)
    assert sign_in(site, "anna") == {"problem": "forbidden"}


def test_signing_in_is_audited_with_the_subject(site: Web) -> None:
    tenant = connect(site, "anna")["tenant_id"]
    admin = site.new_key(Scope.ADMIN, tenant_id=tenant)
    exchange, entry = site.client.get("/api/v1/audit", headers=admin).get_json()["items"]
    assert exchange["action"] == "pairing.exchange"
    assert (entry["action"], entry["actor"]) == ("pairing.sign_in", "openid anna@acme.test")
    assert entry["data"]["subject"].endswith(" 4711")


def test_hints_are_passed_on_and_nothing_else(site: Web, provider: Provider) -> None:
    sign_in(site, "anna", "?domain_hint=acme.test&login_hint=anna&prompt=none&client_id=evil")
    assert provider.hints == [{"domain_hint": "acme.test", "login_hint": "anna"}]


def test_a_sign_in_that_another_browser_began_is_refused(site: Web) -> None:
    begun = site.client.get("/addin/sign-in")
    with requests.Session() as browser:
        asked = browser.get(begun.headers["Location"], timeout=10)
        allowed = browser.post(asked.url, data={"who": "anna"}, allow_redirects=False, timeout=10)
    parts = urlsplit(allowed.headers["Location"])
    answer = site.app.test_client().get(f"{parts.path}?{parts.query}")
    assert answer.headers["Location"] == "/addin/signed-in.html#problem=forbidden"


def test_an_issuer_that_is_away_is_told_on_the_last_page(start_web: Callable[..., Web]) -> None:
    site = start_web(
        oidc_issuer="http://127.0.0.1:1", oidc_client_id=CLIENT, oidc_pane_tenants="*:acme"
    )
    answer = site.client.get("/addin/sign-in")
    assert answer.headers["Location"] == "/addin/signed-in.html#problem=unauthenticated"


def test_the_pane_is_told_whether_it_is_set_up(site: Web, web: Web) -> None:
    told = [each.client.get("/api/v1/pairings/ways").get_json() for each in (site, web)]
    assert told == [{"sign_in": True}, {"sign_in": False}]
    assert web.client.get("/addin/sign-in").status_code == 404


def test_a_key_to_connect_makes_codes_and_does_nothing_else(web: Web) -> None:
    key = web.new_key(Scope.CONNECT)
    code = web.client.post("/api/v1/pairings", headers=key).get_json()["code"]
    made = web.client.post("/api/v1/pairings/exchange", json={"code": code})
    pane = {"Authorization": f"Bearer {made.get_json()['key']}"}
    assert web.client.get("/api/v1/whoami", headers=pane).get_json()["scopes"] == [
        "decks",
        "pictures",
    ]
    for path in ("/api/v1/decks", "/api/v1/jobs", "/api/v1/keys"):
        assert web.client.get(path, headers=key).status_code == 403
