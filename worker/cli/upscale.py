"""`crispdeck upscale`: single picture files, enlarged."""

from pathlib import Path

import click

from crispdeck.cli import options as shared
from crispdeck.cli.console import results, show_error
from crispdeck.cli.decks import told
from crispdeck.cli.exits import exit_of
from crispdeck.cli.files import (
    PICTURE_SUFFIXES,
    Source,
    drafted,
    find_sources,
    output_for,
    refuse_existing,
)
from crispdeck.cli.progress import Progress
from crispdeck.errors import CrispdeckError, PictureTooLargeError
from crispdeck.picture.formats import SNIFF_BYTES, PictureFormat, sniff
from crispdeck.picture.sharpened import Sharpened
from crispdeck.settings import Settings
from crispdeck.words.numbers import size_words
from worker.cli.network import LazySharpener


@click.command()
@shared.sources("PICTURE-OR-FOLDER")
@click.option("--scale", type=click.Choice(["2", "4"]), default="2", show_default=True)
@shared.out("Folder for the results, which keep their names.", required=True)
@shared.crispness
@shared.overwrite
def command(
    sources: tuple[Path, ...],
    *,
    scale: str,
    out: Path,
    crispness: float | None,
    overwrite: bool,
) -> int:
    """Enlarge picture files, and those of folders, 2 or 4 times.

    JPEG stays JPEG; PNG, GIF, BMP, TIFF and WebP become PNG. Colour profile, palette, 16 bits
    and alpha are kept.

    Exit codes: 0 done, 1 a picture failed (the others are done), 3 no picture found.
    """
    settings = shared.settings_with(crispness)
    sharpen = LazySharpener(settings)
    found = find_sources(sources, PICTURE_SUFFIXES)
    targets = [_target(source, out) for source in found]
    if len(set(targets)) < len(targets):
        raise click.UsageError("Two results would be written to the same file; run them apart.")
    failed = 0
    with Progress(len(found), "pictures") as progress:
        for source, target in zip(found, targets, strict=True):
            try:
                refuse_existing(target, overwrite=overwrite)
                sharpened = sharpen(_read(source.path, settings), int(scale))
                with drafted(target, overwrite=overwrite) as draft:
                    draft.file.write(sharpened.blob)
                _say(source.path, target, sharpened)
            except (CrispdeckError, OSError) as error:
                failed += 1
                show_error(told(error), str(source.path))
            progress.step(source.path.name)
    return exit_of(failed=failed, done=len(found) - failed)


def _target(source: Source, out: Path) -> Path:
    """Keep the name; the first bytes say if the result will be a JPEG or a PNG."""
    with source.path.open("rb") as file:
        is_jpeg = sniff(file.read(SNIFF_BYTES)) is PictureFormat.JPEG
    suffix = source.path.suffix if is_jpeg else f".{PictureFormat.PNG.extension}"
    return output_for(source, out, many=True, mark="", suffix=suffix)


def _read(path: Path, settings: Settings) -> bytes:
    size_bytes = path.stat().st_size
    if size_bytes > settings.max_picture_bytes:
        raise PictureTooLargeError(
            f"The file has {size_words(size_bytes)}; "
            f"at most {size_words(settings.max_picture_bytes)} are taken."
        )
    return path.read_bytes()


def _say(path: Path, target: Path, sharpened: Sharpened) -> None:
    size = f"{sharpened.width_px} × {sharpened.height_px} pixels"
    line = f"{path.name}: {size}, {size_words(len(sharpened.blob))}\n  {target}"
    results().print(line, soft_wrap=True, markup=False)
