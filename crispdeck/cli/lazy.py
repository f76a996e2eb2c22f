"""A group of commands that imports a command's module when it is called, and not before."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

Commands = Mapping[str, tuple[str, str]]
"""By name: the module that calls its command `command` (or MODULE:NAME), and its line of help."""


def is_installed(module: str) -> bool:
    """Say if a module is part of this installation; imports none but the packages around it."""
    try:
        return find_spec(module.partition(":")[0]) is not None
    except ModuleNotFoundError:
        return False


class LazyGroup(click.Group):
    """Knows its commands by name, so that help starts at once and never loads the network.

    Args:
        lazy: the commands in the order of the help; those that are not installed are left out.
        default: the command that is meant where none is named.
    """

    def __init__(
        self, name: str | None, *, lazy: Commands, default: str | None = None, **options: Any
    ) -> None:
        super().__init__(name, no_args_is_help=default is None, **options)
        self._lazy = {key: each for key, each in lazy.items() if is_installed(each[0])}
        self._default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command before options that stand alone."""
        named = bool(args) and not args[0].startswith("-")
        if self._default and not named and not set(args) & set(ctx.help_option_names):
            args = [self._default, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table."""
        return list(self._lazy)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Import the command's module and return the command."""
        if cmd_name not in self._lazy:
            return None
        module, _, name = self._lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name or "command")
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in self._lazy.items()])
