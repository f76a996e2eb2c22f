"""The blueprint of the operators' pages: its headers, its errors, and what every page shows."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from crispdeck.errors import CrispdeckError, LimitReachedError, NotFoundError
from crispdeck.records.roles import Role
from web.auth import public
from web.problems import title_of
from web.routes.admin.words import FILTERS

log = logging.getLogger(__name__)

admin = Blueprint("admin", __name__, url_prefix="/admin")

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
FORM = "application/x-www-form-urlencoded"

PAGES = (
    ("admin.overview", "Overview", Role.VIEWER),
    ("admin.job_list", "Jobs", Role.VIEWER),
    ("admin.worker_list", "Workers", Role.VIEWER),
    ("admin.failure_list", "Failures", Role.VIEWER),
    ("admin.tenant_list", "Tenants", Role.VIEWER),
    ("admin.system_page", "System", Role.VIEWER),
    ("admin.audit_page", "Audit", Role.VIEWER),
    ("admin.operator_list", "Operators", Role.ADMIN),
)
"""The way around: endpoint, name, and the role that it is shown to."""


@admin.record_once
def _add_filters(state: Any) -> None:
    state.app.jinja_env.filters.update(FILTERS)


@admin.after_request
def _secure(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = POLICY
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _here(endpoint: str, address: str) -> str:
    """Return what aria-current says of a page: it is shown, or one that lies under it, or not."""
    if request.endpoint == endpoint:
        return "page"
    return "true" if request.path.startswith(f"{address}/") else ""


@admin.context_processor
def _what_every_page_shows() -> dict[str, Any]:
    session_operator = g.get("session_operator")
    pages = [
        (address := url_for(endpoint), name, _here(endpoint, address))
        for endpoint, name, role in PAGES
        if session_operator is not None and session_operator.role.covers(role)
    ]

    def may(role: str) -> bool:
        return session_operator is not None and session_operator.role.covers(Role(role))

    return {
        "session_operator": session_operator,
        "pages": pages,
        "may": may,
        "now": lambda: datetime.now(UTC),
    }


@admin.errorhandler(CrispdeckError)
def _of_ours(error: CrispdeckError) -> Response:
    if error.status >= 500:
        log.error("%s: %s", error.code, error.message, exc_info=error)
    headers = {}
    if isinstance(error, LimitReachedError):
        headers["Retry-After"] = str(error.retry_after_s)
    title = title_of(type(error))
    if isinstance(error, NotFoundError):
        title = "It does not exist."  # operators belong to no tenant
    return _error_page(error.status, title, error.message, error.code, headers)


@admin.errorhandler(HTTPException)
def _of_http(error: HTTPException) -> Response:
    return _error_page(error.code or 500, error.name, error.description or "", "")


@admin.errorhandler(Exception)
def _of_anything(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    words = "The error is in the log under this request's id."
    return _error_page(500, "Something broke inside Crispdeck.", words, CrispdeckError.code)


def _error_page(
    status: int, title: str, words: str, code: str, headers: Mapping[str, str] | None = None
) -> Response:
    page = render_template(
        "admin/error.html",
        status=status,
        title=title,
        words=words,
        code=code,
        request_id=g.get("request_id", ""),
    )
    response = make_response(page, status)
    response.headers.update(headers or {})
    return response


@admin.get("/<path:unknown>")
@public
def not_found(unknown: str) -> Response:
    """Say that nothing is here, as a page."""
    raise NotFoundError(f"There is no page /admin/{unknown}.")


def go_to(endpoint: str, **values: Any) -> Response:
    """Answer a form: look at another page now."""
    response = redirect(url_for(endpoint, **values), 303)
    assert isinstance(response, Response)  # noqa: S101 - werkzeug's type is wider than Flask's
    return response


def field(name: str, *, longest: int = 300) -> str:
    """Return a field of the form, without blanks around it and without NULs."""
    return request.form.get(name, "").replace("\x00", "").strip()[:longest]
