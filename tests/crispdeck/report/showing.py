"""What the tests of all reports look at."""

import io

from PIL import Image

from crispdeck.report.model import ShownPicture

LOOKS = "looks like 160 × 120 pixels enlarged to 640 × 480"
"""What is said of the picture of `enlarged_report`."""


def image_of(shown: ShownPicture) -> Image.Image:
    """Decode what a report shows."""
    return Image.open(io.BytesIO(shown.blob))
