"""Fits the gates of a trained network; nothing else of it changes.

python -m worker.lab.training.gates --cache CORPUS --weights FILE --version N --out FOLDER

A gate (worker.networks.plain) takes of what a network adds to interpolation the share w that comes
nearest to the truth. A gate scales the added subpixels of one small pixel, so their squared error
is a parabola in w: three sums for each small pixel are all that has to be kept of pictures, and a
fit takes minutes. The mean of the *logarithm* of the error over crops is made small: a star field
counts as much as a page of text, though its errors are a hundredth.
"""

import argparse
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file, save
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, linear, pad, pixel_shuffle, relu, unfold

from worker.lab.training.batches import Batch, Sampler
from worker.lab.training.corpus import Corpus
from worker.lab.training.export import enter_in_manifest
from worker.networks.memory import keep_freed_memory
from worker.networks.plain import Exit, Gate, PlainNetwork, interpolate_bicubic
from worker.networks.registry import TRAINED_FILE, build_for_training

logger = logging.getLogger(__name__)

SMALL_PX = 64
PLACES_A_CROP = 256
"""Small pixels kept of each crop, drawn at random: neighbours hardly tell more than one."""
SOFTNESS = 2.0
"""Truths are made soft so many times as often as in training: there the gates have to learn."""
FLOOR = (0.5 / 255) ** 2
"""Squared error below which it does not matter which of two is less: rounding makes as much."""
STEPS = 600
RATE = 2e-3
CROPS_A_STEP = 64


@dataclass(frozen=True, eq=False)
class Places:
    """What is kept of some small pixels at one exit.

    Attributes:
        around: (crops, PLACES_A_CROP, channels × 9) float16: the body in 3 × 3 pixels around each.
        squares, products: (crops, PLACES_A_CROP): of what the network adds, squared, and times
            what interpolation lacks; means over subpixels and channels.
        lacks: the same of what interpolation lacks, squared.
    """

    around: Tensor
    squares: Tensor
    products: Tensor
    lacks: Tensor

    def errors(self, share: Tensor, crops: Tensor) -> Tensor:
        """Give the mean squared error of some crops if `share` of what is added were taken."""
        squares, products, lacks = (one[crops] for one in (self.squares, self.products, self.lacks))
        return (squares * share.square() - 2 * products * share + lacks).mean(dim=1)


@torch.inference_mode()
def kept_places(
    network: PlainNetwork, batches: Iterator[Batch], scale: int, seed: int
) -> dict[Exit, Places]:
    """Run `network` on all of `batches` and keep some places of each crop."""
    generator = torch.Generator().manual_seed(seed)
    kept: dict[Exit, list[tuple[Tensor, ...]]] = {}
    for batch in batches:
        small, sharp = batch.small.float().div(255), batch.sharp.float().div(255)
        lacking = sharp - interpolate_bicubic(small, scale)
        for one, body in network.bodies(small, batch.compression.float(), scale):
            added = pixel_shuffle(network.tails[one.name](body), scale)
            maps = [
                _in_small(product, scale)
                for product in (added * added, added * lacking, lacking * lacking)
            ]
            around = unfold(pad(body, (1, 1, 1, 1), mode="replicate"), 3)
            chosen = torch.stack(
                [
                    torch.randperm(around.shape[2], generator=generator)[:PLACES_A_CROP]
                    for _ in range(len(small))
                ]
            )
            picked = torch.gather(
                around, 2, chosen[:, None].expand(-1, around.shape[1], -1)
            ).transpose(1, 2)
            sums = [torch.gather(one_map, 1, chosen) for one_map in maps]
            kept.setdefault(one, []).append((picked.half(), *sums))
    return {
        one: Places(*(torch.cat(column) for column in zip(*rows, strict=True)))
        for one, rows in kept.items()
    }


def _in_small(x: Tensor, scale: int) -> Tensor:
    """Average (N, 3, H, W) over channels and the subpixels of each small pixel: (N, h · w)."""
    return avg_pool2d(x.mean(dim=1, keepdim=True), scale).flatten(1)


