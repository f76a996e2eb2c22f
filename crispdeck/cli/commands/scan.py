"""`crispdeck scan`: what is blurred in a deck, and why the rest is left alone."""

from pathlib import Path
from typing import Any

import click

from crispdeck.cli import options as shared
from crispdeck.cli.console import error_json, print_json, results, show_error
from crispdeck.cli.decks import as_crispdeck_error, open_local
from crispdeck.cli.exits import Exit
from crispdeck.cli.files import find_sources
from crispdeck.deck.model import DeckScan
from crispdeck.deck.names import DECK_SUFFIXES
from crispdeck.deck.scan import scan
from crispdeck.deck.scan_json import scan_to_json
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import CrispdeckError
from crispdeck.settings import Settings


@click.command()
@shared.sources("DECK")
@shared.what_is_low
@shared.as_json
def command(sources: tuple[Path, ...], *, as_json: bool, **low: Any) -> int:
    """Find the blurred pictures of decks and of all decks in folders; changes nothing.

    For each picture: where it is, its size, its pixels per inch as shown, and the verdict.
    Exit codes: 0 scanned, 1 a deck could not be read, 3 no deck found.
    """
    settings = Settings.from_env()
    options = ScanOptions.asked_for(**low, settings=settings)
    found = find_sources(sources, DECK_SUFFIXES)
    document: list[dict[str, Any]] = []
    failed = 0
    for source in found:
        try:
            with open_local(source.path, settings, allow_signed=True) as deck:
                result = scan(deck, options)
        except (CrispdeckError, OSError) as error:
            failed += 1
            if as_json:
                document.append(
                    {"deck": str(source.path), "error": error_json(as_crispdeck_error(error))}
                )
            else:
                show_error(as_crispdeck_error(error), str(source.path))
            continue
        if as_json:
            document.append({"deck": str(source.path), "scan": scan_to_json(result)})
        else:
            _show(source.path, result)
    if as_json:
        print_json({"decks": document})
    if failed:
        return Exit.FAILED
    return Exit.DONE if found else Exit.NOTHING_TO_DO


def _show(path: Path, found: DeckScan) -> None:
    from crispdeck.cli.tables import scan_summary, scan_table

    console = results()
    if found.pictures:
        console.print(scan_table(str(path), found))
    console.print(scan_summary(path, found))
    console.print()
