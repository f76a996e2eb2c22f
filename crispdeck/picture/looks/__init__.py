"""Know what a picture looks like: its true resolution, its cells, how it was made."""

from crispdeck.picture.looks.look import look, true_size
from crispdeck.picture.looks.model import Blocks, Code, Enlargement, Kernel, Kind, Look
from crispdeck.picture.looks.shrinking import repeat, shrink

__all__ = [
    "Blocks",
    "Code",
    "Enlargement",
    "Kernel",
    "Kind",
    "Look",
    "look",
    "repeat",
    "shrink",
    "true_size",
]
