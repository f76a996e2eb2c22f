"""Trains one row: the same crops, seeds, optimizer and processor minutes for all; no export.

Time is that of the processor, over all threads, making the crops included: how busy the machine is
besides changes nothing. Papers train for days, each in its own way (SRCNN for 8 · 10⁸ steps of
SGD); what is alike here is all but shape, loss and rate.
"""

import copy
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from worker.lab.lineage.references.pairs import training_references
from worker.lab.lineage.rows import SCALE
from worker.lab.training.batches import Batch, Sampler, prefetched
from worker.lab.training.corpus import Corpus
from worker.lab.training.loop import rate_factor, write_checkpoint

logger = logging.getLogger(__name__)

EMA_DECAY = 0.999  # as of Crispdeck's own (worker.lab.training.loop)
WARM_UP_STEPS = 100  # until the rate is at its highest; a guess
CLIP_NORM = 0.5  # of the gradient of all weights; VDSR needs clipping, so all have it
LOG_EVERY_S = 60.0  # seconds of processor time


@dataclass(frozen=True)
class Budget:
    """What every row gets.

    Attributes:
        minutes: of the processor, in all runs together.
        batch, small_px: crops a step, and their side in small pixels.
    """

    minutes: float
    batch: int = 8
    small_px: int = 32
    seed: int = 21
    checkpoint_s: float = 60.0


@dataclass
class State:
    """All that a checkpoint keeps.

    Attributes:
        loss: called with the enlarged, the sharp and the small picture; may learn itself.
        has_reference: the network is given one, made of the sharp picture.
    """

    network: nn.Module
    average: nn.Module
    loss: nn.Module
    optimizer: torch.optim.Optimizer
    step: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)
    has_reference: bool = False

    def save(self, path: Path) -> None:
        """Write whole or not at all."""
        content = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "loss": self.loss.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        write_checkpoint(content, path)

    def load(self, path: Path) -> None:
        """Take up where `save` left off."""
        content: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
        self.network.load_state_dict(content["network"])
        self.average.load_state_dict(content["average"])
        self.loss.load_state_dict(content.get("loss", {}))
        self.optimizer.load_state_dict(content["optimizer"])
        self.step, self.seconds = content["step"], content["seconds"]

    @property
    def minutes(self) -> float:
        """Processor minutes so far."""
        return self.seconds / 60


def start(network: nn.Module, loss: nn.Module, rate: float) -> State:
    """Make a fresh state around `network`."""
    network.train().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = copy.deepcopy(network).requires_grad_(False).eval()
    return State(network, average, loss, torch.optim.Adam(network.parameters(), lr=rate))


def train(
    state: State,
    corpus: Corpus,
    budget: Budget,
    *,
    rate: float,
    save: Callable[[State], None],
) -> None:
    """Train until the budget is spent; calls `save` every few minutes and at the end."""
    before, began = state.seconds, time.process_time()
    saved_at = logged_at = state.seconds
    # A resumed run draws new crops, not the first ones again.
    sampler = Sampler(corpus, scale=SCALE, small_px=budget.small_px, seed=budget.seed + state.step)
    with prefetched(sampler, budget.batch) as batches:
        while (share := state.seconds / (budget.minutes * 60)) < 1:
            step(state, next(batches), _rate(state, rate, share))
            state.seconds = before + time.process_time() - began
            if state.seconds - logged_at > LOG_EVERY_S:
                logged_at = state.seconds
                _log(state, share)
            if state.seconds - saved_at > budget.checkpoint_s:
                saved_at = state.seconds
                save(state)
    save(state)


def _rate(state: State, rate: float, share: float) -> float:
    return rate * min(1.0, (state.step + 1) / WARM_UP_STEPS) * rate_factor(share)


def step(state: State, batch: Batch, rate: float) -> None:
    """Take one step at `rate`."""
    small, sharp = (tensor.float().div_(255) for tensor in (batch.small, batch.sharp))
    for group in state.optimizer.param_groups:
        group["lr"] = rate
    state.optimizer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16):
        if state.has_reference:
            reference = training_references(sharp, state.step)
            enlarged = state.network(small, batch.compression, reference)
        else:
            enlarged = state.network(small, batch.compression)
    loss = state.loss(enlarged.float(), sharp, small)
    loss.backward()
    nn.utils.clip_grad_norm_(state.network.parameters(), CLIP_NORM)
    state.optimizer.step()
    state.losses.append(float(loss.detach()))
    state.step += 1
    _average(state)


def _average(state: State) -> None:
    """Move the exponential average; quicker at the start, when the weights are worth little."""
    decay = min(EMA_DECAY, (1 + state.step) / (10 + state.step))
    with torch.no_grad():
        for mean, weight in zip(
            state.average.parameters(), state.network.parameters(), strict=True
        ):
            mean.lerp_(weight, 1 - decay)
        for kept, found in zip(state.average.buffers(), state.network.buffers(), strict=True):
            kept.copy_(found)


def _log(state: State, share: float) -> None:
    mean = sum(state.losses) / max(1, len(state.losses))
    level = math.nan if mean <= 0 else mean
    state.losses.clear()
    logger.info(
        "step %d  %.1f processor minutes  %.0f %%  loss %.5f",
        state.step, state.minutes, 100 * share, level,
    )  # fmt: skip
