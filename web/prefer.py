"""The Prefer header (RFC 7240): how long a caller would like to wait; no waiting here."""

import re

from flask import Response, request

MAX_WAIT_S = 30  # below the 60 s after which common proxies give a request up

_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,6})\"?\s*(?=[,;]|$)", re.IGNORECASE)


def wait_preference() -> int | None:
    """Return the seconds asked for, at most MAX_WAIT_S; None when the caller does not say."""
    found = _WAIT.search(",".join(request.headers.getlist("Prefer")))
    return min(int(found.group(1)), MAX_WAIT_S) if found else None


def applied(response: Response, wait_s: int | None) -> Response:
    """Say that the preference was followed, and that the answer depends on it."""
    if wait_s is not None:
        response.headers["Preference-Applied"] = f"wait={wait_s}"
    response.vary.add("Prefer")
    return response
