"""/addin/sign-in: a person connects the task pane by OpenID Connect, in a dialog of Office.

The dialog ends on the pane's own page with a pairing code behind the `#`, which reaches no server
and no log; the pane exchanges it as if it had been typed.
"""

from urllib.parse import quote

from flask import Blueprint, Response, make_response, request, url_for

from crispdeck.errors import CrispdeckError, ForbiddenError, NotFoundError
from crispdeck.records.people import audit
from crispdeck.records.people.pairings import PairingCode, start_pairing
from crispdeck.records.people.sign_ins import sign_in
from crispdeck.records.people.tenants import tenant_called
from web import oidc
from web.auth import public
from web.cookies import drop_cookie, keep_cookie, read_cookie
from web.engine import engine

signing_in = Blueprint("sign_in", __name__, url_prefix="/addin/sign-in")

COOKIE = "crispdeck_pane"
LAST_PAGE = "/addin/signed-in.html"


@signing_in.get("")
@public
def begin() -> Response:
    """Send the dialog to the issuer."""
    if not engine().settings.oidc_pane_tenants:
        raise NotFoundError("Signing in by OpenID Connect is not set up for the task pane here.")
    hints = {name: request.args[name][:200] for name in oidc.HINTS if request.args.get(name)}
    try:
        begun = oidc.begin(engine().settings, _back(), hints)
    except CrispdeckError as error:
        return _last_page("problem", error.code)
    response = _to(begun.address)
    keep_cookie(response, COOKIE, begun.to_cookie(), path="/addin/sign-in", max_age=oidc.LASTS_S)
    return response


@signing_in.get("/back")
@public
def finish() -> Response:
    """Give a code to whom the issuer vouches for, if a rule maps the person to a tenant."""
    try:
        response = _last_page("code", _code().code)
    except CrispdeckError as error:
        response = _last_page("problem", error.code)
    drop_cookie(response, COOKIE, path="/addin/sign-in")
    return response


def _code() -> PairingCode:
    here = engine()
    found = oidc.finish(
        here.settings,
        _back(),
        read_cookie(COOKIE),
        request.args.get("code", ""),
        request.args.get("state", ""),
    )
    tenant = oidc.tenant_for(here.settings, found.claims)
    tenant_id = tenant and tenant_called(here.db, tenant)
    if not tenant_id:
        _note("pairing.sign_in_refused", found, None, tenant or "no rule")
        raise ForbiddenError(f"{found.name} belongs to no tenant of this server.")
    days = here.settings.oidc_pane_days
    person = sign_in(here.db, tenant_id, found.subject, found.name, days=days)
    _note("pairing.sign_in", found, tenant_id, person.key_id)
    return start_pairing(here.db, person)


def _note(action: str, who: oidc.Identity, tenant_id: str | None, target: str) -> None:
    audit.record(
        engine().db,
        actor=f"openid {who.name}",
        action=action,
        target=target,
        tenant_id=tenant_id,
        data={"subject": who.subject},
    )


def _back() -> str:
    return url_for("sign_in.finish", _external=True)


def _last_page(name: str, value: str) -> Response:
    return _to(f"{LAST_PAGE}#{name}={quote(value)}")


def _to(address: str) -> Response:
    response = make_response("", 303)
    response.headers["Location"] = address
    response.headers["Cache-Control"] = "no-store"
    # Office holds on to its dialog through the window that opened it.
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response
