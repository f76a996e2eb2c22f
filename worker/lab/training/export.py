"""Writes trained weights as safetensors and enters them in the manifest; no training."""

import argparse
import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from worker.networks.registry import TRAINED_FILE
from worker.networks.weights import MANIFEST_NAME, WEIGHTS_FOLDER

logger = logging.getLogger(__name__)


def export(checkpoint: Path, folder: Path, *, version: str) -> Path:
    """Write the averaged weights of `checkpoint` to `folder` and record their sha256.

    Half precision: the body runs in bf16 or fp32, and no result differs by a level for it.
    """
    content = torch.load(checkpoint, weights_only=True, map_location="cpu")
    minutes = round(content["seconds"] / 60, 1)
    entry = {"version": version, "steps": content["step"], "training_minutes": minutes}
    return write_weights(folder, TRAINED_FILE, content["average"], entry)


def write_weights(
    folder: Path, name: str, weights: Mapping[str, Tensor], entry: dict[str, Any]
) -> Path:
    """Write `weights` in half precision to `folder` and enter them in its manifest."""
    data = save({key: weight.half().contiguous() for key, weight in weights.items()})
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    enter_in_manifest(folder, name, data, entry)
    return path


def enter_in_manifest(folder: Path, name: str, data: bytes, entry: dict[str, Any]) -> None:
    """Record what the weights file `name` must hold, and what `entry` tells of its making."""
    manifest = folder / MANIFEST_NAME
    entries = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}
    entries[name] = entry | {"sha256": hashlib.sha256(data).hexdigest()}
    manifest.write_text(json.dumps(entries, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Export one checkpoint from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m worker.lab.training.export", description=__doc__
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--version", required=True, help="as the registry names it, for example 3")
    parser.add_argument("--folder", type=Path, default=WEIGHTS_FOLDER)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    path = export(options.checkpoint, options.folder, version=options.version)
    logger.info("wrote %s", path)


if __name__ == "__main__":
    main()
