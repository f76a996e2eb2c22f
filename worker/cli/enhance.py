"""`crispdeck enhance`: decks in, decks with sharp pictures out, in this process."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from crispdeck.cli import options as shared
from crispdeck.cli.exits import exit_of
from crispdeck.cli.files import Source, find_sources, is_folder, output_for
from crispdeck.cli.progress import Progress
from crispdeck.deck.names import CRISP, DECK_SUFFIXES
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.report.writers import REPORT_KINDS
from crispdeck.services.enhance import Results
from crispdeck.services.originals.library import Library
from crispdeck.settings import Settings
from worker.cli.deck_run import DeckRun, Plan, RunOptions
from worker.cli.network import LazySharpener
from worker.cli.outcomes import show_outcomes

REPORT_SUFFIXES = tuple(f".{kind}" for kind in REPORT_KINDS)


@click.command()
@shared.sources("DECK-OR-FOLDER")
@shared.out("File for one deck, folder for several [beside each deck: talk.crisp.pptx].")
@shared.what_is_low
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write before and after: .html, .pptx or .json. Of several decks each gets its own,"
    " with the deck's name in front.",
)
@click.option(
    "--library",
    "libraries",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Look for the true originals of blurred pictures in the deck and in this folder; may be"
    " repeated.",
)
@click.option(
    "--originals/--no-originals",
    default=None,
    help="Take a picture's true original where one is found in the deck and proven. Off unless a"
    " library is named: the proof is young.",
)
@shared.crispness
@shared.overwrite
@shared.allow_signed
@shared.as_json
def command(  # noqa: PLR0913 - one for each option
    sources: tuple[Path, ...],
    *,
    out: Path | None,
    report: Path | None,
    dry_run: bool,
    libraries: tuple[Path, ...],
    originals: bool | None,
    crispness: float | None,
    overwrite: bool,
    allow_signed: bool,
    as_json: bool,
    **low: Any,
) -> int:
    """Make the blurred pictures of decks sharp; everything else keeps its bytes.

    Takes decks and folders of decks. The originals of the pictures are kept, so that
    `crispdeck revert` can put them back. A picture that many decks share is sharpened once.

    Exit codes: 0 done, 1 a deck or a picture failed (the others are done), 3 nothing was blurred.
    """
    settings = shared.settings_with(crispness)
    if originals is None:
        originals = bool(libraries)
    options = RunOptions(
        settings=settings,
        options=ScanOptions.asked_for(**low, settings=settings),
        allow_signed=allow_signed,
        overwrite=overwrite,
        dry_run=dry_run,
        originals=originals,
    )
    plans = _plans(find_sources(sources, DECK_SUFFIXES), sources, out, report)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="crispdeck-")))
        progress = stack.enter_context(Progress(len(plans), hidden=as_json))
        library = _library(libraries if originals else (), settings)
        run = DeckRun(options, Results(folder, LazySharpener(settings)), progress, library)
        outcomes = [run.enhance(plan) for plan in plans]
    show_outcomes(outcomes, as_json=as_json)
    return exit_of(
        failed=sum(outcome.has_failed for outcome in outcomes),
        done=sum(outcome.target is not None for outcome in outcomes),
    )


def _library(folders: tuple[Path, ...], settings: Settings) -> Library:
    """Read the pictures of folders, and of the decks in them."""
    library = Library(settings)
    for folder in folders:
        library.add_folder(folder)
    return library


def _plans(
    found: list[Source], named: tuple[Path, ...], out: Path | None, report: Path | None
) -> list[Plan]:
    """Decide on all names before any work.

    Raises:
        click.UsageError: names that cannot be meant.
    """
    if report and report.suffix.lower() not in REPORT_SUFFIXES:
        raise click.UsageError(f"--report must end with {', '.join(REPORT_SUFFIXES)}.")
    many = len(found) > 1 or any(path.is_dir() for path in named)
    if many and out is not None and not is_folder(out):
        raise click.UsageError("-o must be a folder for several decks.")
    plans = [
        Plan(
            path=source.path,
            target=output_for(source, out, many=many, mark=CRISP),
            report=_report_for(source, report, many=len(found) > 1),
        )
        for source in found
    ]
    targets = [path for plan in plans for path in (plan.target, plan.report) if path]
    if len(set(targets)) < len(targets):
        raise click.UsageError("Two results would be written to the same file; run them apart.")
    return plans


def _report_for(source: Source, report: Path | None, *, many: bool) -> Path | None:
    """Put the deck's name in front of the report's where each deck gets one."""
    if report is None or not many:
        return report
    front = "-".join((*source.inside.parent.parts, source.path.stem))
    return report.with_name(f"{front}.{report.name}")
