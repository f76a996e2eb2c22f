"""Operators who log in by OpenID Connect, against a real issuer on this machine."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, Response, jsonify, redirect, request
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from crispdeck.records.people.operators import create_operator, list_operators, set_disabled
from crispdeck.records.roles import Role
from tests.web.conftest import Web

requests = pytest.importorskip("requests", reason="needs the extra `oidc`")
jwt = pytest.importorskip("joserfc.jwt", reason="needs the extra `oidc`")
jwk = pytest.importorskip("joserfc.jwk", reason="needs the extra `oidc`")
pytest.importorskip("authlib", reason="needs the extra `oidc`")

CLIENT, SECRET = "crispdeck", "the client's secret"


class Issuer:
    """Lets everybody in as `anna`, and can be told to lie."""

    def __init__(self) -> None:
        self.key = jwk.RSAKey.generate_key(2048, {"kid": "1"})
        self.signing_key = self.key
        self.claims: dict[str, Any] = {}
        self.app = Flask("issuer")
        self.url = ""
        self._asked: dict[str, dict[str, str]] = {}
        self.app.add_url_rule("/.well-known/openid-configuration", view_func=self.about)
        self.app.add_url_rule("/authorize", view_func=self.authorize)
        self.app.add_url_rule("/token", view_func=self.token, methods=["POST"])
        self.app.add_url_rule("/keys", view_func=self.keys)

    def about(self) -> Response:
        return jsonify(
            issuer=self.url,
            authorization_endpoint=f"{self.url}/authorize",
            token_endpoint=f"{self.url}/token",
            jwks_uri=f"{self.url}/keys",
        )

    def authorize(self) -> Any:
        code = secrets.token_urlsafe()
        self._asked[code] = dict(request.args)
        back = request.args["redirect_uri"]
        return redirect(f"{back}?code={code}&state={request.args['state']}")

    def token(self) -> Any:
        asked = self._asked.pop(request.form["code"])
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        login = request.authorization
        if proof != asked["code_challenge"] or login is None or login.password != SECRET:
            return jsonify(error="invalid_grant"), 400
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "4711",
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            "preferred_username": "anna",
        }
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims | self.claims, self.signing_key)
        return jsonify(access_token="x", token_type="Bearer", id_token=signed)

    def keys(self) -> Response:
        return jsonify(keys=[self.key.as_dict(private=False)])


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    server = make_server("127.0.0.1", 0, made.app, threaded=True)
    made.url = f"http://127.0.0.1:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield made
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def site(start_web: Callable[..., Web], issuer: Issuer) -> Web:
    return start_web(
        oidc_issuer=issuer.url,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_new_role="operator",
    )


def sent_back(site: Web) -> str:
    """Begin, and let the issuer send the browser back; return where to."""
    begun = site.client.get("/admin/oidc")
    assert begun.status_code == 303, begun.text
    answer = requests.get(begun.headers["Location"], allow_redirects=False, timeout=10)
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def log_in(site: Web) -> TestResponse:
    return site.client.get(sent_back(site))


def test_who_comes_for_the_first_time_gets_the_role_that_is_set(site: Web) -> None:
    assert log_in(site).headers["Location"] == "/admin/"
    assert "anna" in site.client.get("/admin/").text
    assert log_in(site).status_code == 303
    [anna] = list_operators(site.engine.db)
    assert (anna.name, anna.role) == ("anna", "operator")
    assert anna.subject is not None
    assert anna.subject.endswith(" 4711")


def test_the_login_page_offers_it_only_where_it_is_set_up(site: Web, web: Web) -> None:
    assert "organisation" in site.client.get("/admin/login").text
    assert "organisation" not in web.client.get("/admin/login").text
    assert web.client.get("/admin/oidc").status_code == 404


def test_without_a_role_for_newcomers_nobody_new_is_let_in(
    start_web: Callable[..., Web], issuer: Issuer
) -> None:
    site = start_web(oidc_issuer=issuer.url, oidc_client_id=CLIENT, oidc_client_secret=SECRET)
    answer = log_in(site)
    assert (answer.status_code, "may not log in here" in answer.text) == (403, True)
    assert list_operators(site.engine.db) == []


def test_a_name_opens_nobody_elses_account(site: Web, cheap_passwords: None) -> None:
    create_operator(site.engine.db, "anna", Role.ADMIN)
    answer = log_in(site)
    assert answer.status_code == 409
    assert site.client.get("/admin/").status_code == 303


def test_who_is_shut_out_stays_out(site: Web, cheap_passwords: None) -> None:
    create_operator(site.engine.db, "boss", Role.ADMIN)
    log_in(site)
    anna = next(one for one in list_operators(site.engine.db) if one.name == "anna")
    set_disabled(site.engine.db, anna.id, disabled=True)
    assert log_in(site).status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another program"},
        {"iss": "https://another.example"},
        {"exp": 1_700_000_000},
        {"nonce": "of another log-in"},
        {"sub": None},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_a_token_that_was_not_made_for_this_login_is_refused(
    site: Web, issuer: Issuer, claims: dict[str, Any]
) -> None:
    issuer.claims = claims
    assert log_in(site).status_code == 403
    assert list_operators(site.engine.db) == []


def test_a_token_that_somebody_else_signed_is_refused(site: Web, issuer: Issuer) -> None:
    issuer.signing_key = jwk.RSAKey.generate_key(2048, {"kid": "1"})
    assert log_in(site).status_code == 403


def test_a_login_that_another_browser_began_is_refused(site: Web) -> None:
    back = sent_back(site)
    assert site.app.test_client().get(back).status_code == 403
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert site.client.get(back.replace(state, "guessed")).status_code == 403


def test_an_issuer_that_does_not_answer_is_told_in_words(start_web: Callable[..., Web]) -> None:
    site = start_web(oidc_issuer="http://127.0.0.1:1", oidc_client_id=CLIENT)
    answer = site.client.get("/admin/oidc")
    assert (answer.status_code, "does not answer" in answer.text) == (401, True)
