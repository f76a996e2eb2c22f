"""Failures are grouped by code."""

from collections.abc import Callable

from crispdeck.records.roles import Role
from tests.web.conftest import Web, finished_deck
from tests.web.routes.admin.conftest import Desk

Sit = Callable[[Role], Desk]


def test_failures_are_grouped_by_code(web: Web, desk: Sit) -> None:
    web.worker.fails = True
    finished_deck(web)
    page = desk(Role.VIEWER).get("/failures?window=1h").text
    assert "upscale_failed" in page
    assert "2 pictures" in page
    assert "Told to fail." in page
