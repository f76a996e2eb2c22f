"""`crispdeck settings`: every setting, what it means and what it is now."""

import click
from rich.text import Text

from crispdeck.cli.console import results
from crispdeck.cli.tables import new_table
from crispdeck.errors import SettingsError
from crispdeck.settings import SettingDescription, Settings, describe, given


@click.command()
def command() -> None:
    """Show every setting, its meaning and its value in force; secrets stay hidden.

    A setting is an environment variable. Values that differ from the default are bold, those that
    are not allowed are red; with one of these the exit code is 1.
    """
    refusal, values = None, vars(Settings()) | given()
    try:
        values = vars(Settings.from_env())
    except SettingsError as error:
        refusal = error  # shown below the table, which says what is allowed
    table = new_table()
    table.add_column("Variable", no_wrap=True)
    table.add_column("Value", overflow="fold", max_width=36)
    table.add_column("Meaning", overflow="fold")
    table.add_column("Allowed", overflow="fold", max_width=36)
    for item in describe():
        table.add_row(*_cells(item, values[item.name]))
    results().print(table)
    if refusal:
        raise refusal


def _cells(item: SettingDescription, value: object) -> list[Text]:
    style = "" if value == getattr(Settings(), item.name) else "bold"
    if not item.rule.allows(value):
        style = "bold red"
    shown = "(set, hidden)" if item.is_secret and value else str(value)
    return [
        Text(item.env_name, style),
        Text(shown or "–", style),
        Text(item.meaning, "dim"),
        Text(str(item.rule), "dim"),
    ]
