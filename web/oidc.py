"""OpenID Connect for operators and task panes: the authorization code flow with PKCE, by Authlib.

Off unless CRISPDECK_OIDC_ISSUER is set; needs the extra `oidc`. Sources: OpenID Connect Core 1.0,
sections 3.1.2 and 3.1.3.7 (what of an ID token must be checked), RFC 7636 (PKCE).
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crispdeck.errors import ForbiddenError, SettingsError, UnauthenticatedError
from crispdeck.settings import Settings

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

SCOPE = "openid profile email"
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Never `none`, and no shared secret: who can check such a token could also make one."""
TIMEOUT_S = 10  # for each call to the provider; somebody is waiting before a screen. A guess
LEEWAY_S = 30  # by so much the provider's clock may differ; a guess
LASTS_S = 600  # ten minutes to sign in elsewhere, then a cookie of ours has gone; a guess


@dataclass(frozen=True)
class Begun:
    """A log-in on its way: what the browser has to bring back."""

    address: str
    state: str
    nonce: str
    verifier: str

    def to_cookie(self) -> str:
        """Write what has to be remembered until the browser is back."""
        return f"{self.state}.{self.nonce}.{self.verifier}"


@dataclass(frozen=True)
class Identity:
    """Who the issuer says it is."""

    subject: str
    """`<issuer> <sub>`: the only thing that never changes hands."""
    name: str
    claims: Mapping[str, Any] = field(default_factory=dict)
    """All that the issuer says of it: tenant, groups, roles …"""


HINTS = ("login_hint", "domain_hint")
"""What may be passed on to the issuer, so that it need not ask who comes (OpenID Connect Core 1.0,
section 3.1.2.1; `domain_hint` is Microsoft Entra's)."""


def tenant_for(settings: Settings, claims: Mapping[str, Any]) -> str | None:
    """Return the tenant to which the settings map an identity; None if no rule fits it."""
    for rule in settings.oidc_pane_tenants.split():
        wanted, _, tenant = rule.rpartition(":")
        name, _, value = wanted.partition("=")
        held = claims.get(name)
        values = held if isinstance(held, list) else [held]
        if wanted == "*" or value in {str(each) for each in values if each is not None}:
            return tenant
    return None


def begin(settings: Settings, back: str, hints: Mapping[str, str] | None = None) -> Begun:
    """Prepare a log-in at the issuer; `back` is our address that the browser returns to.

    Raises:
        SettingsError: the extra `oidc` is not installed.
        UnauthenticatedError: the issuer does not answer.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    address, _ = _session(settings, back).create_authorization_url(
        _discovered(settings)["authorization_endpoint"],
        state=state,
        nonce=nonce,
        code_verifier=verifier,
        **(hints or {}),
    )
    return Begun(address, state, nonce, verifier)


def finish(settings: Settings, back: str, cookie: str, code: str, state: str) -> Identity:
    """Exchange what the browser brought back for who it is.

    Raises:
        ForbiddenError: it is not the log-in that was begun here, or the token is not good.
        UnauthenticatedError: the issuer does not answer, or refuses.
    """
    kept_state, _, rest = cookie.partition(".")
    nonce, _, verifier = rest.partition(".")
    # The state ties the answer to this browser: without it somebody could log a victim in as
    # himself.
    if not kept_state or not secrets.compare_digest(kept_state.encode(), state.encode()):
        raise ForbiddenError("This log-in was not begun in this browser. Begin it again.")
    from authlib.integrations.base_client import OAuthError
    from requests import RequestException

    about = _discovered(settings)
    try:
        token = _session(settings, back).fetch_token(
            about["token_endpoint"], code=code, code_verifier=verifier, timeout=TIMEOUT_S
        )
        keys = _get(about["jwks_uri"])
    except (OAuthError, RequestException, ValueError) as error:
        raise UnauthenticatedError(
            "The log-in provider refused this log-in. Begin it again."
        ) from error
    claims = _checked(settings, str(token.get("id_token", "")), keys, nonce)
    name = claims.get("preferred_username") or claims.get("email") or claims["sub"]
    return Identity(f"{settings.oidc_issuer} {claims['sub']}"[:300], str(name)[:100], claims)


def _checked(settings: Settings, token: str, keys: Any, nonce: str) -> dict[str, Any]:
    """Return the claims of an ID token that was made for us, now, for this very log-in."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    wanted = jwt.JWTClaimsRegistry(
        now=int(time.time()),
        leeway=LEEWAY_S,
        # OpenID Connect Core 1.0, 3.1.3.7: made by this issuer, for us, not expired, for this
        # log-in.
        iss={"essential": True, "value": settings.oidc_issuer},
        aud={"essential": True, "value": settings.oidc_client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        wanted.validate(decoded.claims)
    except (JoseError, ValueError, KeyError) as error:
        raise ForbiddenError(
            "The log-in provider's answer cannot be trusted. Begin it again."
        ) from error
    return dict(decoded.claims)


def _session(settings: Settings, back: str) -> "OAuth2Session":
    try:
        from authlib.integrations.requests_client import OAuth2Session
    except ImportError as error:
        raise SettingsError("OpenID Connect needs the extra: crispdeck[web,oidc].") from error
    return OAuth2Session(
        settings.oidc_client_id,
        settings.oidc_client_secret,
        scope=SCOPE,
        redirect_uri=back,
        code_challenge_method="S256",
    )


def _discovered(settings: Settings) -> dict[str, str]:
    """Ask the issuer for its addresses (OpenID Connect Discovery 1.0, section 4)."""
    address = settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration"
    try:
        found: dict[str, str] = _get(address)
    except (OSError, ValueError) as error:  # requests' own errors are OSErrors
        raise UnauthenticatedError("The log-in provider does not answer.") from error
    # Discovery 1.0, 4.3: else a redirect could put another provider in its place.
    if found.get("issuer") != settings.oidc_issuer:
        raise UnauthenticatedError(
            "The log-in provider has another address than CRISPDECK_OIDC_ISSUER says."
        )
    return found


def _get(address: str) -> Any:
    import requests

    answer = requests.get(address, timeout=TIMEOUT_S)
    answer.raise_for_status()
    return answer.json()
