"""`crispdeck bench library`: size and speed of the library's index."""

import tempfile
from pathlib import Path

import click


@click.command
@click.option("--pictures", default=1_000_000, show_default=True, help="In the library.")
@click.option("--questions", default=200, show_default=True, help="Asked of it.")
def library(pictures: int, questions: int) -> None:
    """Fill an index on SQLite with drawn fingerprints, and ask it.

    A million pictures take gigabytes of disk in the folder for temporary files, and many minutes.
    """
    from worker.lab.bench.originals.many import measure, table

    with tempfile.TemporaryDirectory(prefix="crispdeck-") as folder:
        for line in table([measure(Path(folder), pictures, questions)]):
            click.echo(line)
