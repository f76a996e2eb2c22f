"""The exit codes of the command line; docs/cli.md lists them."""

from enum import IntEnum


class Exit(IntEnum):
    """What scripts can tell from a run."""

    DONE = 0
    """Everything that was asked for is done."""
    FAILED = 1
    """At least one deck or picture failed; the others are done."""
    USAGE = 2
    """The command line makes no sense, or a file is not there."""
    NOTHING_TO_DO = 3
    """No deck held anything to change, so nothing was written."""
    INTERRUPTED = 130
    """Ended by Ctrl-C or SIGTERM; nothing half-written is left."""


def exit_of(*, failed: int, done: int) -> Exit:
    """Return the code of a run over several files."""
    if failed:
        return Exit.FAILED
    return Exit.DONE if done else Exit.NOTHING_TO_DO
