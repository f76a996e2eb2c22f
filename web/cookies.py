"""Names of cookies, by which browsers keep them to this host."""

from flask import request


def cookie_name(name: str) -> str:
    """Name a cookie so that under TLS no other host and no plain connection could have set it.

    Browsers keep `__Host-` to the host itself, to all its paths and to TLS (RFC 6265bis, 4.1.3.2).
    """
    return f"__Host-{name}" if request.is_secure else name


def cookie_path(path: str) -> str:
    """Return the path of a cookie that is named by `cookie_name`."""
    return "/" if request.is_secure else path
