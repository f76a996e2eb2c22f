"""`crispdeck bench growth`, `bounds` and `worker`: bytes and time, as they were and are."""

from pathlib import Path

import click


@click.command
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--every", default=1, show_default=True, help="Measure every n-th picture.")
def growth(folder: Path, every: int) -> None:
    """Upscale every blurred picture of the decks in FOLDER and compare the files' sizes.

    Growth is bytes after over bytes before: the median and the 90th percentile over the distinct
    pictures, and over all their bytes; written as version 0.1 did, as it is done now, and with the
    extra `small`, where that is installed.
    """
    from crispdeck.settings import Settings
    from worker.lab.bench.growth import growths, table

    found = growths(folder, Settings.from_env(), every, lambda line: click.echo(line, err=True))
    for line in table(list(found)):
        click.echo(line)


@click.command
@click.option("--side", "side_px", default=160, show_default=True, help="Pixels of the picture.")
@click.option("--scale", type=click.Choice(["2", "4"]), default="4", show_default=True)
@click.option("--rounds", default=15, show_default=True)
def bounds(side_px: int, scale: str, rounds: int) -> None:
    """Time what brings a network's picture into the bounds, in its first form and in its present.

    Processor time on one thread, in turns; and how far the two results lie apart.
    """
    from worker.lab.bench.bounds import table

    for line in table(side_px, int(scale), rounds):
        click.echo(line)


@click.command
@click.option("--side", "side_px", default=160, show_default=True, help="Pixels of a picture.")
@click.option("--scale", type=click.Choice(["2", "4"]), default="4", show_default=True)
@click.option("--pictures", default=64, show_default=True)
@click.option("--network-ms", default=2.0, show_default=True, help="What the stand-in takes.")
def worker(side_px: int, scale: str, pictures: int, network_ms: float) -> None:
    """Let one worker process work off pictures, as at first and now.

    The network is a stand-in that sleeps for each picture and knows what it should make; rows,
    objects, claims, bounds, checks and files are real.
    """
    from worker.lab.bench.worker_flow import measure

    click.echo("| way | pictures a second | processor time for each, ms |\n|---|---:|---:|")
    for rate in measure(side_px, int(scale), pictures, network_ms):
        click.echo(str(rate))
