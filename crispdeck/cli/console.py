"""Where words go on the terminal: results to standard output, all else to standard error."""

import json
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from crispdeck.errors import CrispdeckError
from crispdeck.words.advice import advice_for

_PIPE_WIDTH = 140  # columns; a guess: the widest table of `enhance` fits


def results() -> Console:
    """Return the console for what was asked for; wide enough for tables when it is no terminal."""
    return Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH, highlight=False)


def messages() -> Console:
    """Return the console for progress and errors, which never mix with results."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def show_error(error: CrispdeckError, subject: str = "") -> None:
    """Print one red sentence with its code, and what to do about it."""
    line = Text().append(f"{subject}: " if subject else "", "bold")
    line.append(error.message, "bold red")
    line.append(f" [{error.code}]", "red")
    advice = advice_for(error)
    if advice:
        line.append(f" {advice}")
    messages().print(line)


def print_json(document: Any) -> None:
    """Print JSON for machines, never wrapped or coloured."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def error_json(error: CrispdeckError) -> dict[str, Any]:
    """Return an error for machines."""
    return {"code": error.code, "message": error.message, "retryable": error.retryable}
