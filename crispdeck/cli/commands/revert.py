"""`crispdeck revert`: the original pictures back into a deck."""

from pathlib import Path

import click

from crispdeck.cli import options as shared
from crispdeck.cli.console import results, show_error
from crispdeck.cli.decks import as_crispdeck_error, open_local, originals_folder
from crispdeck.cli.exits import exit_of
from crispdeck.cli.files import drafted, find_sources, is_folder, output_for
from crispdeck.deck.names import DECK_SUFFIXES, REVERTED
from crispdeck.deck.originals import OriginalsStore, revert
from crispdeck.errors import CrispdeckError
from crispdeck.settings import Settings
from crispdeck.words.numbers import count_words


@click.command()
@shared.sources("DECK")
@shared.out("File for one deck, folder for several [beside each deck: talk.reverted.pptx].")
@click.option(
    "--picture",
    "parts",
    metavar="PART",
    multiple=True,
    help="Only this picture, by its part name (ppt/media/image3.png); may be repeated.",
)
@shared.overwrite
@shared.allow_signed
def command(
    sources: tuple[Path, ...],
    *,
    out: Path | None,
    parts: tuple[str, ...],
    overwrite: bool,
    allow_signed: bool,
) -> int:
    """Give decks their original pictures back, byte for byte.

    Works for decks that were enhanced on this machine, also after they were edited or renamed.

    Exit codes: 0 done, 1 a deck failed, 3 no deck held a picture whose original is kept.
    """
    settings = Settings.from_env()
    store = OriginalsStore(originals_folder(settings))
    found = find_sources(sources, DECK_SUFFIXES, without=frozenset({REVERTED}))
    many = len(found) > 1
    if many and out is not None and not is_folder(out):
        raise click.UsageError("-o must be a folder for several decks.")
    failed = done = 0
    for source in found:
        target = output_for(source, out, many=many, mark=REVERTED)
        try:
            with (
                open_local(source.path, settings, allow_signed=allow_signed) as deck,
                drafted(target, overwrite=overwrite) as draft,
            ):
                count = len(revert(deck, store, draft.file, parts or None).swapped)
                draft.wanted = count > 0
        except (CrispdeckError, OSError) as error:
            failed += 1
            show_error(as_crispdeck_error(error), str(source.path))
            continue
        done += count > 0
        _print_result(source.path, target, count)
    return exit_of(failed=failed, done=done)


def _print_result(path: Path, target: Path, count: int) -> None:
    if count:
        line = f"{path.name}: {count_words(count, 'picture')} put back.\n  {target}"
    else:
        line = f"{path.name}: no original is kept for its pictures; no file written."
    results().print(line, soft_wrap=True, markup=False)
