"""`crispdeck train`: hands over to worker.lab.training."""

import click


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Train a network on folders of pictures; see `crispdeck train --help`."""
    from worker.lab.training.__main__ import main

    main(list(arguments))
