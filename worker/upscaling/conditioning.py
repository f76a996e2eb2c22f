"""A picture on its way to the network, and what is known of it besides its pixels; no torch."""

from dataclasses import dataclass

from crispdeck.picture.compression import LOSSLESS, SHRUNK
from crispdeck.picture.pixels import Pixels
from worker.faithful.kinds import Consistency


@dataclass(frozen=True)
class Source:
    """A decoded picture to enlarge.

    Attributes:
        compression: of its file, 0 (lossless) to 1; see crispdeck.picture.compression.
        consistency: what the large picture must agree in with it.
        crispness: 0 (as the network made it) to 1, how much steeper edges become.
        sure: whether `consistency` is what its looks say; of what may as well have been drawn at
            its size, the network's own picture has to say it the more plainly.
    """

    pixels: Pixels
    compression: float = LOSSLESS
    consistency: Consistency = Consistency.LOW_FREQUENCY
    crispness: float = 0.0
    is_confident: bool = True

    @property
    def condition(self) -> float:
        """The network's condition: the file's compression, 0..1, or SHRUNK."""
        return SHRUNK if self.consistency is Consistency.EXACT else self.compression
