"""Operators are made by operators."""

import re
from collections.abc import Callable

from crispdeck.records.roles import Role
from tests.web.conftest import Web
from tests.web.routes.admin.conftest import Desk

Sit = Callable[[Role], Desk]


def test_an_operator_is_made_and_can_log_in_with_what_is_shown(web: Web, desk: Sit) -> None:
    from tests.web.routes.admin.conftest import log_in

    page = desk(Role.ADMIN).post("/operators", name="bert", role="operator")
    password = re.search(r'id="secret">([^<]+)<', page.text)
    assert password is not None
    assert log_in(web, "bert", password[1]).status_code == 303
