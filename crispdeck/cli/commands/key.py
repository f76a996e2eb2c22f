"""`crispdeck key`: API keys made, listed and revoked on the machine that holds the records."""

import click

from crispdeck.cli.console import messages, results
from crispdeck.cli.records import open_records
from crispdeck.cli.tables import new_table
from crispdeck.cli.tenants import tenant_of
from crispdeck.errors import NotFoundError
from crispdeck.records.people.keys import (
    GIVEN_SCOPES,
    Scope,
    issue_key,
    list_keys,
    revoke_key,
)
from crispdeck.records.people.tenants import tenant_names
from crispdeck.records.people.values import KeyRecord

USUAL_SCOPES = [scope for scope in GIVEN_SCOPES if scope not in {Scope.ADMIN, Scope.CONNECT}]


@click.group()
def command() -> None:
    """Make, list and revoke the keys that the API and the add-in ask for."""


@command.command()
@click.argument("name")
@click.option(
    "--tenant",
    help="Name or id of the tenant; a new name makes a new tenant [the only one, or default].",
)
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in GIVEN_SCOPES]),
    multiple=True,
    help="What the key may be used for; may be repeated [all but connect and admin].",
)
def new(name: str, tenant: str | None, scopes: tuple[str, ...]) -> None:
    """Make a key called NAME and show it, this once only."""
    database = open_records()
    tenant_id = tenant_of(database, tenant, make=True)
    wanted = [Scope(scope) for scope in scopes] or USUAL_SCOPES
    issued = issue_key(database, tenant_id, wanted, name)
    results().print(issued.key, soft_wrap=True, markup=False)
    messages().print("Keep it now: it cannot be shown again.")


@command.command("list")
def list_all() -> None:
    """List all keys, without their secrets."""
    database = open_records()
    table = new_table()
    for heading in ("Id", "Name", "Tenant", "Begins with", "Scopes", "Last used", "State"):
        table.add_column(heading, overflow="fold")
    for tenant_id, tenant in tenant_names(database).items():
        for key in list_keys(database, tenant_id):
            table.add_row(*_cells(key, tenant))
    results().print(table)


@command.command()
@click.argument("key_id")
def revoke(key_id: str) -> None:
    """Make the key with this id (see `list`) invalid from now on."""
    database = open_records()
    for tenant_id in tenant_names(database):
        if any(key.id == key_id for key in list_keys(database, tenant_id)):
            revoke_key(database, tenant_id, key_id)
            messages().print(f"{key_id} is revoked.", markup=False)
            return
    raise NotFoundError(f"There is no key {key_id}.")


def _cells(key: KeyRecord, tenant: str) -> list[str]:
    used = key.last_used_at.strftime("%Y-%m-%d %H:%M") if key.last_used_at else "never"
    state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "valid"
    return [key.id, key.name, tenant, f"cd_{key.prefix}_", " ".join(key.scopes), used, state]
