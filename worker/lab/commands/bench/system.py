"""`crispdeck bench` for everything around the network: requests, scans, decks."""

import sys
from pathlib import Path

import click


@click.command
@click.option("--side", "side_px", default=160, show_default=True, help="Pixels of the picture.")
@click.option("--scale", type=click.Choice(["2", "4"]), default="4", show_default=True)
@click.option("--rounds", default=20, show_default=True)
def quickpath(side_px: int, scale: str, rounds: int) -> None:
    """How much longer a picture takes through POST /pictures than in the bare network call.

    Starts the embedded stack in a temporary folder and asks it for pictures that it has never
    seen; after each answer the same picture goes through the network in this process.
    """
    from worker.lab.bench.quickpath import measure

    click.echo(str(measure(side_px, int(scale), rounds)))


@click.command
@click.argument("decks", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def scan(decks: tuple[Path, ...]) -> None:
    """Measure a scan against python-pptx merely opening the same deck: seconds and memory.

    Decks with 10, 50 and 150 MB of media are made for it; those named are added.
    """
    from worker.lab.bench.scan import table

    for line in table(decks):
        click.echo(line)


@click.command
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def decks(folder: Path) -> None:
    """Scan every deck in FOLDER; print verdicts, reasons and refusals as a page of Markdown."""
    from worker.lab.bench.decks import corpus_page, scan_folder

    sys.stdout.write(corpus_page(scan_folder(folder)))


@click.command
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def showcase(out: Path) -> None:
    """Draw parts of the sample deck's slides, before and after, into the PNG file OUT."""
    from worker.lab.bench.showcase import draw

    draw(out)
