"""Open and scan the decks that a command names."""

from dataclasses import replace
from pathlib import Path

from crispdeck.deck.model import ScanOptions
from crispdeck.deck.opc.archive import DeckArchive, DeckLimits, open_deck
from crispdeck.errors import CrispdeckError, FileAccessError
from crispdeck.settings import Settings


def scan_options(
    settings: Settings,
    *,
    preset: str,
    low_ppi: float | None,
    target_ppi: float | None,
    layouts: bool,
    look: bool,
) -> ScanOptions:
    """Put a preset, single thresholds and the limits of the settings together."""
    options = replace(
        ScanOptions.preset(preset, layouts=layouts),
        look=look,
        max_input_px=settings.max_input_px,
        max_output_px=settings.max_output_px,
    )
    if low_ppi is not None:
        options = replace(options, low_ppi=low_ppi)
    return options if target_ppi is None else replace(options, target_ppi=target_ppi)


def open_local(path: Path, settings: Settings, *, allow_signed: bool = False) -> DeckArchive:
    """Open a deck of this machine.

    Raises:
        DeckRefusedError: as `open_deck`.
        OSError: the system does not let us read the file.
    """
    return open_deck(path, limits=DeckLimits.of(settings), allow_signed=allow_signed)


def told(error: CrispdeckError | OSError) -> CrispdeckError:
    """Turn a failure of the file system into ours, so that it ends one file and not the run."""
    if isinstance(error, CrispdeckError):
        return error
    return FileAccessError(f"{error.strerror or error}: {error.filename or 'unknown file'}.")


def originals_folder(settings: Settings) -> Path:
    """Return where the original pictures of enhanced decks are kept."""
    return settings.data_dir / "originals"
