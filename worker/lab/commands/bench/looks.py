"""`crispdeck bench looks`: pairs for eyes that do not know which picture is whose."""

from pathlib import Path

import click

from crispdeck.cli.console import messages, results
from crispdeck.errors import BadInputError
from crispdeck.settings import Settings

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_NEW = click.Path(file_okay=False, path_type=Path)


@click.command
@click.option("--data", type=_FOLDER, default=Path("../shared/data"), show_default=True)
@click.option("--validation", type=_FOLDER, help="The project's own validation set.")
@click.option("--set", "sets", multiple=True, help="Only these sets; all without it.")
@click.option("--limit", type=click.IntRange(1), help="At most so many pictures of a set or class.")
@click.option("--scale", type=click.Choice(["2", "4"]), default="4", show_default=True)
@click.option("--peers", "peer_folders", multiple=True, type=_FOLDER, help="See bench quality.")
@click.option("--against", default="bicubic", show_default=True, help="Another method's label.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of which side is whose.")
@click.option("--sheets", type=_NEW, default=Path("looks"), show_default=True)
@click.option("--key", type=_NEW, default=Path("looks-key"), show_default=True)
@click.option(
    "--answers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Count these instead of drawing: a CSV with the columns number and better.",
)
def command(  # noqa: PLR0913 - one for each option
    *,
    data: Path,
    validation: Path | None,
    sets: tuple[str, ...],
    limit: int | None,
    scale: str,
    peer_folders: tuple[Path, ...],
    against: str,
    seed: int,
    sheets: Path,
    key: Path,
    answers: Path | None,
) -> None:
    """Draw numbered pairs, Crispdeck and another method, side by side in drawn order.

    Show the sheets to somebody who sees nothing else, and have them write down for every number
    which is better: left, right or equal. Then count with --answers.
    """
    from worker.lab.bench import blind
    from worker.lab.bench.methods import PRODUCT
    from worker.lab.bench.peers import Peers, find_peers
    from worker.lab.bench.quality import Pictures, methods_at

    if answers is not None:
        counted = blind.count(key, answers, PRODUCT)
        results().print(blind.markdown(counted, PRODUCT), markup=False, end="")
        return
    peers = Peers()
    for folder in peer_folders:
        peers.methods.extend(find_peers(folder).methods)
    methods = {one.label: one for one in methods_at(int(scale), Settings.from_env(), peers)}
    if against not in methods:
        raise BadInputError(f"There is no method {against}; there are {', '.join(methods)}.")
    pictures = Pictures(
        data=data, validation=validation, sets=frozenset(sets), scales=(int(scale),), limit=limit
    )
    found = list(blind.pairs(pictures.cases(), (methods[PRODUCT], methods[against]), seed))
    written = blind.write(found, sheets, key)
    messages().print(f"{len(found)} pairs on {len(written)} sheets in {sheets}.", markup=False)
