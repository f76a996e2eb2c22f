"""The training loop: loss, schedule, checkpoints, resuming; no pictures, no export."""

import copy
import logging
import math
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from worker.training.batches import Batch, Sampler, made_ahead
from worker.training.corpus import Corpus
from worker.training.validation import validate

logger = logging.getLogger(__name__)

GRADIENT_LOSS_WEIGHT = 0.1
CHARBONNIER_EPSILON = 1e-3
EMA_DECAY = 0.999
WARM_UP_SHARE = 0.01
LOWEST_RATE_SHARE = 0.005
CLIP_NORM = 1.0
LOG_EVERY_STEPS = 100


@dataclass(frozen=True)
class Plan:
    """How long and how to train; it ends at `steps` or after `minutes`, whichever is first."""

    scale: int
    steps: int
    minutes: float
    batch: int = 16
    small_px: int = 48
    rate: float = 8e-4
    seed: int = 1
    checkpoint_minutes: float = 4.0


@dataclass
class State:
    """All that a checkpoint keeps: enough to go on as if nothing had happened."""

    network: nn.Module
    average: nn.Module
    optimizer: torch.optim.Optimizer
    step: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)

    def save(self, path: Path) -> None:
        """Write whole or not at all."""
        content = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        part = path.with_suffix(".part")
        torch.save(content, part)
        part.replace(path)

    def load(self, path: Path) -> None:
        """Take up where `save` left off."""
        content: dict[str, Any] = torch.load(path, weights_only=True)
        self.network.load_state_dict(content["network"])
        self.average.load_state_dict(content["average"])
        self.optimizer.load_state_dict(content["optimizer"])
        self.step, self.seconds = content["step"], content["seconds"]


def start(network: nn.Module, plan: Plan) -> State:
    """Make a fresh state around `network`."""
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.Adam(network.parameters(), lr=plan.rate, betas=(0.9, 0.99))
    return State(network, copy.deepcopy(network).requires_grad_(False), optimizer)


def train(state: State, corpus: Corpus, plan: Plan, checkpoint: Path) -> None:
    """Train `state` until `plan` ends; writes `checkpoint` every few minutes and at the end."""
    # A resumed run draws new crops, not the first ones again.
    sampler = Sampler(corpus, scale=plan.scale, small_px=plan.small_px, seed=plan.seed + state.step)
    seconds_before, began = state.seconds, time.monotonic()
    saved_at = state.seconds
    with made_ahead(sampler, plan.batch) as batches:
        while (share := _share_done(state, plan)) < 1:
            state.losses.append(_step(state, next(batches), plan.rate * rate_factor(share)))
            state.seconds = seconds_before + time.monotonic() - began
            if state.step % LOG_EVERY_STEPS == 0:
                _log(state, share)
            if state.seconds - saved_at > plan.checkpoint_minutes * 60:
                saved_at = state.seconds
                _checkpoint(state, corpus, plan, checkpoint)
    _checkpoint(state, corpus, plan, checkpoint)


def _share_done(state: State, plan: Plan) -> float:
    return max(state.step / plan.steps, state.seconds / (plan.minutes * 60))


def rate_factor(share: float) -> float:
    """Give the learning rate as a share of the highest, `share` (0..1) of the run gone."""
    if share < WARM_UP_SHARE:
        return 0.05 + 0.95 * share / WARM_UP_SHARE
    cosine = (1 + math.cos(math.pi * min(share, 1.0))) / 2
    return LOWEST_RATE_SHARE + (1 - LOWEST_RATE_SHARE) * cosine


def _step(state: State, batch: Batch, rate: float) -> float:
    small, sharp = (tensor.float().div_(255) for tensor in (batch.small, batch.sharp))
    for group in state.optimizer.param_groups:
        group["lr"] = rate
    with torch.autocast("cpu", torch.bfloat16):
        enlarged = state.network(small)
    loss = loss_of(enlarged.float(), sharp)
    state.optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(state.network.parameters(), CLIP_NORM)
    state.optimizer.step()
    state.step += 1
    _average(state)
    return float(loss.detach())


def loss_of(enlarged: Tensor, sharp: Tensor) -> Tensor:
    """Charbonnier on the pixels plus L1 on their differences, which keeps edges crisp."""
    error = enlarged - sharp
    pixels = torch.sqrt(error * error + CHARBONNIER_EPSILON**2).mean()
    across = (error[..., 1:] - error[..., :-1]).abs().mean()
    down = (error[..., 1:, :] - error[..., :-1, :]).abs().mean()
    return pixels + GRADIENT_LOSS_WEIGHT * (across + down)


def _average(state: State) -> None:
    """Move the exponential average; quicker at the start, when the weights are worth little."""
    decay = min(EMA_DECAY, (1 + state.step) / (10 + state.step))
    with torch.no_grad():
        for mean, weight in zip(
            state.average.parameters(), state.network.parameters(), strict=True
        ):
            mean.lerp_(weight, 1 - decay)


def _log(state: State, share: float) -> None:
    mean = sum(state.losses) / len(state.losses)
    state.losses.clear()
    logger.info("step %d  %.0f s  %.1f %%  loss %.5f", state.step, state.seconds, 100 * share, mean)


def _checkpoint(state: State, corpus: Corpus, plan: Plan, path: Path) -> None:
    state.save(path)
    for score in validate(state.average, corpus, plan.scale):
        logger.info(
            "step %d  %s %.2f dB, %+.2f over bicubic",
            state.step, score.kind, score.psnr_db, score.gain_db,
        )  # fmt: skip
