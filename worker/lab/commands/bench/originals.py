"""`crispdeck bench originals`: the error table of the proof, on made pairs."""

import os
from pathlib import Path

import click

from crispdeck.cli.exits import Exit

_IN_A_CHECKOUT = Path("..") / "shared" / "data"


@click.command
@click.option("--scenes", default=1000, show_default=True, help="Each gives a true and a false pair.")
@click.option("--first", default=0, show_default=True, help="Number of the first scene.")
@click.option("--seed", default=20, show_default=True, help="Another seed makes other scenes.")
@click.option("--processes", default=1, show_default=True, help="So many at a time.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with train/photos and train/graphics [$SHARED_DATA or ../shared/data]; without it"
    " all pictures are drawn.",
)
def originals(scenes: int, first: int, seed: int, processes: int, data: Path | None) -> int:
    """Make pairs of small pictures and candidates, and count what the proof takes.

    Exit code 1 where a false one was taken, or fewer than 95 % of the true ones.
    """
    from worker.lab.bench.originals.errors import LEAST_FOUND, judge_all, table

    folder = data or Path(os.environ.get("SHARED_DATA", _IN_A_CHECKOUT))
    judged = []
    numbers = range(first, first + scenes)
    with click.progressbar(
        judge_all(folder if folder.is_dir() else None, numbers, seed, processes), length=scenes
    ) as bar:
        for one in bar:
            judged.append(one)
    for line in table(judged):
        click.echo(line)
    taken = sum(one.true == "taken" for one in judged)
    is_good = taken >= LEAST_FOUND * len(judged) and all(one.false != "taken" for one in judged)
    return Exit.DONE if is_good else Exit.FAILED
