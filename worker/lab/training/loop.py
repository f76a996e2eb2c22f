"""The training loop: loss, schedule, checkpoints, resuming; no pictures, no export."""

import copy
import logging
import math
import random
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from worker.lab.training.batches import Batch, Sampler, prefetched
from worker.lab.training.corpus import Corpus
from worker.lab.training.muon import Muon
from worker.lab.training.validation import validate
from worker.networks.plain import Exit, Parts, PlainNetwork

logger = logging.getLogger(__name__)

SCALE_WEIGHTS = {4: 0.6, 2: 0.4}  # steps: ×4 is harder and asked for more often; a guess
TIER_LOSS_WEIGHTS = {"m": 1.0, "s": 0.3}
"""S leaves the same body early and shall not bend it; a guess."""
GRADIENT_LOSS_WEIGHT = 0.1  # of the L1 of differences; the same in all of docs/experiments.md
CHARBONNIER_EPSILON = 1e-3  # Lai et al. 2017 (LapSRN), whose pixels range from 0 to 1 too
EMA_DECAY = 0.999  # a step: the average reaches back some 1,000 steps; a common choice
WARM_UP_STEPS = 200  # until the rate is at its highest; a guess
LOWEST_RATE_SHARE = 0.005  # of the highest rate, at the end of a run; a guess
CLIP_NORM = 1.0  # norm of the gradient of all weights; a common choice
LOG_EVERY_STEPS = 100  # half a minute or so on two cores
HARM_WEIGHT = 2.0
"""How much more a crop counts for its gate that comes out worse than by interpolation."""
CLOSED_WEIGHT = 3.0
"""How much more a crop counts that comes out worse than with no gate: with 0 flat pictures of decks
lost 0.05 to 0.27 dB."""
LEAST_ERROR = 2e-6
"""Mean square, 57 dB: below it nothing is to be gained that could be seen."""
# The share of a run that is spent at the highest rate before it falls (warm-up, stable, decay:
# a run can be lengthened as long as it has not begun to fall).
STABLE_SHARE = 0.3


@dataclass(frozen=True)
class Plan:
    """How long and how to train; it ends at `steps` or after `minutes`, whichever is first.

    Attributes:
        softness: so many times as many truths as usual are soft themselves.
        frozen_body: leave the body and its exits as they are and fit what lies beside to them:
            gates, and what is taken where these are shut.
    """

    steps: int
    minutes: float
    batch: int = 16
    small_px: int = 48
    rate: float = 1e-3
    seed: int = 1
    checkpoint_minutes: float = 4.0
    device: str = "cpu"
    softness: float = 1.0
    frozen_body: bool = False


def write_checkpoint(content: dict[str, Any], path: Path) -> None:
    """Write it whole or not at all: a run may end at any moment."""
    part = path.with_suffix(".part")
    torch.save(content, part)
    part.replace(path)


@dataclass
class State:
    """All that a checkpoint keeps: enough to go on as if nothing had happened."""

    network: PlainNetwork
    average: PlainNetwork
    optimizers: list[torch.optim.Optimizer]
    step: int = 0
    seconds: float = 0.0
    losses: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def save(self, path: Path) -> None:
        """Write whole or not at all."""
        content = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizers": [one.state_dict() for one in self.optimizers],
            "step": self.step,
            "seconds": self.seconds,
        }
        write_checkpoint(content, path)

    def load(self, path: Path) -> None:
        """Take up where `save` left off."""
        content: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
        self.network.load_state_dict(content["network"])
        self.average.load_state_dict(content["average"])
        for optimizer, kept in zip(self.optimizers, content["optimizers"], strict=True):
            optimizer.load_state_dict(kept)
        self.step, self.seconds = content["step"], content["seconds"]


