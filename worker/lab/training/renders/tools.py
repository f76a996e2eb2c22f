"""The programs that draw pages and slides: told before the work starts if they are missing."""

import shutil
from importlib.util import find_spec
from pathlib import Path

from crispdeck.errors import BadInputError

CHROMIUMS = (Path("/usr/bin/chromium"), Path("/usr/bin/google-chrome"))
SLIDE_PROGRAMS = {"soffice": "libreoffice-impress", "pdftoppm": "poppler-utils"}


def chromium() -> Path:
    """Find Chromium.

    Raises:
        BadInputError: it, or what steers it, is not installed.
    """
    if find_spec("playwright") is None:
        raise BadInputError("Pages are drawn through playwright: pip install 'crispdeck[train]'.")
    found = next((path for path in CHROMIUMS if path.exists()), None)
    if found is None:
        raise BadInputError("Pages are drawn by Chromium: apt-get install chromium, or --pages 0.")
    return found


def require_slide_programs() -> None:
    """Make sure that slides can be drawn.

    Raises:
        BadInputError: a program is not installed; names the package.
    """
    for program, package in SLIDE_PROGRAMS.items():
        if shutil.which(program) is None:
            raise BadInputError(
                f"Slides are drawn by {program}: apt-get install {package}, or --slides 0."
            )
