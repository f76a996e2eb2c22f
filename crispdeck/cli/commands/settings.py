"""`crispdeck settings`: every setting, what it means and what it is now."""

import click
from rich.text import Text

from crispdeck.cli.console import results
from crispdeck.cli.tables import new_table
from crispdeck.settings import Settings, describe


@click.command()
def command() -> None:
    """Show every setting, its meaning and its value in force; secrets stay hidden.

    A setting is an environment variable. Values that differ from the default are bold.
    """
    settings = Settings.from_env()
    table = new_table()
    table.add_column("Variable", no_wrap=True)
    table.add_column("Value", overflow="fold", max_width=44)
    table.add_column("Meaning", overflow="fold")
    for item in describe():
        value = getattr(settings, item.name)
        is_default = value == getattr(Settings(), item.name)
        shown = "(set, hidden)" if item.is_secret and value else str(value)
        table.add_row(
            Text(item.env_name, "" if is_default else "bold"),
            Text(shown or "–", "" if is_default else "bold"),
            Text(item.meaning, "dim"),
        )
    results().print(table)
