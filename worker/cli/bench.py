"""`crispdeck bench`: hands over to the modules of worker.bench."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pkgutil import iter_modules

import click

from worker import bench

_WITHOUT_NAME = ("speed", "quickpath")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(name: str | None, arguments: tuple[str, ...]) -> None:
    """Run the benchmark NAME; without one, those of the network and of the quick path.

    `crispdeck bench NAME -- --help` shows what a benchmark takes. In a checkout, the benchmarks
    are the modules of worker/bench.
    """
    known = [module.name for module in iter_modules(bench.__path__)]
    if name is not None and name not in known:
        raise click.UsageError(f"There is no benchmark {name}; there are {', '.join(known)}.")
    for chosen in [name] if name else [each for each in _WITHOUT_NAME if each in known]:
        run: Callable[[Sequence[str]], None] = import_module(f"worker.bench.{chosen}").main
        run(list(arguments))
