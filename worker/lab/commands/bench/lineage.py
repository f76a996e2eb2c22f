"""`crispdeck bench lineage`: the networks of 2013 to 2020, trained, measured and written down."""

import logging
import math
from pathlib import Path

import click

from crispdeck.cli.console import messages
from worker.lab.commands.bench.model import FOLDER, default_data, showing_progress


def _minutes(_context: click.Context, _option: click.Parameter, text: str) -> float:
    from argparse import ArgumentTypeError

    from worker.lab.lineage.__main__ import minutes_of

    try:
        return minutes_of(text)
    except ArgumentTypeError as error:
        raise click.BadParameter(str(error)) from error


@click.command
@click.option("--corpus", type=FOLDER, help="Train on this; without it nothing is trained.")
@click.option(
    "--budget",
    callback=_minutes,
    default="25min",
    show_default=True,
    help="Processor time that each row has in all runs together.",
)
@click.option(
    "--time",
    "minutes",
    type=click.FloatRange(0, min_open=True),
    help="After so many minutes nothing new is begun; the next run goes on.",
)
@click.option("--data", type=FOLDER, help="Test data [$SHARED_DATA or ../shared/data].")
@click.option("--validation", type=FOLDER, help="The project's own validation set.")
@click.option("--set", "sets", multiple=True, help="Only these sets of pictures.")
@click.option("--limit", type=click.IntRange(1), help="At most so many pictures of each set.")
@click.option("--no-ocr", is_flag=True, help="Read no words.")
@click.option("--no-times", is_flag=True, help="Measure no times, as on a busy machine.")
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("bench-results") / "lineage",
    show_default=True,
    help="Folder for the figures kept from run to run.",
)
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("docs") / "lineage.md",
    show_default=True,
    help="The page to write; its pictures go into images/ beside it.",
)
def lineage(
    corpus: Path | None,
    budget: float,
    minutes: float | None,
    data: Path | None,
    validation: Path | None,
    sets: tuple[str, ...],
    limit: int | None,
    **rest: object,
) -> None:
    """Train what is missing of the lineage, measure all of it, write docs/lineage.md.

    Every part is kept: a run that was stopped goes on where it was.
    """
    from worker.lab.lineage.report.running import Pictures, Run, run

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    pictures = Pictures(
        data=data or default_data(),
        validation=validation,
        sets=frozenset(sets),
        limit=limit,
    )
    with showing_progress() as progress:
        page = run(
            Run(
                budget=budget,
                corpus=corpus,
                pictures=pictures,
                out=Path(str(rest["out"])),
                page=Path(str(rest["page"])),
                minutes=math.inf if minutes is None else minutes,
                read=not rest["no_ocr"],
                times=not rest["no_times"],
                progress=progress,
            )
        )
    messages().print(f"Written: {page}", markup=False)
