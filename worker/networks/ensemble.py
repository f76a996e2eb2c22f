"""One small picture and its mirror images through one network; no weights, no places.

A network treats a stroke that leans left a little differently from its mirror image. The mean of
what it makes of a picture and of its mirror images has less of such errors (geometric
self-ensemble: Lim et al., EDSR, 2017). It costs a run for every way, so only the tiniest
pictures, which are quick, get it. Ways that exchange rows and columns gain on photographs and
lose on writing, and are left out.
"""

from collections.abc import Callable

from torch import Tensor

from worker.networks.registry import M_PIXELS, NETWORKS

AXES: tuple[tuple[int, ...], ...] = ((), (3,), (2,), (2, 3))
"""What is mirrored in each way: nothing, left to right, top to bottom, both."""
WORK = M_PIXELS * NETWORKS["plain-m-x4"].parameters
"""Small pixels × parameters × ways: none takes longer than the larger tier at its largest."""


def passes_for(pixels: int, parameters: int) -> int:
    """Say how many passes of the ensemble (1, 2 or 4) a picture of so many small pixels gets.

    Args:
        pixels: width × height of the small picture.
        parameters: of the network.
    """
    passes = len(AXES)
    while passes > 1 and passes * pixels * parameters > WORK:
        passes //= 2
    return passes


def enlarge_by_ensemble(enlarge: Callable[[Tensor], Tensor], x: Tensor, passes: int) -> Tensor:
    """Return the mean of what `enlarge` makes of `x` (N, C, H, W) in the first `passes` ways."""
    total = enlarge(x)
    for axes in AXES[1:passes]:
        # One after the other: what fits the memory once fits it always.
        total = total + enlarge(x.flip(axes)).flip(axes)
    return total / passes if passes > 1 else total
