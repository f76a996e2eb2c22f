"""The Prefer header: how long a caller would like to wait (RFC 7240, 4.3)."""

import pytest
from flask import Flask, Response

from web.prefer import MAX_WAIT_S, applied, wait_preference


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("wait=5", 5),
        ("respond-async, wait=7", 7),
        ('WAIT = "8"', 8),
        ("wait=100000", MAX_WAIT_S),
        ("wait=0", 0),
        ("wait=-1", None),
        ("wait=many", None),
        ("await=5", None),
        ("", None),
    ],
)
def test_the_wait_is_read_however_it_is_written(header: str, seconds: int | None) -> None:
    with Flask(__name__).test_request_context(headers={"Prefer": header}):
        assert wait_preference() == seconds


def test_what_was_followed_is_said_and_the_answer_depends_on_the_header() -> None:
    followed, plain = applied(Response(), 5), applied(Response(), None)
    assert followed.headers["Preference-Applied"] == "wait=5"
    assert "Preference-Applied" not in plain.headers
    assert "Prefer" in followed.vary
    assert "Prefer" in plain.vary
