"""The tenants: what each uses and may use, and their API keys."""

from dataclasses import fields
from typing import Any

from flask import Response, make_response, render_template, request

from crispdeck.errors import InvalidRequestError, NotFoundError
from crispdeck.records.people.keys import GIVEN_SCOPES, Scope, issue_key, list_keys, revoke_key
from crispdeck.records.people.tenant_limits import OwnAllowances, own_allowances, set_allowances
from crispdeck.records.people.tenants import create_tenant, tenant_uses
from crispdeck.records.roles import Role
from web.admin_sessions import note
from web.auth import needs_role
from web.bodies import takes
from web.engine import engine
from web.routes.admin.site import FORM, admin, field, go_to

MEBIBYTE = 2**20  # bytes
LIMITS = {
    "max_open_jobs": ("Unfinished jobs at once", "0: no limit", 1),
    "max_storage_bytes": ("Storage in MiB", "0: no limit", MEBIBYTE),
    "requests_per_minute": ("Requests a minute, per key", "0: no limit", 1),
    "retention_days": ("Days until deletion", "of what is handed in from now on", 1),
    "weight": ("Weight in the queue", "turns for each turn of another tenant", 1),
}
"""Name, hint, and by how much the form's number is multiplied."""
EVEN = 1.0
"""The weight of who has none of its own."""


@admin.get("/tenants")
@needs_role(Role.VIEWER)
def tenant_list() -> str:
    """List the tenants with what they use."""
    return render_template(
        "admin/tenants.html", uses=tenant_uses(engine().db), settings=engine().settings
    )


@admin.post("/tenants")
@needs_role(Role.ADMIN)
@takes(FORM)
def new_tenant() -> Response:
    """Make a tenant."""
    name = field("name", longest=201)
    if not 1 <= len(name) <= 200:
        raise InvalidRequestError("A tenant's name has 1 to 200 letters.")
    tenant_id = create_tenant(engine().db, name)
    note("tenant.create", tenant_id, tenant_id=tenant_id, name=name)
    return go_to("admin.tenant_page", tenant_id=tenant_id)


@admin.get("/tenants/<id:tenant_id>")
@needs_role(Role.VIEWER)
def tenant_page(tenant_id: str) -> str:
    """Show a tenant's limits and keys."""
    return _page(tenant_id)


def _page(tenant_id: str, *, key: str = "", error: str = "") -> str:
    here = engine()
    use = next((use for use in tenant_uses(here.db) if use.id == tenant_id), None)
    if use is None:
        raise NotFoundError(f"There is no tenant {tenant_id}.")
    own = own_allowances(here.db, tenant_id)
    return render_template(
        "admin/tenant.html",
        use=use,
        keys=list_keys(here.db, tenant_id),
        scopes=[scope.value for scope in GIVEN_SCOPES],
        limits=[_limit(name, getattr(own, name)) for name in LIMITS],
        key=key,
        error=error,
        did=request.args.get("did", ""),
    )


def _limit(name: str, value: float | None) -> dict[str, Any]:
    words, hint, unit = LIMITS[name]
    default = EVEN if name == "weight" else getattr(engine().settings, name) / unit
    return {
        "name": name,
        "words": words,
        "hint": hint,
        "value": "" if value is None else f"{value / unit:g}",
        "default": f"{default:g}",
    }


@admin.post("/tenants/<id:tenant_id>/limits")
@needs_role(Role.ADMIN)
@takes(FORM)
def change_limits(tenant_id: str) -> Response:
    """Set what holds for this tenant; an empty field means: as the settings say."""
    try:
        own = OwnAllowances(**{item.name: _number(item.name) for item in fields(OwnAllowances)})
        set_allowances(engine().db, tenant_id, own)
    except InvalidRequestError as error:
        return make_response(_page(tenant_id, error=error.message), 422)
    changed = {item.name: getattr(own, item.name) for item in fields(own)}
    note("tenant.limits", tenant_id, tenant_id=tenant_id, **changed)
    return go_to("admin.tenant_page", tenant_id=tenant_id, did="limits")


def _number(name: str) -> Any:
    text, (words, _, unit) = field(name, longest=30), LIMITS[name]
    if not text:
        return None
    try:
        value = float(text) * unit
    except ValueError:
        value = float("nan")
    if not abs(value) < 2**53:
        raise InvalidRequestError(f"{words}: {text!r} is not a number.", fields={name: "a number"})
    return value if name in {"retention_days", "weight"} else int(value)


@admin.post("/tenants/<id:tenant_id>/keys")
@needs_role(Role.ADMIN)
@takes(FORM)
def new_key(tenant_id: str) -> Response:
    """Issue a key; it is shown in this answer and never again."""
    name = field("name", longest=200) or "key"
    scopes = [Scope(scope) for scope in request.form.getlist("scope") if scope in GIVEN_SCOPES]
    if not scopes:
        return make_response(_page(tenant_id, error="Tick at least one scope."), 422)
    issued = issue_key(engine().db, tenant_id, scopes, name)
    words = sorted(scope.value for scope in scopes)
    note("key.issue", issued.id, tenant_id=tenant_id, name=name, scopes=words)
    return make_response(_page(tenant_id, key=issued.key), 201)


@admin.post("/tenants/<id:tenant_id>/keys/<id:key_id>/revoke")
@needs_role(Role.ADMIN)
@takes(FORM)
def remove_key(tenant_id: str, key_id: str) -> Response:
    """Make a key invalid."""
    revoke_key(engine().db, tenant_id, key_id)
    note("key.revoke", key_id, tenant_id=tenant_id)
    return go_to("admin.tenant_page", tenant_id=tenant_id, did="revoked")
