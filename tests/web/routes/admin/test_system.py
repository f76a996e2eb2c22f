"""The system page hides secrets."""

from collections.abc import Callable

import pytest

from crispdeck.records.figures.last_runs import SWEEP, note_run
from crispdeck.records.roles import Role
from tests.web.conftest import Web


def test_the_system_hides_secrets_and_tells_where_a_setting_comes_from(
    start_web: Callable[..., Web], cheap_passwords: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crispdeck.records.people.operators import create_operator
    from tests.web.routes.admin.conftest import PASSWORD, log_in

    monkeypatch.setenv("CRISPDECK_PORT", "8000")
    web = start_web(s3_access_key="name", s3_secret_key="very-secret-indeed", retention_days=3.0)
    create_operator(web.engine.db, "anna", Role.VIEWER, password=PASSWORD)
    note_run(web.engine.db, SWEEP, worker="cpu@host:1", took_s=0.25, announced=3, deleted=1)
    log_in(web, "anna")
    page = web.client.get("/admin/system").text
    assert "very-secret-indeed" not in page
    assert "(set, hidden)" in page
    rows = {
        name: page.split(f"<code>CRISPDECK_{name}</code>")[1].split("</tr>")[0]
        for name in ("RETENTION_DAYS", "PORT", "LEASE_S", "MAX_DECK_BYTES")
    }
    assert all(word in rows["RETENTION_DAYS"] for word in ("3.0", "default 7.0", ">program<"))
    assert ">environment<" in rows["PORT"], "set, if only to what it is anyway"
    assert ">default<" in rows["LEASE_S"]
    assert "209,715,200 (210 MB)" in rows["MAX_DECK_BYTES"]
    assert "cpu@host:1" in page
    assert page.count("answered in") == 3
