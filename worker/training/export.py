"""Writes trained weights as safetensors and enters them in the manifest; no training."""

import argparse
import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import save

from worker.networks.descriptor import NetworkDescriptor
from worker.networks.registry import NETWORKS
from worker.networks.weights import MANIFEST_NAME, WEIGHTS_FOLDER

logger = logging.getLogger(__name__)


def export(checkpoint: Path, descriptor: NetworkDescriptor, folder: Path) -> Path:
    """Write the averaged weights of `checkpoint` to `folder` and record their sha256."""
    content = torch.load(checkpoint, weights_only=True)
    weights = {name: weight.contiguous() for name, weight in content["average"].items()}
    data = save(weights)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / descriptor.weights_file
    path.write_bytes(data)
    minutes = round(content["seconds"] / 60, 1)
    enter_in_manifest(folder, descriptor, data, steps=content["step"], minutes=minutes)
    return path


def enter_in_manifest(
    folder: Path, descriptor: NetworkDescriptor, data: bytes, *, steps: int, minutes: float
) -> None:
    """Record what the weights file of `descriptor` must hold, and how it was made."""
    manifest = folder / MANIFEST_NAME
    entries = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}
    entries[descriptor.weights_file] = {
        "network": descriptor.label,
        "sha256": hashlib.sha256(data).hexdigest(),
        "steps": steps,
        "training_minutes": minutes,
    }
    manifest.write_text(json.dumps(entries, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Export one checkpoint from the command line."""
    parser = argparse.ArgumentParser(prog="python -m worker.training.export", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--network", choices=sorted(NETWORKS), required=True)
    parser.add_argument("--folder", type=Path, default=WEIGHTS_FOLDER)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    path = export(options.checkpoint, NETWORKS[options.network], options.folder)
    logger.info("wrote %s", path)


if __name__ == "__main__":
    main()
