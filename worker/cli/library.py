"""`crispdeck library`: pictures among which the originals of blurred ones are looked for."""

from itertools import chain
from pathlib import Path

import click

from crispdeck.cli.console import messages, results
from crispdeck.cli.exits import Exit
from crispdeck.cli.records import open_records
from crispdeck.cli.tables import new_table
from crispdeck.cli.tenants import tenant_of
from crispdeck.cli.user import user_name
from crispdeck.records.shelf.library import forget_library_pictures, list_library, set_never
from crispdeck.services.originals.files import files_in
from crispdeck.services.originals.finding import find_original
from crispdeck.services.originals.index import add_files, candidates_in
from crispdeck.settings import Settings
from crispdeck.words.numbers import count_words
from crispdeck.words.outcomes import original_words

_MOST_FACTOR = 64.0
"""`find` asks what there is, whatever a slide would need."""

_tenant = click.option("--tenant", help="Name or id of the tenant [the only one, or default].")


@click.group()
def command() -> None:
    """Keep the pictures among which the originals of blurred ones are looked for."""


@command.command()
@click.argument(
    "sources",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="FOLDER-OR-FILE...",
)
@_tenant
def add(sources: tuple[Path, ...], tenant: str | None) -> None:
    """Add the pictures of folders, files and decks; they stay where they are.

    The same command brings the library up to date: pictures that are in it already are not looked
    into again, and of those that were moved the new place is noted.
    """
    database, settings = open_records(), Settings.from_env()
    tenant_id = tenant_of(database, tenant, make=True)
    files = chain.from_iterable(files_in(source, settings) for source in sources)
    added = add_files(database, tenant_id, files, settings, added_by=user_name())
    results().print(f"{count_words(added.new, 'picture')} added.")
    if added.moved:
        results().print(f"New place of {count_words(added.moved, 'picture')} noted.")


@command.command("list")
@_tenant
def list_all(tenant: str | None) -> None:
    """List the pictures of the library, the newest first."""
    database = open_records()
    table = new_table()
    for heading in ("Id", "From", "Pixels", "Added by", "Added", "Use"):
        table.add_column(heading, overflow="fold")
    for row in list_library(database, tenant_of(database, tenant)):
        size = f"{row.width_px} × {row.height_px}"
        use = "never" if row.never else ""
        table.add_row(
            str(row.id), row.name, size, row.added_by, f"{row.added_at:%Y-%m-%d %H:%M}", use
        )
    results().print(table)


@command.command()
@click.argument("pictures", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@_tenant
def find(pictures: tuple[Path, ...], tenant: str | None) -> int:
    """Say which picture of the library is the proven original of each PICTURE."""
    database, settings = open_records(), Settings.from_env()
    tenant_id = tenant_of(database, tenant)
    missing = 0
    for path in pictures:
        blob = path.read_bytes()
        candidates = candidates_in(database, tenant_id, blob, settings)
        found = find_original(blob, candidates, _MOST_FACTOR, settings)
        missing += found is None
        words = original_words(found.report) if found else "no original is proven"
        results().print(f"{path}: {words}", soft_wrap=True, markup=False)
    return Exit.NOTHING_TO_DO if missing == len(pictures) else Exit.DONE


@command.command()
@click.argument("picture_id", type=int)
@click.option("--again", is_flag=True, help="It may be used again.")
@_tenant
def never(picture_id: int, *, again: bool, tenant: str | None) -> None:
    """Never use the picture with this id (see `list`), whatever it is the original of."""
    database = open_records()
    set_never(database, tenant_of(database, tenant), picture_id, never=not again)
    messages().print("It may be used again." if again else "It is never used from now on.")


@command.command()
@click.argument("picture_ids", type=int, nargs=-1, required=True)
@_tenant
def remove(picture_ids: tuple[int, ...], tenant: str | None) -> None:
    """Take pictures out of the library; their files stay."""
    database = open_records()
    count = forget_library_pictures(database, tenant_of(database, tenant), picture_ids)
    results().print(f"{count_words(count, 'picture')} taken out.")
