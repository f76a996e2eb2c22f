"""The `crispdeck` program: its commands by name, and every failure as one sentence.

A command's module is imported when the command is called, so that `--help` and `scan` start at
once and never load the network. Commands that need the network, or the laboratory, come with the
packages that hold them: an installation without those does not list them.
"""

import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

import click

from crispdeck.cli.exits import Exit
from crispdeck.cli.lazy import LazyGroup
from crispdeck.errors import CrispdeckError

_COMMANDS = {
    "scan": ("crispdeck.cli.commands.scan", "Find the blurred pictures of decks."),
    "enhance": ("worker.cli.enhance", "Make the blurred pictures of decks sharp."),
    "watch": ("worker.cli.watch", "Enhance the decks that come into a folder."),
    "library": ("worker.cli.library", "Keep pictures among which originals are found."),
    "revert": ("crispdeck.cli.commands.revert", "Give a deck its original pictures back."),
    "upscale": ("worker.cli.upscale", "Enlarge picture files."),
    "serve": ("worker.cli.serve", "Serve the web page, the API and the workers."),
    "key": ("crispdeck.cli.commands.key", "Make, list and revoke API keys."),
    "operator": ("crispdeck.cli.commands.operator", "Make, list and disable operators of /admin."),
    "settings": ("crispdeck.cli.commands.settings", "Show every setting and its value."),
    "doctor": (
        "crispdeck.cli.commands.doctor",
        "Find and repair records and files that do not agree.",
    ),
    "train": ("worker.lab.commands.train", "Train a network (for developers)."),
    "bench": (
        "worker.lab.commands.bench",
        "Measure quality, speed and memory beside others (for developers).",
    ),
}

_EPILOG = """\b
Exit codes: 0 all done; 1 something failed; 2 wrong usage; 3 nothing to do;
130 interrupted. Settings come from CRISPDECK_… variables: crispdeck settings.
"""


@click.group(
    cls=LazyGroup,
    lazy=_COMMANDS,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="crispdeck", prog_name="crispdeck")
def crispdeck() -> None:
    """Find blurred pictures in PowerPoint decks and make them sharp."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code; no error escapes as a traceback."""
    try:
        code = crispdeck.main(
            None if arguments is None else list(arguments),
            prog_name="crispdeck",
            standalone_mode=False,
        )
    except click.ClickException as error:
        error.show()
        return Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return Exit.INTERRUPTED
    except CrispdeckError as error:
        from crispdeck.cli.console import show_error

        show_error(error)
        return Exit.FAILED
    except BrokenPipeError:
        # The reader (head, less) has seen enough; the interpreter must not write any more.
        sys.stderr.close()
        return Exit.DONE
    return code if isinstance(code, int) else Exit.DONE


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - a handler's
    """End as Ctrl-C does, so that what is half-written is taken away."""
    raise KeyboardInterrupt


def main() -> None:
    """Be the entry point of `crispdeck`."""
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(run())
