"""The data folder: only who runs Crispdeck may look into it."""

import os
from contextlib import suppress
from pathlib import Path

from crispdeck.errors import FileAccessError

ONLY_OURS = 0o700  # mode of a folder: its owner alone may look into it


def open_data_folder(folder: Path) -> None:
    """Make the data folder where it is missing, and keep others out of it.

    Raises:
        FileAccessError: it cannot be made, or nothing can be written into it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=ONLY_OURS)
        if folder.stat().st_mode & 0o077:
            with suppress(PermissionError):  # a volume that belongs to somebody else
                folder.chmod(ONLY_OURS)
        if not os.access(folder, os.W_OK | os.X_OK) or os.statvfs(folder).f_flag & os.ST_RDONLY:
            raise PermissionError(0, "it is read-only")
    except OSError as error:
        raise FileAccessError(
            f"CRISPDECK_DATA_DIR={folder} cannot be written: {error.strerror}."
        ) from error
