"""`crispdeck train`: hands over to worker.lab.training, or to worker.lab.lineage with --network."""

import click


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Train a network on folders of pictures; see `crispdeck train --help`.

    With --network NAME one of the lineage: `crispdeck train --network srcnn --help`.
    """
    if any(argument.partition("=")[0] == "--network" for argument in arguments):
        from worker.lab.lineage.__main__ import main as train_lineage

        train_lineage(list(arguments))
        return
    from worker.lab.training.__main__ import main

    main(list(arguments))
