"""Which files a command reads and writes; a file appears whole or not at all."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from crispdeck.deck.names import CRISP, REVERTED
from crispdeck.errors import OutputExistsError


@dataclass(frozen=True)
class Source:
    """One file to read.

    Attributes:
        inside: its path below the folder that was named; its name where it was named itself.
    """

    path: Path
    inside: Path


def find_sources(
    named: Sequence[Path],
    suffixes: frozenset[str],
    *,
    without: frozenset[str] = frozenset({CRISP, REVERTED}),
) -> list[Source]:
    """List the files named, and those of the folders named, in a stable order, each once.

    A file that was named is taken whatever it is called. In folders only files with one of the
    suffixes count; PowerPoint's lock files, hidden files and those that Crispdeck marked with one
    of `without` do not.
    """
    found: dict[Path, Source] = {}
    for path in named:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file() and _counts(inner, suffixes, without):
                    found.setdefault(inner.resolve(), Source(inner, inner.relative_to(path)))
        else:
            found.setdefault(path.resolve(), Source(path, Path(path.name)))
    return list(found.values())


def _counts(path: Path, suffixes: frozenset[str], without: frozenset[str]) -> bool:
    is_marked = Path(path.stem).suffix in without
    return (
        path.suffix.lower() in suffixes and not path.name.startswith(("~$", ".")) and not is_marked
    )


def output_for(
    source: Source, out: Path | None, *, many: bool, mark: str, suffix: str = ""
) -> Path:
    """Return where the result of a source goes.

    Args:
        out: what `-o` named: a folder if it is one, ends with a slash or serves many files; else
            a file. None: beside the source, with `mark` before the suffix (talk.crisp.pptx).
        suffix: the new suffix; empty: the source's own.
    """
    suffix = suffix or source.path.suffix
    if out is None:
        stem = source.path.stem.removesuffix(CRISP if mark == REVERTED else "")
        return source.path.with_name(stem + mark + suffix)
    if many or is_folder(out):
        return out / source.inside.with_suffix(suffix)
    return out


def is_folder(out: Path) -> bool:
    """Tell a folder that may not exist yet by having no suffix."""
    return out.is_dir() or not out.suffix


@dataclass
class Draft:
    """A file on its way.

    Attributes:
        wanted: set it to False and the file never appears.
    """

    file: BinaryIO
    wanted: bool = True


@contextmanager
def drafted(target: Path, *, overwrite: bool) -> Iterator[Draft]:
    """Write a file under another name and give it its own at the end; on any error it is gone.

    Raises:
        OutputExistsError: the target exists and may not be overwritten.
    """
    refuse_existing(target, overwrite=overwrite)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(
        # Beside the target, since a rename is whole only within one file system; hidden, so that no
        # later run takes it for a deck.
        prefix=f".{target.stem[:40]}.",
        suffix=".part",
        dir=target.parent,
    )
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            draft = Draft(file)
            yield draft
            file.flush()
            os.fsync(file.fileno())
        if draft.wanted:
            # mkstemp lets only its owner read; a new file shall be like any other.
            unfinished.chmod(0o666 & ~_umask())
            # Asked again: minutes may have gone by.
            refuse_existing(target, overwrite=overwrite)
            unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def refuse_existing(target: Path, *, overwrite: bool) -> None:
    """Stop before any work is done in vain.

    Raises:
        OutputExistsError: the target exists and may not be overwritten.
    """
    if target.exists() and not overwrite:
        raise OutputExistsError(f"{target} exists already.")


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
