"""`crispdeck operator`: who may log in at /admin, on the machine that holds the records."""

import click

from crispdeck.cli.console import messages, results
from crispdeck.cli.records import open_records
from crispdeck.cli.tables import new_table
from crispdeck.cli.user import user_name
from crispdeck.records.database import Database
from crispdeck.records.people import audit
from crispdeck.records.people.operators import (
    create_operator,
    find_operator,
    list_operators,
    set_disabled,
    set_password,
)
from crispdeck.records.roles import Role

_ASK = click.option("--ask", is_flag=True, help="Ask for a password instead of making one.")


@click.group()
def command() -> None:
    """Make, list and disable the operators who may log in at /admin."""


@command.command()
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.VIEWER.value,
    show_default=True,
    help="viewer: reads; operator: cancels, retries, deletes, drains too; admin: all.",
)
@_ASK
def new(name: str, role: str, *, ask: bool) -> None:
    """Make an operator called NAME and show the password, this once only."""
    database = open_records()
    created = create_operator(database, name, Role(role), password=_asked() if ask else None)
    # The password first: nothing that fails afterwards may take it away.
    _show(created.password, asked=ask)
    _note(database, "operator.create", created.name, role=role)


@command.command()
@click.argument("name")
@_ASK
def password(name: str, *, ask: bool) -> None:
    """Give NAME another password; all sessions of NAME end."""
    database = open_records()
    found = find_operator(database, name)
    chosen = set_password(database, found.id, _asked() if ask else None)
    _show(chosen, asked=ask)
    _note(database, "operator.reset_password", name)


@command.command("list")
def list_all() -> None:
    """List all operators."""
    table = new_table()
    for heading in ("Name", "Role", "Last log-in", "State"):
        table.add_column(heading, overflow="fold")
    for one in list_operators(open_records()):
        seen = one.last_login_at.strftime("%Y-%m-%d %H:%M") if one.last_login_at else "never"
        table.add_row(one.name, one.role, seen, "disabled" if one.disabled_at else "may log in")
    results().print(table)


@command.command()
@click.argument("name")
def disable(name: str) -> None:
    """Disable NAME; all sessions of NAME end."""
    _door(name, disabled=True)


@command.command()
@click.argument("name")
def enable(name: str) -> None:
    """Let NAME log in again."""
    _door(name, disabled=False)


def _door(name: str, *, disabled: bool) -> None:
    database = open_records()
    set_disabled(database, find_operator(database, name).id, disabled=disabled)
    _note(database, "operator.disable" if disabled else "operator.enable", name)
    messages().print(
        f"{name} {'may no longer log in' if disabled else 'may log in again'}.", markup=False
    )


def _asked() -> str:
    chosen: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return chosen


def _show(chosen: str, *, asked: bool) -> None:
    if asked:
        messages().print("The password is set.")
        return
    results().print(chosen, soft_wrap=True, markup=False, highlight=False)
    messages().print("Keep it now: it cannot be shown again. Log in at /admin.")


def _note(database: Database, action: str, name: str, **data: str) -> None:
    who = f"command line ({user_name()})"
    audit.record(database, actor=who, action=action, target=name, data=dict(data))
