"""`crispdeck watch`: decks that come into a folder are enhanced as soon as they are whole."""

import logging
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click

from crispdeck.cli import options as shared
from crispdeck.cli.console import messages
from crispdeck.cli.exits import Exit, exit_of
from crispdeck.cli.settling import Settling
from crispdeck.cli.watch_journal import Journal
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.report.writers import REPORT_KINDS
from crispdeck.words.watching import (
    folder_away_words,
    folder_back_words,
    out_around_words,
    stopped_words,
    stopping_words,
    watching_words,
)
from worker.cli.deck_run import RunOptions
from worker.cli.network import LazySharpener
from worker.cli.outcomes import Outcome, show_outcomes
from worker.cli.watched_folder import Watched, WatchedFolder

_NAP_S = 0.2
"""A signal to end is answered within this while nothing is in work."""


@click.command()
@click.argument(
    "folder", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for results and reports [beside each deck: talk.crisp.pptx].",
)
@click.option(
    "--interval",
    "interval_s",
    type=click.FloatRange(0.1, 86_400),
    default=5.0,
    show_default=True,
    help="Seconds from look to look.",
)
@click.option(
    "--quiet-for",
    "quiet_s",
    type=click.FloatRange(0, 86_400),
    default=10.0,
    show_default=True,
    help="Seconds for which a deck must not have changed.",
)
@click.option(
    "--report",
    type=click.Choice([*REPORT_KINDS, "none"]),
    default="html",
    show_default=True,
    help="Report beside each result.",
)
@click.option("--once", is_flag=True, help="Do what is there, then end; for cron.")
@shared.what_is_low
@shared.crispness
@shared.overwrite
@shared.allow_signed
def command(  # noqa: PLR0913 - one for each option
    folder: Path,
    *,
    out: Path | None,
    interval_s: float,
    quiet_s: float,
    report: str,
    once: bool,
    crispness: float | None,
    overwrite: bool,
    allow_signed: bool,
    **low: Any,
) -> int:
    """Enhance the decks of FOLDER, and those that come, as soon as they have stopped changing.

    Each version of a deck is enhanced once, whatever is restarted. Results and reports appear
    whole. Where there is none, talk.pptx.failed.txt or talk.pptx.unchanged.txt says why.

    The first Ctrl-C or SIGTERM ends after the deck in work, the second at once.

    Exit codes: 0 ended as asked; with --once as `enhance`: 1 a deck failed, 3 nothing to do.
    """
    if out is not None and folder.resolve().is_relative_to(out.resolve()):
        raise click.UsageError(out_around_words())
    logging.basicConfig(level="WARNING", format="%(asctime)s %(levelname)s %(message)s")
    settings = shared.settings_with(crispness)
    run = RunOptions(
        settings=settings,
        options=ScanOptions.asked_for(**low, settings=settings),
        allow_signed=allow_signed,
        overwrite=overwrite,
        dry_run=False,
    )
    watched = Watched(folder=folder, out=out, report=None if report == "none" else report)
    journal = Journal(watched.results)
    with journal.opened(), _asked_to_end() as end:
        watch = WatchedFolder(watched, run, journal, LazySharpener(settings), Settling(quiet_s))
        if once:
            return _once(watch, quiet_s, end)
        messages().print(watching_words(str(folder), str(watched.results), interval_s))
        _watch(watch, watched, interval_s, end)
    messages().print(stopped_words())
    return Exit.DONE


class End:
    """Whether somebody has asked to end; Ctrl-C and SIGTERM do."""

    def __init__(self) -> None:
        self.asked = False

    def heed(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a handler's
        """Note the first signal; end at once at the second."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        messages().print(stopping_words())

    def pause(self, seconds: float) -> None:
        """Wait so long, or until somebody asks to end."""
        until_s = time.monotonic() + seconds
        while not self.asked and (left_s := until_s - time.monotonic()) > 0:
            time.sleep(min(_NAP_S, left_s))


@contextmanager
def _asked_to_end() -> Iterator[End]:
    end = End()
    before = {number: signal.signal(number, end.heed) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield end
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _once(watch: WatchedFolder, quiet_s: float, end: End) -> int:
    """Look, wait until what does not change has been seen not to, and do that."""
    outcomes: list[Outcome] = []
    for pause_s in (quiet_s, 0):
        outcomes += _look(watch, end)
        end.pause(pause_s)
    return exit_of(
        failed=sum(outcome.has_failed for outcome in outcomes),
        done=sum(outcome.target is not None for outcome in outcomes),
    )


def _watch(watch: WatchedFolder, watched: Watched, interval_s: float, end: End) -> None:
    is_away = False
    while not end.asked:
        try:
            _look(watch, end)
        except OSError as error:
            if not is_away:
                where = str(error.filename or watched.folder)
                messages().print(folder_away_words(where), style="red")
            is_away = True
        else:
            if is_away:
                messages().print(folder_back_words(str(watched.folder)))
            is_away = False
        end.pause(interval_s)


def _look(watch: WatchedFolder, end: End) -> list[Outcome]:
    outcomes = []
    for outcome in watch.look():
        show_outcomes([outcome], as_json=False)
        outcomes.append(outcome)
        if end.asked:
            break
    return outcomes
