"""From a row's name to its trained weights: network, loss, budget, checkpoint, export."""

import logging
from functools import partial
from pathlib import Path

import torch

from crispdeck.errors import BadInputError
from worker.lab.lineage.architectures.efficientnet import pretrained
from worker.lab.lineage.losses import loss_for
from worker.lab.lineage.registration import descriptor_of
from worker.lab.lineage.rows import ROWS, Row
from worker.lab.lineage.store import entry_of, folder_of_row, keep, made_folder
from worker.lab.lineage.training import Budget, State, start, train
from worker.lab.training.corpus import Corpus
from worker.networks.weights import trained

logger = logging.getLogger(__name__)


def row_named(name: str) -> Row:
    """Find a row.

    Raises:
        BadInputError: there is none of that name.
    """
    if name not in ROWS:
        raise BadInputError(f"The lineage has no network {name}; it has {', '.join(ROWS)}.")
    return ROWS[name]


def checkpoint_of(row: Row) -> Path:
    """Name the checkpoint of a row."""
    return made_folder() / f"{row.name}.pt"


def train_row(row: Row, corpus: Corpus, budget: Budget) -> State:
    """Train a row up to the budget, from its checkpoint if there is one, and keep its weights.

    Raises:
        BadInputError: it starts from another row, which is not trained.
    """
    torch.manual_seed(budget.seed)
    state = _state(row)
    if state.minutes < budget.minutes:
        logger.info("%s: from step %d, %.1f minutes", row.name, state.step, state.minutes)
        train(
            state,
            corpus,
            budget,
            rate=row.recipe.rate,
            save=partial(_save, row),
        )
    return state


def _save(row: Row, state: State) -> None:
    """Write the checkpoint, and the weights so far with the minutes that they have had."""
    state.save(checkpoint_of(row))
    keep(row.name, state.average.state_dict(), minutes=state.minutes, steps=state.step)


def _state(row: Row) -> State:
    network = row.build()
    if row.recipe.starts_from is not None:
        network.load_state_dict(_weights_of(row_named(row.recipe.starts_from)))
    if row.name == "srntt":
        network.get_submodule("features").load_state_dict(pretrained().state_dict())
    state = start(network, loss_for(row.recipe.loss), row.recipe.rate)
    state.has_reference = row.has_reference
    if checkpoint_of(row).exists():
        state.load(checkpoint_of(row))
    return state


def _weights_of(row: Row) -> dict[str, torch.Tensor]:
    if entry_of(row.name, folder_of_row(row.name)) is None:
        raise BadInputError(f"It starts from {row.name}, which is not trained: train that first.")
    return dict(trained(descriptor_of(row)).state_dict())
