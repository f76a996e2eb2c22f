"""What operators get to see of a failure beyond its sentence."""

import traceback

LONGEST = 20_000
"""Characters kept; the end of a traceback says most."""


def traceback_of(error: BaseException) -> str | None:
    """Return where an error broke, with what caused it; None of one that was only handed on."""
    if error.__traceback__ is None and error.__cause__ is None:
        return None
    return "".join(traceback.format_exception(error))[-LONGEST:]
