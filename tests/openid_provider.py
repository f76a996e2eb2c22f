"""An OpenID provider on this machine, on Authlib's authorization server.

It checks what a real one checks: client and secret, the address to return to, PKCE, a nonce that is
used once; people choose an account on its page. Needs the extra `oidc`.
"""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, Response, jsonify, request
from joserfc.jwk import RSAKey
from markupsafe import Markup
from werkzeug.serving import make_server

CODE_LIVES_S = 60
KEY_ID = "1"


@dataclass
class Person:
    """An account, with what the provider says of it."""

    subject: str
    name: str
    claims: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Client(ClientMixin):  # type: ignore[misc]
    client_id: str
    secret: str
    redirects: tuple[str, ...]

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return self.redirects[0]

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith(self.redirects)

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret, self.secret)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class _Code(AuthorizationCodeMixin):  # type: ignore[misc]
    code: str
    person: Person
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    auth_time: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Provider:
    """One issuer with its accounts and one client."""

    def __init__(self, client_id: str, secret: str, back: tuple[str, ...]) -> None:
        self.people: dict[str, Person] = {}
        self.hints: list[dict[str, str]] = []
        """What the client passed on, newest last."""
        self.url = ""
        self.client = _Client(client_id, secret, back)
        self.key = RSAKey.generate_key(2048, {"kid": KEY_ID})
        self.codes: dict[str, _Code] = {}
        self.nonces: set[str] = set()
        self.app = Flask("openid_provider")
        self._server = AuthorizationServer(
            self.app, self._find_client, lambda _token, _request: None
        )
        provider = self

        class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
            TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]  # noqa: RUF012 - Authlib's

            def save_authorization_code(self, code: str, asked: Any) -> None:
                data = asked.payload.data
                provider.nonces.add(data["nonce"])
                provider.codes[code] = _Code(
                    code,
                    asked.user,
                    asked.payload.redirect_uri,
                    asked.payload.scope,
                    data["nonce"],
                    data["code_challenge"],
                    data["code_challenge_method"],
                )

            def query_authorization_code(self, code: str, _client: Any) -> _Code | None:
                found = provider.codes.get(code)
                late = found is not None and time.time() - found.auth_time > CODE_LIVES_S
                return None if late else found

            def delete_authorization_code(self, authorization_code: _Code) -> None:
                del provider.codes[authorization_code.code]

            def authenticate_user(self, authorization_code: _Code) -> Person:
                return authorization_code.person

        class IdToken(OpenIDCode):  # type: ignore[misc]
            def resolve_client_private_key(self, _client: Any) -> RSAKey:
                return provider.key

            def get_client_claims(self, client: Any) -> dict[str, Any]:
                return {"iss": provider.url, "aud": client.get_client_id()}

            def get_encode_header(self, _client: Any) -> dict[str, str]:
                return {"alg": "RS256", "kid": KEY_ID}

            def exists_nonce(self, nonce: str, _asked: Any) -> bool:
                return nonce in provider.nonces

            def generate_user_info(self, user: Person, _scope: str) -> UserInfo:
                return UserInfo(sub=user.subject, preferred_username=user.name, **user.claims)

        self._server.register_grant(
            CodeGrant, [IdToken(require_nonce=True), CodeChallenge(required=True)]
        )
        self.app.add_url_rule("/.well-known/openid-configuration", view_func=self._about)
        self.app.add_url_rule("/authorize", view_func=self._ask)
        self.app.add_url_rule("/authorize", "allow", self._allow, methods=["POST"])
        self.app.add_url_rule("/token", view_func=self._token, methods=["POST"])
        self.app.add_url_rule("/keys", view_func=self._keys)

    def _find_client(self, client_id: str) -> _Client | None:
        return self.client if client_id == self.client.client_id else None

    def _about(self) -> Response:
        return jsonify(
            issuer=self.url,
            authorization_endpoint=f"{self.url}/authorize",
            token_endpoint=f"{self.url}/token",
            jwks_uri=f"{self.url}/keys",
        )

    def _ask(self) -> Response | str:
        """Show who may sign in."""
        self.hints.append({k: v for k, v in request.args.items() if k.endswith("_hint")})
        try:
            self._server.get_consent_grant(end_user=None)
        except OAuth2Error as error:
            return Response(str(error.description), 400)
        buttons = Markup("").join(
            Markup('<p><button name="who" value="{}">{}</button></p>').format(key, person.name)
            for key, person in self.people.items()
        )
        return Markup("<!doctype html><title>Sign in</title><form method=post>{}</form>").format(
            buttons
        )

    def _allow(self) -> Any:
        """Send the browser back in the name of whoever was chosen."""
        person = self.people[request.form["who"]]
        grant = self._server.get_consent_grant(end_user=person)
        return self._server.create_authorization_response(grant_user=person, grant=grant)

    def _token(self) -> Any:
        return self._server.create_token_response()

    def _keys(self) -> Response:
        return jsonify(keys=[self.key.as_dict(private=False)])


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """Serve the provider while the block runs."""
    server = make_server("127.0.0.1", 0, provider.app, threaded=True)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield provider
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
