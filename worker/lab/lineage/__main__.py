"""python -m worker.lab.lineage: trains one network of the lineage, or all that are missing."""

import argparse
import logging
import re
from collections.abc import Sequence
from pathlib import Path

import torch

from crispdeck.errors import BadInputError
from worker.lab.lineage.recipes import row_named, train_row
from worker.lab.lineage.rows import ROWS, to_train
from worker.lab.lineage.training import Budget
from worker.lab.training.corpus import Corpus
from worker.networks.memory import keep_freed_memory

ALL = "all"
BUDGET = "25min"
_UNITS = {"min": 1.0, "h": 60.0}  # minutes


def minutes_of(text: str) -> float:
    """Read "30min" or "2h" as minutes.

    Raises:
        argparse.ArgumentTypeError: it is neither.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(min|h)", text)
    if found is None or float(found[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 30min or 2h")
    return float(found[1]) * _UNITS[found[2]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line, train, keep the weights.

    Raises:
        BadInputError: there is no such network, or no corpus.
    """
    options = parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    keep_freed_memory()
    torch.set_num_threads(options.threads)
    rows = to_train() if options.network == ALL else [row_named(options.network)]
    corpus = open_corpus(options.corpus)
    for row in rows:
        train_row(row, corpus, Budget(options.budget))


def open_corpus(folder: Path) -> Corpus:
    """Open a corpus as worker.lab.training.make_corpus makes it.

    Raises:
        BadInputError: there is none.
    """
    corpus = Corpus(folder)
    if not corpus.entries:
        raise BadInputError(
            f"There is no corpus in {folder}: python -m worker.lab.training.make_corpus makes one"
            " (docs/training-data.md)."
        )
    return corpus


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    made = argparse.ArgumentParser(prog="crispdeck train --network", description=__doc__)
    add = made.add_argument
    add("--network", required=True, metavar="NAME", help=f"{', '.join(ROWS)}, or {ALL}")
    add("--budget", type=minutes_of, default=minutes_of(BUDGET), metavar="TIME",
        help=f"processor time in all runs together, such as 30min or 2h [{BUDGET}]")  # fmt: skip
    add("--corpus", type=Path, default=Path("corpus"), help="folder of the training pictures")
    add("--threads", type=int, default=1)
    return made


if __name__ == "__main__":
    main()
