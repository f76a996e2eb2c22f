"""How many pixels a second the networks of this process do, and so what would take too long.

Whoever knows beforehand that a picture cannot be done in the time that it may take says so at once,
and the worker has that time for others.
"""

import time
from collections import deque

MEASURED_PX = 512 * 512
"""Smaller pictures go round several times (worker.networks.ensemble) and are no measure."""
MEASURED = 8
"""So many pictures are remembered; the quickest counts, since any may have shared the machine."""
ENOUGH = 2
"""With fewer nothing is said: the first may have waited for the network to be loaded."""
BELIEVED_S = 900.0
"""How long a speed is believed: what slowed the machine down may be over. A guess."""


class Speed:
    """What was measured lately, for each factor that a network has (2 and 4)."""

    def __init__(self) -> None:
        self._done: dict[int, deque[tuple[float, float]]] = {}
        self._late: dict[int, tuple[float, int]] = {}

    def note(self, scale: float, px: int, seconds: float) -> None:
        """Remember that a picture of so many pixels was enlarged within so many seconds."""
        if px < MEASURED_PX or seconds <= 0:
            return
        known = self._done.setdefault(_network(scale), deque(maxlen=MEASURED))
        known.append((time.monotonic(), px / seconds))

    def note_late(self, scale: float, px: int) -> None:
        """Remember that a picture of so many pixels was not done in the time that one may take."""
        if px >= MEASURED_PX:
            self._late[_network(scale)] = time.monotonic(), px

    def seconds(self, scale: float, px: int, allowed_s: float) -> float | None:
        """Estimate the seconds for a picture if they are surely more than `allowed_s`, else None.

        Args:
            scale: by how much the network enlarges it.
            px: of the small picture.
        """
        if px < MEASURED_PX:
            return None
        network, since = _network(scale), time.monotonic() - BELIEVED_S
        rates = [rate for at, rate in self._done.get(network, ()) if at >= since]
        quickest_s = px / max(rates) if len(rates) >= ENOUGH else 0.0
        at, late_px = self._late.get(network, (since - 1, 0))
        if at >= since and px >= late_px:
            quickest_s = max(quickest_s, allowed_s * px / late_px)
        elif quickest_s <= allowed_s:
            return None
        return quickest_s


def _network(scale: float) -> int:
    """Return the factor of the network that enlarges by `scale` (worker.upscaling.upscaler)."""
    return 2 if scale <= 2 else 4
