"""`crispdeck upscale`: single picture files, enlarged."""

from collections import Counter
from pathlib import Path

import click

from crispdeck.cli import options as shared
from crispdeck.cli.console import results, show_error
from crispdeck.cli.decks import as_crispdeck_error
from crispdeck.cli.exits import exit_of
from crispdeck.cli.files import (
    Source,
    drafted,
    find_sources,
    output_for,
    refuse_existing,
)
from crispdeck.cli.progress import Progress
from crispdeck.errors import CrispdeckError, PictureRefusedError, PictureTooLargeError
from crispdeck.picture.formats import PICTURE_SUFFIXES, PictureFormat
from crispdeck.picture.inspect import inspect
from crispdeck.picture.sharpened import Sharpened
from crispdeck.picture.writing import stays
from crispdeck.settings import Settings
from crispdeck.words.numbers import size_words
from crispdeck.words.outcomes import source_words
from worker.cli.network import LazySharpener


@click.command()
@shared.sources("PICTURE-OR-FOLDER")
@click.option("--scale", type=click.Choice(["2", "4"]), default="2", show_default=True)
@shared.out("Folder for the results, which keep their names.", required=True)
@shared.crispness
@click.option(
    "--network",
    metavar="NAME",
    help="Always this network instead of the one that fits the size: plain-m, plain-s, and those of"
    " the laboratory where it is installed (docs/lineage.md).",
)
@click.option("--strip", is_flag=True, help="Leave out date, place, author and other notes.")
@shared.overwrite
def command(
    sources: tuple[Path, ...],
    *,
    scale: str,
    out: Path,
    crispness: float | None,
    network: str | None,
    strip: bool,
    overwrite: bool,
) -> int:
    """Enlarge picture files, and those of folders, 2 or 4 times.

    JPEG stays JPEG; all other pictures become PNG. A metafile or an SVG that holds nothing but one
    bitmap gets a larger one. Colour profile, palette, 16 bits, alpha and notes are kept.

    Exit codes: 0 done, 1 a picture failed (the others are done), 3 no picture found.
    """
    settings = shared.settings_with(crispness)
    sharpen = LazySharpener(settings, strip=strip, network=network)
    found = find_sources(sources, PICTURE_SUFFIXES)
    targets = _targets(found, out)
    failed = 0
    with Progress(len(found), "pictures") as progress:
        for source, target in zip(found, targets, strict=True):
            try:
                refuse_existing(target, overwrite=overwrite)
                sharpened = sharpen(_read(source.path, settings), int(scale))
                with drafted(target, overwrite=overwrite) as draft:
                    draft.file.write(sharpened.blob)
                _print_result(source.path, target, sharpened)
            except (CrispdeckError, OSError) as error:
                failed += 1
                show_error(as_crispdeck_error(error), str(source.path))
            progress.step(source.path.name)
    return exit_of(failed=failed, done=len(found) - failed)


def _targets(found: list[Source], out: Path) -> list[Path]:
    """Name all results; of several that would get one name each keeps its old suffix before it.

    Raises:
        click.UsageError: two files of one name in different folders that were named.
    """
    plain = [_target(source, out) for source in found]
    shared = {target for target, count in Counter(plain).items() if count > 1}
    targets = [
        target.with_name(source.path.name + target.suffix)
        if target in shared and source.path.suffix != target.suffix
        else target
        for source, target in zip(found, plain, strict=True)
    ]
    for target, count in Counter(targets).items():
        if count > 1:
            clash = [str(s.path) for s, t in zip(found, targets, strict=True) if t == target]
            raise click.UsageError(
                f"{' and '.join(clash)} would both become {target}; run them apart."
            )
    return targets


def _target(source: Source, out: Path) -> Path:
    """Keep the name; the file's own header says if the result will be a JPEG, a TIFF or a PNG."""
    suffix = f".{PictureFormat.PNG.extension}"
    try:
        with source.path.open("rb") as file:
            info = inspect(file)
    except PictureRefusedError:
        return output_for(source, out, many=True, mark="", suffix=suffix)
    if stays(info) and info.format is not PictureFormat.PNG:
        suffix = source.path.suffix
    return output_for(source, out, many=True, mark="", suffix=suffix)


def _read(path: Path, settings: Settings) -> bytes:
    size_bytes = path.stat().st_size
    if size_bytes > settings.max_picture_bytes:
        raise PictureTooLargeError(
            f"The file has {size_words(size_bytes)}; "
            f"at most {size_words(settings.max_picture_bytes)} are taken."
        )
    return path.read_bytes()


def _print_result(path: Path, target: Path, sharpened: Sharpened) -> None:
    size = f"{sharpened.width_px} × {sharpened.height_px} pixels"
    notes = "".join(f"; {words}" for words in source_words(sharpened.report))
    line = f"{path.name}: {size}, {size_words(len(sharpened.blob))}{notes}\n  {target}"
    results().print(line, soft_wrap=True, markup=False)
