"""What failed, grouped by code."""

from flask import render_template, request

from crispdeck.records.figures.failures import failure_groups
from crispdeck.records.figures.history import GRIDS, Window
from crispdeck.records.roles import Role
from web.auth import needs_role
from web.engine import engine
from web.routes.admin.site import admin


@admin.get("/failures")
@needs_role(Role.VIEWER)
def failure_list() -> str:
    """List the groups, the most frequent first."""
    asked = request.args.get("window", "")
    window = Window(asked) if asked in set(Window) else Window.DAY
    return render_template(
        "admin/failures.html",
        groups=failure_groups(engine().db, GRIDS[window].length),
        window=window,
        windows=list(Window),
    )