def start(network: PlainNetwork, plan: Plan) -> State:
    """Make a fresh state around `network`: Muon for the body, Adam for what touches pixels.

    What lies beside a frozen body has Adam alone.
    """
    network.to(plan.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    if plan.frozen_body:
        network.requires_grad_(False)
        beside = [*network.gates.parameters(), *network.naturals.parameters()]
        for weight in beside:
            weight.requires_grad_(True)
        of_beside = torch.optim.Adam(beside, lr=plan.rate, betas=(0.9, 0.98))
        return State(network, copy.deepcopy(network).requires_grad_(False), [of_beside])
    hidden = [weight for weight in network.blocks.parameters() if weight.ndim > 1]
    known = {id(weight) for weight in hidden}
    others = [weight for weight in network.parameters() if id(weight) not in known]
    optimizers: list[torch.optim.Optimizer] = [
        Muon(hidden, lr=plan.rate),
        torch.optim.Adam(others, lr=plan.rate, betas=(0.9, 0.99)),
    ]
    return State(network, copy.deepcopy(network).requires_grad_(False), optimizers)


def train(state: State, corpus: Corpus, plan: Plan, checkpoint: Path) -> None:
    """Train `state` until `plan` ends; writes `checkpoint` every few minutes and at the end."""
    # A resumed run draws new crops, not the first ones again.
    seed = plan.seed + state.step
    rng = random.Random(seed)  # noqa: S311
    seconds_before, began = state.seconds, time.monotonic()
    saved_at = state.seconds
    with ExitStack() as stack:
        batches = {
            scale: stack.enter_context(_batches(corpus, scale, plan, seed))
            for scale in SCALE_WEIGHTS
        }
        while (share := _share_done(state, plan)) < 1:
            (scale,) = rng.choices([*SCALE_WEIGHTS], [*SCALE_WEIGHTS.values()])
            rate = plan.rate * min(1.0, state.step / WARM_UP_STEPS + 0.05) * rate_factor(share)
            _step(state, next(batches[scale]), scale, rate, plan)
            state.seconds = seconds_before + time.monotonic() - began
            if state.step % LOG_EVERY_STEPS == 0:
                _log(state, share)
            if state.seconds - saved_at > plan.checkpoint_minutes * 60:
                saved_at = state.seconds
                _checkpoint(state, corpus, checkpoint)
    _checkpoint(state, corpus, checkpoint)


def _batches(corpus: Corpus, scale: int, plan: Plan, seed: int) -> Any:
    return prefetched(Sampler(corpus, scale=scale, small_px=plan.small_px, seed=seed), plan.batch)


def _share_done(state: State, plan: Plan) -> float:
    return max(state.step / plan.steps, state.seconds / (plan.minutes * 60))


def rate_factor(share: float) -> float:
    """Give the learning rate as a share of the highest, `share` (0..1) of the run gone."""
    fallen = max(0.0, share - STABLE_SHARE) / (1 - STABLE_SHARE)
    cosine = (1 + math.cos(math.pi * min(fallen, 1.0))) / 2
    return LOWEST_RATE_SHARE + (1 - LOWEST_RATE_SHARE) * cosine


def _step(state: State, batch: Batch, scale: int, rate: float, plan: Plan) -> None:
    small, sharp, compression = (tensor.to(plan.device, non_blocking=True) for tensor in batch)
    small, sharp = small.float().div_(255), sharp.float().div_(255)
    for optimizer in state.optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
    total = torch.zeros((), device=plan.device)
    for one, parts in _parts(state.network, small, compression, scale):
        if plan.frozen_body:
            loss, weight = gate_loss(parts, sharp), 1.0
        else:
            loss, weight = loss_of(parts.enlarged, sharp), TIER_LOSS_WEIGHTS[one.tier]
        total = total + weight * loss
        state.losses[one.name].append(float(loss.detach()))
    total.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(state.network.parameters(), CLIP_NORM)
    for optimizer in state.optimizers:
        optimizer.step()
    state.step += 1
    _average(state)


def _parts(
    network: PlainNetwork, small: Tensor, compression: Tensor, scale: int
) -> list[tuple[Exit, Parts]]:
    with torch.autocast(small.device.type, torch.bfloat16):
        found = [*network.parts(small, compression, scale)]
    return [(one, Parts(*(part.float() for part in parts))) for one, parts in found]


def loss_of(enlarged: Tensor, sharp: Tensor) -> Tensor:
    """Charbonnier on the pixels plus L1 on their differences, which keeps edges crisp."""
    error = enlarged - sharp
    pixels = torch.sqrt(error * error + CHARBONNIER_EPSILON**2).mean()
    across = (error[..., 1:] - error[..., :-1]).abs().mean()
    down = (error[..., 1:, :] - error[..., :-1, :]).abs().mean()
    return pixels + GRADIENT_LOSS_WEIGHT * (across + down)


def gate_loss(parts: Parts, sharp: Tensor) -> Tensor:
    """Count what each crop gains over interpolation, in dB, and more what is lost.

    Losses against interpolation count HARM_WEIGHT times more, those against a gate that is open
    everywhere CLOSED_WEIGHT times more. Decibels, since a soft crop has so little error, and a
    drawing so much, that any mean of errors is that of drawings.
    """
    gated, plain, opened = (
        _psnr_db(each, sharp) for each in (parts.enlarged, parts.plain, parts.open.detach())
    )
    gain = gated - plain
    return (HARM_WEIGHT * relu(-gain) + CLOSED_WEIGHT * relu(opened - gated) - gain).mean()


def _psnr_db(enlarged: Tensor, sharp: Tensor) -> Tensor:
    """(N) of (N, C, H, W)."""
    error = (enlarged - sharp).square().mean(dim=(1, 2, 3))
    return -10 * torch.log10(error + LEAST_ERROR)


def _average(state: State) -> None:
    """Move the exponential average; quicker at the start, when the weights are worth little."""
    decay = min(EMA_DECAY, (1 + state.step) / (10 + state.step))
    with torch.no_grad():
        for mean, weight in zip(
            state.average.parameters(), state.network.parameters(), strict=True
        ):
            mean.lerp_(weight, 1 - decay)


def _log(state: State, share: float) -> None:
    means = "  ".join(
        f"{name} {sum(losses) / len(losses):.5f}" for name, losses in sorted(state.losses.items())
    )
    state.losses.clear()
    logger.info("step %d  %.0f s  %.1f %%  %s", state.step, state.seconds, 100 * share, means)


def _checkpoint(state: State, corpus: Corpus, path: Path) -> None:
    state.save(path)
    for score in validate(state.average, corpus):
        logger.info(
            "step %d  %s %s %s %.2f dB, %+.2f over bicubic",
            state.step, score.exit, score.kind, score.regime, score.psnr_db, score.gain_db,
        )  # fmt: skip
