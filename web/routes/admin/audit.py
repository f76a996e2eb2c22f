"""Who did what: operators and administrators' keys, of all tenants."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request

from crispdeck.records.people.audit import audit_actions, list_audit
from crispdeck.records.people.tenants import tenant_names
from crispdeck.records.people.values import AuditRecord
from crispdeck.records.roles import Role
from crispdeck.storage import content_disposition
from web.auth import needs_role
from web.engine import engine
from web.routes.admin.site import admin
from web.schemas.requests import is_id

PAGE = 50  # entries on a page; a guess
CSV_PAGE = 500  # rows that one query of the file reads; a guess
CSV_MOST = 100_000
"""Rows of a file, the newest: a spreadsheet takes a million, nobody waits so long."""
COLUMNS = ("at", "action", "actor", "target", "tenant", "data")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet calculate instead of show (OWASP, CSV injection)."""


@dataclass(frozen=True)
class AuditQuery:
    """A filter as it stands in the address."""

    fields: dict[str, str]
    """Those that are set."""

    @classmethod
    def of_request(cls) -> "AuditQuery":
        """Read it; a tenant that is none counts as left out."""
        given = {
            name: text
            for name in ("tenant", "action", "text")
            if (text := request.args.get(name, "").replace("\x00", "").strip()[:300])
        }
        if not is_id(given.get("tenant", "")):
            given.pop("tenant", None)
        return cls(given)

    def page(self, after: str | None, limit: int) -> Any:
        """Read a page of what matches."""
        return list_audit(
            engine().db,
            after=after,
            limit=limit,
            tenant_id=self.fields.get("tenant"),
            action=self.fields.get("action", ""),
            text=self.fields.get("text", ""),
        )


@admin.get("/audit")
@needs_role(Role.VIEWER)
def audit_page() -> str:
    """List actions, newest first."""
    after, asked = request.args.get("after", ""), AuditQuery.of_request()
    known = after if is_id(after) else None
    return render_template(
        "admin/audit.html",
        page=asked.page(known, PAGE),
        tenants=tenant_names(engine().db),
        actions=audit_actions(engine().db),
        asked=asked.fields,
        is_first=known is None,
    )


@admin.get("/audit.csv")
@needs_role(Role.VIEWER)
def audit_csv() -> Response:
    """Give all that matches as a table for spreadsheets."""
    # Read before the answer begins: a generator would run without the request.
    rows = list(_rows(AuditQuery.of_request()))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    response = Response("\ufeff" + out.getvalue(), mimetype="text/csv")  # Excel reads UTF-8 by it
    response.headers["Content-Disposition"] = content_disposition("audit.csv")
    return response


def safe_cell(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _rows(asked: AuditQuery) -> Iterator[tuple[str, ...]]:
    names, after, count = tenant_names(engine().db), None, 0
    while count < CSV_MOST:
        page = asked.page(after, CSV_PAGE)
        for entry in page.items:
            count += 1
            yield _cells(entry, names)
        after = page.next_after
        if after is None:
            return


def _cells(entry: AuditRecord, names: dict[str, str]) -> tuple[str, ...]:
    tenant = names.get(entry.tenant_id or "", entry.tenant_id or "")
    data = json.dumps(entry.data, ensure_ascii=False, sort_keys=True) if entry.data else ""
    return (entry.at.isoformat(), entry.action, entry.actor, entry.target, tenant, data)
