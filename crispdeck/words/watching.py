"""What `crispdeck watch` says, on the terminal and in the files that it writes beside results."""

from collections.abc import Iterable

from crispdeck.errors import CrispdeckError
from crispdeck.words.advice import advice_for
from crispdeck.words.numbers import count_words


def watching_words(folder: str, out: str, interval_s: float) -> str:
    """Say what is watched and where results go."""
    return f"Watching {folder}; results go to {out}. Looking every {interval_s:g} s; Ctrl-C ends."


def stopping_words() -> str:
    """Say what the first signal to end does."""
    return "Ending after the deck in work; once more ends at once."


def stopped_words() -> str:
    """Say that the watch has ended as asked."""
    return "Ended. Started again, it goes on from here."


def folder_away_words(folder: str) -> str:
    """Say that a folder cannot be reached, as a network drive at times cannot."""
    return f"{folder} cannot be reached; looking again until it can."


def folder_back_words(folder: str) -> str:
    """Say that a folder can be reached again."""
    return f"{folder} can be reached again."


def busy_words(out: str) -> str:
    """Say that two must not write to one folder."""
    return f"Another `crispdeck watch` writes to {out} already."


def out_around_words() -> str:
    """Say why results may not go around the watched folder."""
    return "--out must not be the watched folder or one around it; leave it out to write beside."


def changed_meanwhile_words() -> str:
    """Say why a result was thrown away."""
    return "The deck was changed while it was in work, so it is taken up again."


def own_fault_words() -> str:
    """Say that nothing is wrong with the deck as far as anybody knows."""
    return "Crispdeck met a fault of its own; its log says which."


def foreign_words(path: str) -> str:
    """Say why a file in the place of a result stays."""
    return f"{path} exists already, and is not what was written here."


def unchanged_note(name: str) -> str:
    """Say, in a file beside, that nothing of a deck was blurred."""
    return f"No picture in {name} is blurred, so there is no new version of it.\n"


def failed_note(name: str, error: CrispdeckError, *, again: bool) -> str:
    """Say, in a file beside, why there is no result.

    Args:
        again: it is tried again by itself.
    """
    lines = [f"{name} could not be enhanced.", f"{error.message} [{error.code}]"]
    advice = advice_for(error)
    if advice:
        lines.append(advice)
    lines.append(
        "It is tried again by itself."
        if again
        else "It is tried again when the deck has changed, and this file then goes."
    )
    return "\n".join(lines) + "\n"


def failed_pictures_note(name: str, failed: Iterable[tuple[str, CrispdeckError]]) -> str:
    """Say, in a file beside, which pictures of a deck stayed as they were, and why.

    Args:
        failed: part names and what happened.
    """
    lines = [f"{part}: {error.message} [{error.code}]" for part, error in failed]
    count = count_words(len(lines), "picture")
    return "\n".join([f"{count} of {name} stayed as before:", *lines]) + "\n"
