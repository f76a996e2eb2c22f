"""`crispdeck bench originals`: the error table of the proof, on made pairs."""

import os
import sys
from pathlib import Path

import click

from crispdeck.cli.exits import Exit

_IN_A_CHECKOUT = Path("..") / "shared" / "data"


@click.command
@click.option(
    "--scenes", default=1000, show_default=True, help="Each gives a true and a false pair."
)
@click.option("--first", default=0, show_default=True, help="Number of the first scene.")
@click.option("--seed", default=20, show_default=True, help="Another seed makes other scenes.")
@click.option("--processes", default=1, show_default=True, help="So many at a time.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with train/photos and train/graphics [$SHARED_DATA or ../shared/data]; without it"
    " all pictures are drawn.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that keeps what was judged; a run with the same file goes on where it was.",
)
def originals(
    scenes: int, first: int, seed: int, processes: int, data: Path | None, out: Path | None
) -> int:
    """Make pairs of small pictures and candidates, and count what the proof takes.

    Exit code 1 where a false one was taken, or fewer than 95 % of the true ones.
    """
    from worker.lab.bench.originals.errors import (
        LEAST_FOUND,
        judge_all,
        keep,
        read_kept,
        table,
    )
    from worker.lab.bench.originals.pairs import scene_name

    folder = data or Path(os.environ.get("SHARED_DATA", _IN_A_CHECKOUT))
    known = {} if out is None else read_kept(out)
    numbers = [n for n in range(first, first + scenes) if scene_name(n) not in known]
    rows = judge_all(folder if folder.is_dir() else None, numbers, seed, processes)
    with click.progressbar(rows, length=len(numbers), file=sys.stderr) as bar:
        for one in bar:
            known[one.name] = one
            if out is not None:
                keep(out, one)
    judged = [known[scene_name(n)] for n in range(first, first + scenes)]
    for line in table(judged):
        click.echo(line)
    taken = sum(one.true == "taken" for one in judged)
    is_good = taken >= LEAST_FOUND * len(judged) and all(one.false != "taken" for one in judged)
    return Exit.DONE if is_good else Exit.FAILED
