"""Cookies by which browsers know us again: their names, paths and attributes, in one place."""

from datetime import timedelta
from typing import Literal

from flask import Response, request


def cookie_name(name: str) -> str:
    """Name a cookie so that under TLS no other host and no plain connection could have set it.

    Browsers keep `__Host-` to the host itself, to all its paths and to TLS (RFC 6265bis, 4.1.3.2).
    """
    return f"__Host-{name}" if request.is_secure else name


def read_cookie(name: str) -> str:
    """Return what a browser keeps under a name; "" for nothing."""
    return request.cookies.get(cookie_name(name), "")


def keep_cookie(
    response: Response,
    name: str,
    value: str,
    *,
    path: str,
    max_age: int | timedelta | None = None,
    same_site: Literal["Lax", "Strict"] = "Lax",
) -> None:
    """Let the browser keep a value that no script may read.

    Args:
        path: below which it is sent back; under TLS to all paths, as its name demands.
        max_age: in seconds; None: until the browser is closed.
        same_site: Lax where it has to come along when another site, such as an issuer, sends the
            browser here.
    """
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=max_age,
        path=_path(path),
        secure=request.is_secure,
        httponly=True,
        samesite=same_site,
    )


def drop_cookie(response: Response, name: str, *, path: str) -> None:
    """Let the browser forget what it keeps under a name."""
    response.delete_cookie(
        cookie_name(name), path=_path(path), secure=request.is_secure, httponly=True
    )


def _path(path: str) -> str:
    return "/" if request.is_secure else path
