"""`crispdeck bench`: what worker.lab.bench measures, by name."""

import click

from crispdeck.cli.lazy import LazyGroup

_HERE = "worker.lab.commands.bench"

_BENCHMARKS = {
    "report": (f"{_HERE}.model:report", "Quality, speed, tables and plots in one run (default)."),
    "quality": (f"{_HERE}.model:quality", "How true, crisp and readable, beside others."),
    "speed": (f"{_HERE}.model:speed", "Milliseconds by size of picture, beside others."),
    "sheets": (f"{_HERE}.sheets", "Draw before/after sheets of real blurred pictures."),
    "looks": (f"{_HERE}.looks", "Draw pairs to be judged blind, or count what was answered."),
    "quickpath": (f"{_HERE}.system:quickpath", "POST /pictures beside the bare network."),
    "claims": (f"{_HERE}.claims:claims", "Claims a second, beside the old way; 1,000 workers."),
    "scan": (f"{_HERE}.system:scan", "Time and memory of a scan beside python-pptx."),
    "bounds": (f"{_HERE}.before_and_now:bounds", "What the bounds cost, as at first and now."),
    "worker": (f"{_HERE}.before_and_now:worker", "Pictures a second beside a stand-in network."),
    "growth": (f"{_HERE}.before_and_now:growth", "How much larger files get, as before and now."),
    "decks": (f"{_HERE}.system:decks", "What a scan says of a folder of decks (docs/corpus.md)."),
    "originals": (
        f"{_HERE}.originals:originals",
        "How surely true originals are told from edited ones.",
    ),
    "lineage": (f"{_HERE}.lineage:lineage", "Networks of 2013 to 2020 under one budget."),
    "library": (f"{_HERE}.library:library", "Size and speed of the library's index."),
    "showcase": (f"{_HERE}.system:showcase", "Draw the picture of the README."),
}

_EPILOG = """\b
Without a name, the report: crispdeck bench --peers FOLDER --out FOLDER
Figures are kept in the output folder: a run that was stopped goes on where it was, and after
a change only what changed is measured again.
"""


class _Benchmarks(LazyGroup):
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the benchmarks when there is none of the name asked for."""
        if args[0] not in _BENCHMARKS:
            known = ", ".join(_BENCHMARKS)
            raise click.UsageError(f"There is no benchmark {args[0]}; there are {known}.", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Benchmarks, lazy=_BENCHMARKS, default="report", epilog=_EPILOG)
def command() -> None:
    """Measure on this machine, always side by side with the alternatives in one run."""
