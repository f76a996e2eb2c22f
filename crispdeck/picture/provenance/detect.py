"""Read a picture's provenance from its pixels: was it enlarged, is it cells, what kind is it."""

from crispdeck.picture.pixels import Pixels
from crispdeck.picture.provenance.cells import find_blocks
from crispdeck.picture.provenance.enlarged import find_enlargement
from crispdeck.picture.provenance.luma import liveliest, luma
from crispdeck.picture.provenance.model import Enlargement, Provenance
from crispdeck.picture.provenance.origin import kind_of


def detect(pixels: Pixels) -> Provenance:
    """Look at a picture of any size and mode; takes some tens of milliseconds, never raises.

    Pictures made of cells are never called enlarged: repeating pixels is what they want.
    """
    grey = luma(pixels)
    blocks = find_blocks(pixels, grey)
    kind, confidence = kind_of(pixels, liveliest(grey).grey)
    return Provenance(
        kind=kind,
        kind_confidence=round(confidence, 2),
        enlarged=None if blocks else find_enlargement(grey),
        blocks=blocks,
    )


def true_size(pixels: Pixels) -> Enlargement | None:
    """Return the size that a picture had before it was enlarged, None where it was not."""
    grey = luma(pixels)
    found = find_enlargement(grey)
    return None if found is None or find_blocks(pixels, grey) else found
