"""Open the decks that a command names, and word what the file system says."""

from pathlib import Path

from crispdeck.deck.opc.archive import DeckArchive, DeckLimits, open_deck
from crispdeck.errors import CrispdeckError, FileAccessError
from crispdeck.settings import Settings


def open_local(path: Path, settings: Settings, *, allow_signed: bool = False) -> DeckArchive:
    """Open a deck of this machine.

    Raises:
        DeckRefusedError: as `open_deck`.
        OSError: the system does not let us read the file.
    """
    return open_deck(path, limits=DeckLimits.of(settings), allow_signed=allow_signed)


def as_crispdeck_error(error: CrispdeckError | OSError) -> CrispdeckError:
    """Turn a failure of the file system into ours, so that it ends one file and not the run."""
    if isinstance(error, CrispdeckError):
        return error
    return FileAccessError(f"{error.strerror or error}: {error.filename or 'unknown file'}.")


def originals_folder(settings: Settings) -> Path:
    """Return where the original pictures of enhanced decks are kept."""
    return settings.data_dir / "originals"
