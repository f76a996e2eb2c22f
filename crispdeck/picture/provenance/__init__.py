"""Provenance: what the pixels tell of a picture's past: its true size, its cells, its kind."""

from crispdeck.picture.provenance.detect import detect, true_size
from crispdeck.picture.provenance.model import Blocks, Code, Enlargement, Kernel, Kind, Provenance
from crispdeck.picture.provenance.shrinking import repeat, shrink

__all__ = [
    "Blocks",
    "Code",
    "Enlargement",
    "Kernel",
    "Kind",
    "Provenance",
    "detect",
    "repeat",
    "shrink",
    "true_size",
]
