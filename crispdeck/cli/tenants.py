"""Which tenant a command means."""

import click

from crispdeck.records.database import Database
from crispdeck.records.people.tenants import (
    FIRST_TENANT,
    create_tenant,
    tenant_names,
    tenants_called,
)


def tenant_of(database: Database, wanted: str | None, *, make: bool = False) -> str:
    """Return the id of the tenant that is meant; the only one where none is named.

    Args:
        database: the records.
        wanted: its name or id.
        make: add it where there is none.

    Raises:
        click.UsageError: there is none, or several may be meant.
    """
    names = tenant_names(database)
    found = list(names) if wanted is None else tenants_called(database, wanted)
    if len(found) == 1:
        return found[0]
    if found:
        raise click.UsageError(f"Say which tenant: {', '.join(_choices(names, found))}.")
    if make:
        return create_tenant(database, wanted or FIRST_TENANT)
    raise click.UsageError(f"There is no such tenant, only: {', '.join(names.values()) or 'none'}.")


def _choices(names: dict[str, str], found: list[str]) -> list[str]:
    """Call tenants by their names, or by their ids where those are the same."""
    called = [names[one] for one in found]
    return called if len(set(called)) == len(called) else found
