"""An app with an operator of each role, and a browser's worth of cookies for each."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crispdeck.records.people.operators import create_operator
from crispdeck.records.roles import Role
from tests.cheap_passwords import cheap_passwords
from tests.web.conftest import Web, start_web, web

__all__ = ["cheap_passwords", "start_web", "web"]

PASSWORD = "correct horse battery"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class AsRead:
    """The text of a page as it is read: how its source is broken into lines says nothing."""

    @property
    def text(self) -> str:
        whole: str = super().text  # type: ignore[misc]
        return re.sub(r"\s*(</?(?:d[dt]|div|p|tr|t[dh]|h\d)\b)", r"\1", re.sub(r"\s+", " ", whole))


@dataclass(frozen=True)
class Desk:
    """One operator who has logged in."""

    client: FlaskClient
    csrf: str

    def get(self, path: str) -> TestResponse:
        """Look at a page."""
        return self.client.get(f"/admin{path}")

    def post(self, path: str, **fields: object) -> TestResponse:
        """Send a form that the page made."""
        return self.client.post(f"/admin{path}", data={"csrf": self.csrf, **fields})


def form_secret(page: TestResponse) -> str:
    found = CSRF.search(page.text)
    assert found, page.text[:500]
    return found[1]


def log_in(web: Web, name: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """Fill in the form at the door, in the cookies of `web.client`."""
    secret = form_secret(web.client.get("/admin/login"))
    fields = {"csrf": secret, "name": name, "password": password, **more}
    return web.client.post("/admin/login", data=fields)


@pytest.fixture
def desk(web: Web, cheap_passwords: None) -> Callable[[Role], Desk]:
    """Seats an operator of a role, each with cookies of their own."""

    def sit(role: Role) -> Desk:
        create_operator(web.engine.db, role.value, role, password=PASSWORD)
        client = web.app.test_client()
        client.response_wrapper = type("ReadResponse", (AsRead, client.response_wrapper), {})
        secret = form_secret(client.get("/admin/login"))
        fields = {"csrf": secret, "name": role.value, "password": PASSWORD}
        answer = client.post("/admin/login", data=fields)
        assert answer.status_code == 303, answer.text
        return Desk(client, form_secret(client.get("/admin/")))

    return sit
