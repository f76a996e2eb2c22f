"""What is promised of a picture; no torch."""

from enum import StrEnum


class Consistency(StrEnum):
    """How the large picture must agree with the small one.

    Attributes:
        EXACT: shrunk by Pillow's BICUBIC it gives the small picture back. Right where the small
            picture was shrunk from a large one and kept without loss.
        LOW_FREQUENCY: both agree in all that is coarser than a few pixels, colours above all.
            Right where the small picture was drawn at its size (its strokes moved to whole
            pixels), went through JPEG or was brought down to few colours: to give such pixels
            back exactly, stairs and noise would have to be put into the large picture.
    """

    EXACT = "exact"
    LOW_FREQUENCY = "low_frequency"
