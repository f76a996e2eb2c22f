"""Where trained rows lie: those in this folder, and those that this machine has trained itself."""

import json
import os
from pathlib import Path
from typing import Any

from torch import Tensor

from worker.lab.training.export import write_weights
from worker.networks.weights import MANIFEST_NAME

COMMITTED = Path(__file__).parent / "weights"
"""In the repository: rows that had their budget and weigh less than 2 MB."""
_IN_A_CHECKOUT = Path(".train") / "lineage"


def made_folder() -> Path:
    """Name the folder of what this machine trains: $LINEAGE_DATA, or .train/lineage here."""
    return Path(os.environ.get("LINEAGE_DATA", _IN_A_CHECKOUT))


def weights_name(row: str) -> str:
    """Name the file of a row."""
    return f"{row}.safetensors"


def entry_of(row: str, folder: Path) -> dict[str, Any] | None:
    """Read what the manifest of `folder` tells of a row's training; None where it has none."""
    try:
        manifest = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    found = manifest.get(weights_name(row)) if isinstance(manifest, dict) else None
    return found if isinstance(found, dict) else None


def folder_of_row(row: str) -> Path:
    """Name the folder with a row's weights: of two the one that was trained for longer."""
    made, committed = made_folder(), COMMITTED
    return max((made, committed), key=lambda folder: trained_minutes(row, folder))


def trained_minutes(row: str, folder: Path) -> float:
    """Say how many processor minutes the weights in `folder` have had; 0 where there are none."""
    entry = entry_of(row, folder)
    return 0.0 if entry is None else float(entry.get("processor_minutes", 0))


def keep(
    row: str, weights: dict[str, Tensor], *, minutes: float, steps: int, folder: Path | None = None
) -> Path:
    """Write a row's weights in half precision and enter them in the manifest."""
    entry = {"processor_minutes": round(minutes, 1), "steps": steps}
    return write_weights(folder or made_folder(), weights_name(row), weights, entry)
