"""The rows as methods of the bench, with and without a reference; measures nothing."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from crispdeck.settings import Settings
from worker.lab import lineage
from worker.lab.bench.methods import Bare, Kind, Small, digest_of
from worker.lab.lineage.references.pairs import LIKENESSES, Likeness, reference_for
from worker.lab.lineage.registration import UNTRAINED, descriptor_of
from worker.lab.lineage.rows import Row
from worker.lab.metrics import Picture, psnr_luma
from worker.networks.weights import trained

_PIXELS_PASS = ("architectures", "references", "inputs.py")
"""What of this folder a row's pixels pass."""
SEED = 7  # of the references that rows are measured with


class LineageMethod(Bare):
    """One trained row, bare: nothing that Crispdeck does to its result."""

    kind: Kind = "peer"

    def __init__(self, settings: Settings, row: Row) -> None:
        super().__init__(settings, descriptor_of(row))
        self.label = row.title
        self._row = row

    @property
    def digest(self) -> str:
        """Weights and the code of the architectures."""
        return digest_of(self._row.name, self._network.version, code_digest())


def is_usable(row: Row) -> bool:
    """Say whether a row has weights, or needs none."""
    return descriptor_of(row).version != UNTRAINED


def code_digest() -> str:
    """Hash the code that a row's pixels pass."""
    folder = Path(lineage.__file__ or "").parent
    found = hashlib.sha256()
    for name in _PIXELS_PASS:
        path = folder / name
        for source in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            found.update(source.read_bytes())
    return found.hexdigest()[:16]


def by_reference(
    row: Row, small: Small, truth: Picture, other: Picture
) -> dict[Likeness | str, float]:
    """PSNR of luma in dB with each kind of reference, and under "none" without one.

    Args:
        row: a trained one with references.
        small, truth: the pair.
        other: something else, (H, W, 3), the unrelated reference.
    """
    network, x, sharp = trained(descriptor_of(row)), _planes(small.rgb), _planes(truth)
    with torch.inference_mode():
        found = {"none": network(x, torch.zeros(1))}
        for kind in LIKENESSES:
            reference = reference_for(sharp, _planes(other), kind, SEED)
            found[kind] = network(x, torch.zeros(1), reference)
    return {name: psnr_luma(_levels(made), truth, crop_px=4) for name, made in found.items()}


def _planes(picture: Picture) -> Tensor:
    return torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 255


def _levels(planes: Tensor) -> Picture:
    levels = (planes[0] * 255).round().clamp(0, 255).to(torch.uint8)
    return np.ascontiguousarray(levels.permute(1, 2, 0).numpy())


def usable(rows: Sequence[Row]) -> list[Row]:
    """Keep those that can be measured."""
    return [row for row in rows if is_usable(row)]
