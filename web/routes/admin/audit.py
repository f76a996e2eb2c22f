"""Who did what: operators and administrators' keys, of all tenants."""

from flask import render_template, request

from crispdeck.records.people.audit import list_audit
from crispdeck.records.people.tenants import tenant_names
from crispdeck.records.roles import Role
from web.auth import needs_role
from web.engine import engine
from web.routes.admin.site import admin

PAGE = 50  # entries on a page; a guess


@admin.get("/audit")
@needs_role(Role.VIEWER)
def audit_page() -> str:
    """List actions, newest first."""
    after = request.args.get("after", "")
    known = after if len(after) == 32 and after.isalnum() else None
    return render_template(
        "admin/audit.html",
        page=list_audit(engine().db, after=known, limit=PAGE),
        tenants=tenant_names(engine().db),
        is_first=known is None,
    )
