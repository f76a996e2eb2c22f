"""The operators themselves: made, given another role or password, shut out; by admins only."""

from collections.abc import Callable

from flask import Response, make_response, render_template, request

from crispdeck.errors import ConflictError, InvalidRequestError
from crispdeck.records.people.operators import (
    create_operator,
    get_operator,
    list_operators,
    set_disabled,
    set_password,
    set_role,
)
from crispdeck.records.roles import Role
from web.admin_sessions import note
from web.auth import needs_role
from web.bodies import takes
from web.engine import engine
from web.routes.admin.site import FORM, admin, field, go_to


@admin.get("/operators")
@needs_role(Role.ADMIN)
def operator_list() -> str:
    """List the operators."""
    return _page()


def _page(*, error: str = "", name: str = "", password: str = "") -> str:
    return render_template(
        "admin/operators.html",
        operators=list_operators(engine().db),
        roles=[role.value for role in Role],
        error=error,
        shown_name=name,
        shown_password=password,
        did=request.args.get("did", ""),
    )


@admin.post("/operators")
@needs_role(Role.ADMIN)
@takes(FORM)
def new_operator() -> Response:
    """Make an operator; the password is shown in this answer and never again."""
    try:
        created = create_operator(engine().db, field("name", longest=101), _role())
    except (ConflictError, InvalidRequestError) as error:
        return make_response(_page(error=error.message), error.status)
    note("operator.create", created.name, role=_role().value)
    return make_response(_page(name=created.name, password=created.password), 201)


@admin.post("/operators/<id:operator_id>/password")
@needs_role(Role.ADMIN)
@takes(FORM)
def reset_password(operator_id: str) -> Response:
    """Give an operator another password, shown once; all sessions of theirs end."""
    found = get_operator(engine().db, operator_id)
    password = set_password(engine().db, operator_id)
    note("operator.reset_password", found.name)
    return make_response(_page(name=found.name, password=password))


@admin.post("/operators/<id:operator_id>/role")
@needs_role(Role.ADMIN)
@takes(FORM)
def change_role(operator_id: str) -> Response:
    """Change what an operator may do."""
    found, role = get_operator(engine().db, operator_id), _role()

    def change() -> None:
        set_role(engine().db, operator_id, role)
        note("operator.role", found.name, role=role.value)

    return _changed(change)


@admin.post("/operators/<id:operator_id>/door")
@needs_role(Role.ADMIN)
@takes(FORM)
def open_or_close(operator_id: str) -> Response:
    """Shut an operator out, or let them in again."""
    found, disabled = get_operator(engine().db, operator_id), field("disabled") == "1"

    def change() -> None:
        set_disabled(engine().db, operator_id, disabled=disabled)
        note("operator.disable" if disabled else "operator.enable", found.name)

    return _changed(change)


def _changed(change: Callable[[], None]) -> Response:
    try:
        change()
    except ConflictError as error:
        return make_response(_page(error=error.message), error.status)
    return go_to("admin.operator_list", did="changed")


def _role() -> Role:
    text = field("role")
    return Role(text) if text in set(Role) else Role.VIEWER
