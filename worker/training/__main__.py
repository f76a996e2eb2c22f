"""python -m worker.training: trains one network on two folders of pictures."""

import argparse
import logging
import os
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from worker.networks.registry import NETWORKS
from worker.training.corpus import build_corpus
from worker.training.loop import Plan, State, start, train

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line, train, export."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    corpus = build_corpus(
        options.cache or options.out / "corpus",
        options.photos,
        options.graphics,
        pages=options.pages,
        seed=options.seed,
    )
    plan = _plan(options)
    checkpoint = options.out / f"x{plan.scale}.pt"
    state = _state(options, plan, checkpoint)
    logger.info("%d pictures, from step %d, %s", len(corpus.entries), state.step, plan)
    train(state, corpus, plan, checkpoint)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m worker.training", description=__doc__)
    add = parser.add_argument
    add("--photos", type=Path, required=True, help="folder of photographs")
    add("--graphics", type=Path, required=True, help="folder of drawings, raster or SVG")
    add("--out", type=Path, required=True, help="folder for the checkpoint and the export")
    add("--scale", type=int, choices=(2, 4), default=4)
    add("--steps", type=int, default=300_000, help="the run ends after so many steps")
    add("--minutes", type=float, default=600, help="… or after so much time in all runs together")
    add("--resume", action="store_true", help="go on from the checkpoint in --out")
    add("--start-from", type=Path, help="×4 checkpoint to start the ×2 network from")
    add("--cache", type=Path, help="folder for the decoded pictures (default: in --out)")
    add("--pages", type=int, default=800, help="pages of text to render as well")
    add("--batch", type=int, default=16)
    add("--small-px", type=int, default=48, help="side of the small crops")
    add("--rate", type=float, default=8e-4, help="the highest learning rate")
    add("--threads", type=int, default=os.cpu_count() or 1)
    add("--seed", type=int, default=1)
    return parser


def _plan(options: argparse.Namespace) -> Plan:
    return Plan(
        scale=options.scale,
        steps=options.steps,
        minutes=options.minutes,
        batch=options.batch,
        small_px=options.small_px,
        rate=options.rate,
        seed=options.seed,
    )


def _state(options: argparse.Namespace, plan: Plan, checkpoint: Path) -> State:
    network = NETWORKS[f"plain-x{plan.scale}"].build()
    if options.start_from is not None:
        start_from_x4(network, options.start_from)
    state = start(network, plan)
    if options.resume and checkpoint.exists():
        state.load(checkpoint)
    return state


def start_from_x4(network: nn.Module, checkpoint: Path) -> None:
    """Start the ×2 `network` as the ×4 one of `checkpoint` whose result is shrunk by two.

    The body is taken over; each subpixel of the tail starts as the mean of the four it covers.
    """
    weights = torch.load(checkpoint, weights_only=True)["average"]
    for name in ("tail.weight", "tail.bias"):
        rgb_by_4_by_4 = weights[name].unflatten(0, (3, 2, 2, 2, 2))
        weights[name] = rgb_by_4_by_4.mean(dim=(2, 4)).flatten(0, 2)
    network.load_state_dict(weights)


if __name__ == "__main__":
    main()
