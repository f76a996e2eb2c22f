"""Logging in and out, and an operator's own account."""

import hmac
import secrets

from flask import Response, make_response, render_template, request, url_for

from crispdeck.errors import ForbiddenError, InvalidRequestError, LimitReachedError, NotFoundError
from crispdeck.records.people import audit
from crispdeck.records.people.operators import operator_of_subject, set_password
from crispdeck.records.people.sessions import (
    end_other_sessions,
    end_session,
    list_sessions,
    log_in,
    open_session,
    prove,
)
from crispdeck.records.roles import Role
from crispdeck.settings import Settings
from web import oidc
from web.admin_sessions import (
    give_cookie,
    note,
    own_path,
    session_operator,
    take_cookie,
)
from web.auth import needs_role, public
from web.bodies import takes
from web.cookies import drop_cookie, keep_cookie, read_cookie
from web.engine import engine
from web.routes.admin.site import FORM, admin, field, go_to

OIDC_COOKIE = "crispdeck_oidc"
DOOR_COOKIE = "crispdeck_door"
"""Proves that the log-in form came from here: other sites can neither read nor set it."""


@admin.get("/login")
@public
def log_in_page() -> Response:
    """Show the form."""
    return _form(own_path(request.args.get("next", "")), status=200)


@admin.post("/login")
@public
@takes(FORM)
def log_in_form() -> Response:
    """Open a session."""
    sent, kept = request.form.get("csrf", ""), read_cookie(DOOR_COOKIE)
    if not kept or not hmac.compare_digest(sent.encode(), kept.encode()):
        raise ForbiddenError("This form is too old. Go back, reload the page and try again.")
    name, address = field("name", longest=100), request.remote_addr or "unknown"
    opened = log_in(engine().db, name, request.form.get("password", ""), address=address)
    _note_login(name, address, good=opened is not None)
    if opened is None:
        return _form(own_path(field("next")), status=401, name=name)
    response = make_response("", 303)
    response.headers["Location"] = own_path(field("next"))
    drop_cookie(response, DOOR_COOKIE, path="/admin")
    return give_cookie(response, opened.token)


def _form(next_path: str, *, status: int, name: str = "") -> Response:
    secret = read_cookie(DOOR_COOKIE) or secrets.token_urlsafe(32)
    page = render_template(
        "admin/login.html",
        csrf=secret,
        next=next_path,
        name=name,
        refused=status == 401,
        with_oidc=bool(engine().settings.oidc_issuer),
    )
    response = make_response(page, status)
    keep_cookie(response, DOOR_COOKIE, secret, path="/admin", same_site="Strict")
    return response


def _note_login(name: str, address: str, *, good: bool) -> None:
    audit.record(
        engine().db,
        actor=f"operator {name}",
        action="operator.login" if good else "operator.login_refused",
        target=name,
        data={"address": address},
    )


@admin.get("/oidc")
@public
def begin_oidc() -> Response:
    """Send the browser to the issuer."""
    settings = _with_oidc()
    begun = oidc.begin(settings, url_for("admin.finish_oidc", _external=True))
    response = make_response("", 303)
    response.headers["Location"] = begun.address
    keep_cookie(response, OIDC_COOKIE, begun.to_cookie(), path="/admin/oidc", max_age=oidc.LASTS_S)
    return response


@admin.get("/oidc/back")
@public
def finish_oidc() -> Response:
    """Open a session for whom the issuer vouches for."""
    settings, address = _with_oidc(), request.remote_addr or "unknown"
    found = oidc.finish(
        settings,
        url_for("admin.finish_oidc", _external=True),
        read_cookie(OIDC_COOKIE),
        request.args.get("code", ""),
        request.args.get("state", ""),
    )
    role = Role(settings.oidc_new_role) if settings.oidc_new_role else None
    operator = operator_of_subject(engine().db, found.subject, found.name, role)
    _note_login(operator.name if operator else found.name, address, good=operator is not None)
    if operator is None:
        raise ForbiddenError(f"{found.name} may not log in here. Ask an administrator.")
    opened = open_session(engine().db, operator, address=address)
    response = make_response("", 303)
    response.headers["Location"] = "/admin/"
    drop_cookie(response, OIDC_COOKIE, path="/admin/oidc")
    return give_cookie(response, opened.token)


def _with_oidc() -> Settings:
    settings = engine().settings
    if not settings.oidc_issuer:
        raise NotFoundError("OpenID Connect is not set up here.")
    return settings


@admin.post("/logout")
@needs_role(Role.VIEWER)
@takes(FORM)
def log_out() -> Response:
    """End this log-in."""
    note("operator.logout", session_operator().name)
    end_session(engine().db, session_operator().token_sha256)
    return take_cookie(go_to("admin.log_in_page"))


@admin.get("/account")
@needs_role(Role.VIEWER)
def account() -> str:
    """Show the own sessions, and a form for another password."""
    return _account()


def _account(error: str = "") -> str:
    return render_template(
        "admin/account.html",
        sessions=list_sessions(engine().db, session_operator().operator_id),
        error=error,
        changed="changed" in request.args,
        ended="ended" in request.args,
    )


@admin.post("/account/password")
@needs_role(Role.VIEWER)
@takes(FORM)
def change_password() -> Response:
    """Set another password; every other session ends."""
    db, me = engine().db, session_operator()
    old, new = request.form.get("old", ""), request.form.get("new", "")
    address = request.remote_addr or "unknown"
    try:
        found = prove(db, me.name, old, address=address)
    except LimitReachedError as error:
        note("operator.password_refused", me.name, address=address)
        return make_response(_account(error.message), error.status)
    if found is None:
        note("operator.password_refused", me.name, address=address)
        return make_response(_account("The present password is not right."), 422)
    if new != request.form.get("again", ""):
        return make_response(_account("The two new passwords differ."), 422)
    try:
        set_password(db, me.operator_id, new)
    except InvalidRequestError as error:
        return make_response(_account(error.message), 422)
    note("operator.password", me.name)
    opened = open_session(db, found, address=address)
    return give_cookie(go_to("admin.account", changed=1), opened.token)


@admin.post("/account/sessions/end")
@needs_role(Role.VIEWER)
@takes(FORM)
def end_others() -> Response:
    """Log out everywhere else."""
    end_other_sessions(engine().db, session_operator())
    note("operator.end_sessions", session_operator().name)
    return go_to("admin.account", ended=1)
