"""The audit log is filtered, and as a table it calculates nothing."""

import csv
import io
from collections.abc import Callable

import pytest

from crispdeck.records.people.audit import record
from crispdeck.records.roles import Role
from tests.web.conftest import Web
from tests.web.routes.admin.conftest import Desk
from web.routes.admin import audit

Sit = Callable[[Role], Desk]


def fill(web: Web) -> None:
    for number in range(5):
        record(
            web.engine.db,
            actor=f"operator {number}",
            action="job.cancel" if number % 2 else "key.issue",
            target=f"=cmd|{number}",
            data={"n": number},
            tenant_id=web.tenant_id,
        )


def test_the_log_is_filtered_by_kind_tenant_and_text(web: Web, desk: Sit) -> None:
    fill(web)
    me = desk(Role.VIEWER)
    page = me.get("/audit?action=job.").text
    assert "operator 1" in page
    assert "operator 2" not in page
    page = me.get(f"/audit?tenant={web.tenant_id}&text=cmd|2").text
    assert "operator 2" in page
    assert "operator 1" not in page
    assert "Nothing matches." in me.get("/audit?text=%25").text


def test_the_table_holds_all_that_matches_and_no_formula(
    web: Web, desk: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "CSV_PAGE", 2)
    fill(web)
    answer = desk(Role.VIEWER).client.get("/admin/audit.csv?text=cmd")
    assert "audit.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == list(audit.COLUMNS)
    assert [row[2] for row in rows[1:]] == [f"operator {number}" for number in range(4, -1, -1)]
    assert {row[3][:2] for row in rows[1:]} == {"'="}


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_would_calculate_is_quoted(start: str) -> None:
    assert audit.safe_cell(start) == f"'{start}"


def test_a_plain_cell_stays() -> None:
    assert audit.safe_cell("job.cancel") == "job.cancel"
