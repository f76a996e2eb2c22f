"""Operators at the door of /admin: their cookie, their role, and forms that only we can have made.

The cookie holds a random token and nothing else; the session is a row. SameSite keeps it from
travelling with other sites' forms, and each form carries the session's own secret besides.
"""

import hmac
import re
from typing import Any
from urllib.parse import urlsplit

from flask import Response, g, redirect, request, url_for
from werkzeug.exceptions import BadRequest

from crispdeck.errors import ForbiddenError, UnauthenticatedError
from crispdeck.records.people import audit
from crispdeck.records.people.sessions import LIVES, SessionOperator, find_session
from crispdeck.records.roles import Role
from web.cookies import drop_cookie, keep_cookie, read_cookie
from web.engine import engine

COOKIE = "crispdeck_operator"
PATH = "/admin"
FORM_BYTES = 256 << 10  # of any form of operators: a page of ticked jobs; a guess
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def identify() -> None:
    """Look the session up; refuse nothing yet."""
    token = read_cookie(COOKIE)
    g.session_operator = find_session(engine().db, token) if token else None


def session_operator() -> SessionOperator:
    """Return the operator of this request; only in views that ask for a role."""
    found: SessionOperator | None = g.get("session_operator")
    if found is None:
        raise UnauthenticatedError("Log in first.")
    return found


def admit(role: Role) -> Response | None:
    """Let in who may be here; send to the log-in who has no session.

    Raises:
        ForbiddenError: the role is too low, or the form was not made by us for this log-in.
    """
    found: SessionOperator | None = g.get("session_operator")
    if found is None:
        return _to_log_in()
    if not found.role.covers(role):
        raise ForbiddenError(
            f"This needs the role {role.value}; {found.name} has {found.role.value}."
        )
    if request.method not in SAFE:
        check_form(found.csrf)
    return None


def check_form(secret: str) -> None:
    """Refuse a form that does not carry this secret, or that another site sent.

    Raises:
        ForbiddenError: it is not ours.
    """
    request.max_content_length = FORM_BYTES
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    given = request.form.get("csrf", "")
    if site not in {"same-origin", "none"} or not hmac.compare_digest(
        given.encode(), secret.encode()
    ):
        raise ForbiddenError("This form is too old. Go back, reload the page and try again.")


def give_cookie(response: Response, token: str) -> Response:
    """Let the browser keep the token of a session that was just opened."""
    keep_cookie(response, COOKIE, token, path=PATH, max_age=LIVES)
    return response


def take_cookie(response: Response) -> Response:
    """Let the browser forget it."""
    drop_cookie(response, COOKIE, path=PATH)
    return response


def own_path(wanted: str) -> str:
    """Return where to go after the log-in: an address under /admin, never another site's.

    Raises:
        BadRequest: it holds what would end a header.
    """
    if _CONTROLS.search(wanted):
        raise BadRequest("The address to go on to holds control characters.")
    parts = urlsplit(wanted)
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith(f"{PATH}/")
    return wanted if is_ours and "\\" not in wanted else f"{PATH}/"


def note(action: str, target: str, *, tenant_id: str | None = None, **data: Any) -> None:
    """Write into the audit log what the operator of this request has done."""
    audit.record(
        engine().db,
        actor=f"operator {session_operator().name}",
        action=action,
        target=target,
        data=data,
        tenant_id=tenant_id,
    )


def _to_log_in() -> Response:
    here = request.full_path.rstrip("?") if request.method in SAFE else f"{PATH}/"
    address = url_for("admin.log_in_page", next=here)
    if "HX-Request" in request.headers:
        # A region that refreshes itself must not be filled with the log-in page.
        came_from = urlsplit(request.headers.get("HX-Current-URL", ""))
        address = url_for("admin.log_in_page", next=own_path(came_from.path))
        return Response(status=401, headers={"HX-Redirect": address})
    response = redirect(address, 303)
    assert isinstance(response, Response)  # noqa: S101 - werkzeug's type is wider than Flask's
    return response