def fit(gate: Gate, places: Places, *, seed: int) -> float:
    """Fit `gate` in place; returns the mean logarithm (natural) of the error that is left.

    Every channel of the body is brought to one size first, and the weights are put back after.
    """
    middle = places.around.view(*places.around.shape[:2], -1, 9)
    mean = middle.float().mean(dim=(0, 1, 3))
    size = middle.float().std(dim=(0, 1, 3)).clamp(min=1e-4)
    first, second = gate.first, gate.second
    torch.manual_seed(seed)
    nn.init.kaiming_normal_(first.weight)
    nn.init.normal_(second.weight, std=0.1)
    nn.init.constant_(cast("Tensor", second.bias), 1.0)
    parameters = [*gate.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    mean9, size9 = (one.repeat_interleave(9) for one in (mean, size))
    last = 0.0
    for _ in range(STEPS):
        crops = torch.randperm(len(places.around))[:CROPS_A_STEP]
        around = (places.around[crops].float() - mean9) / size9
        share = _share(gate, around)
        loss = torch.log(places.errors(share, crops) + FLOOR).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        last = 0.98 * last + 0.02 * float(loss.detach()) if last else float(loss.detach())
    with torch.no_grad():
        weight = first.weight / size.view(1, -1, 1, 1)
        cast("Tensor", first.bias).sub_((weight * mean.view(1, -1, 1, 1)).sum(dim=(1, 2, 3)))
        first.weight.copy_(weight)
    return last


def _share(gate: Gate, around: Tensor) -> Tensor:
    """Do what the gate does, on 3 × 3 pixels that were cut out: (…, channels × 9) to (…)."""
    hidden = relu(linear(around, gate.first.weight.flatten(1), gate.first.bias))
    found = linear(hidden, gate.second.weight.flatten(1), gate.second.bias)
    return torch.sigmoid(found[..., 0])


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit the gates of all exits and write the weights."""
    parser = argparse.ArgumentParser(
        prog="python -m worker.lab.training.gates",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--cache", type=Path, required=True, help="the corpus")
    add("--weights", type=Path, required=True, help="of the trained network (.safetensors)")
    add("--out", type=Path, required=True, help="folder for the weights and their manifest")
    add("--version", required=True, help="as the registry names it, for example 8")
    add("--crops", type=int, default=640, help="crops a scale (default: 640)")
    add("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    keep_freed_memory()
    network = build_for_training()
    network.load_state_dict(load_file(options.weights), strict=False)
    corpus = Corpus(options.cache)
    for scale in sorted({one.scale for one in network.exits}, reverse=True):
        batches = _batches(corpus, scale, options.crops, options.seed)
        kept = kept_places(network.eval(), batches, scale, options.seed)
        for one, places in kept.items():
            left = fit(cast("Gate", network.gates[one.name]), places, seed=options.seed)
            logger.info("%s: log of the squared error %.3f, %s", one.name, left, _summary(places))
    weights = {name: weight.half().contiguous() for name, weight in network.state_dict().items()}
    data = save(weights)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / TRAINED_FILE).write_bytes(data)
    enter_in_manifest(options.out, TRAINED_FILE, data, {"version": options.version})


def _batches(corpus: Corpus, scale: int, crops: int, seed: int) -> Iterator[Batch]:
    sampler = Sampler(corpus, scale=scale, small_px=SMALL_PX, seed=seed, softness=SOFTNESS)
    made = 0
    while made < crops:
        batch = sampler.batch(4)
        if batch.small.shape[2] < SMALL_PX:
            continue
        made += len(batch.small)
        if made % 64 < len(batch.small):
            logger.info("×%d: %d of %d crops", scale, made, crops)
        yield batch


def _summary(places: Places) -> str:
    """Say what the two simplest gates, always closed and always open, leave."""
    everything = torch.arange(len(places.around))
    closed, opened = (
        float(torch.log(places.errors(torch.tensor(share), everything) + FLOOR).mean())
        for share in (0.0, 1.0)
    )
    return f"closed {closed:.3f}, open {opened:.3f}"


if __name__ == "__main__":
    main()
