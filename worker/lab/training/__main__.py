"""python -m worker.lab.training: trains the body with all its exits on folders of pictures."""

import argparse
import logging
import os
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file

from worker.lab.training.loop import Plan, State, start, train
from worker.lab.training.make_corpus import build_corpus
from worker.networks.memory import keep_freed_memory
from worker.networks.plain import begin_with
from worker.networks.registry import build_for_training

logger = logging.getLogger(__name__)

CHECKPOINT_NAME = "checkpoint.pt"


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line, train, export."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    keep_freed_memory()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    corpus = build_corpus(
        options.cache or options.out / "corpus",
        options.photos,
        options.graphics,
        pages=options.pages,
        slides=options.slides,
        seed=options.seed,
    )
    plan = _plan(options)
    checkpoint = options.out / CHECKPOINT_NAME
    state = _state(options, plan, checkpoint)
    logger.info("%d pictures, from step %d, %s", len(corpus.entries), state.step, plan)
    train(state, corpus, plan, checkpoint)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m worker.lab.training", description=__doc__)
    add = parser.add_argument
    add("--photos", type=Path, required=True, help="folder of photographs")
    add("--graphics", type=Path, required=True, help="folder of drawings, raster or SVG")
    add("--out", type=Path, required=True, help="folder for the checkpoint and the export")
    add("--steps", type=int, default=300_000, help="the run ends after so many steps")
    add("--minutes", type=float, default=600, help="… or after so much time in all runs together")
    add("--resume", action="store_true", help="go on from the checkpoint in --out")
    add("--start-from", type=Path, help="weights (.safetensors) to start from instead of bicubic")
    add("--cache", type=Path, help="folder for the decoded pictures (default: in --out)")
    add("--pages", type=int, default=312, help="pages to draw in Chromium as well")
    add("--slides", type=int, default=48, help="slides to draw in LibreOffice as well")
    add("--batch", type=int, default=16)
    add("--small-px", type=int, default=48, help="side of the small crops")
    add("--rate", type=float, default=1e-3, help="the highest learning rate")
    add("--softness", type=float, default=1.0, help="so many times the usual share of soft truths")
    add("--frozen-body", action="store_true", help="fit what lies beside the body to it as it is")
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    add("--threads", type=int, default=os.cpu_count() or 1)
    add("--seed", type=int, default=1)
    return parser


def _plan(options: argparse.Namespace) -> Plan:
    return Plan(
        steps=options.steps,
        minutes=options.minutes,
        batch=options.batch,
        small_px=options.small_px,
        rate=options.rate,
        seed=options.seed,
        device=options.device,
        softness=options.softness,
        frozen_body=options.frozen_body,
    )


def _state(options: argparse.Namespace, plan: Plan, checkpoint: Path) -> State:
    network = build_for_training()
    if options.start_from is not None:
        begin_with(network, load_file(options.start_from))
    state = start(network, plan)
    if options.resume and checkpoint.exists():
        state.load(checkpoint)
    return state


if __name__ == "__main__":
    main()
