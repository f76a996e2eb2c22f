"""One whole picture: the guarantee on each of its planes, then the checks on its integers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from crispdeck.picture.pixels import Pixels
from worker.faithful.checks import EXACT_DB, Findings, measure
from worker.faithful.guarantee import Use, guarantee, interpolated
from worker.faithful.kinds import Consistency
from worker.networks.planes import Planes, join


@dataclass(frozen=True)
class Settled:
    """A finished picture.

    Attributes:
        findings: what was measured on it.
        failed: the checks that kept the network's picture from being used; `pixels` were then
            interpolated. Empty where they were not, or where no network made anything.
    """

    pixels: Pixels
    findings: Findings
    failed: tuple[str, ...] = ()


@torch.inference_mode()
def settle(
    planes: Planes,
    small: Tensor,
    upscaled: Tensor | None,
    size: tuple[int, int],
    consistency: Consistency,
    crispness: float = 0.0,
) -> Settled:
    """Bring what a network made within the bounds and check it; interpolate where it fails.

    Args:
        planes: what the network was given, and the picture that it is of.
        small: (N, 3, h, w), the same planes in 0..1.
        upscaled: (N, 3, H, W), any finite values, contiguous; None to interpolate.
        size: H and W.
        consistency: what the large picture must agree in with the small one. Where exact agreement
            is beyond interpolation too, the findings say `low_frequency` in its place.
        crispness: 0 to 1, how much steeper the network's edges become within the bounds.
    """
    if upscaled is None:
        return _interpolated(planes, small, size, consistency)
    of_network = _within_bounds(planes, small, upscaled, consistency, crispness)
    if not of_network.findings.failed():
        return of_network
    plain = _interpolated(planes, small, size, consistency)
    failed = of_network.findings.failed(plain.findings)
    if not failed:
        return of_network
    if consistency is Consistency.EXACT and plain.findings.shrinks_back_db < EXACT_DB:
        # Nothing shrinks to this picture, so it was not shrunk but drawn at its size.
        return settle(planes, small, upscaled, size, Consistency.LOW_FREQUENCY, crispness)
    return replace(plain, failed=failed)


def _within_bounds(
    planes: Planes, small: Tensor, upscaled: Tensor, consistency: Consistency, crispness: float
) -> Settled:
    top = planes.source.max_value
    kept = [
        _guaranteed(*pair, consistency, top, crispness)
        for pair in zip(small, upscaled, strict=True)
    ]
    planes_made, uses = zip(*kept, strict=True)
    use = Use(
        most=max(use.most for use in uses),
        clipped=sum(use.clipped for use in uses) / len(uses),
        over=max(use.over for use in uses),
    )
    return _measured(planes, planes_made, consistency, use)


def _interpolated(
    planes: Planes, small: Tensor, size: tuple[int, int], consistency: Consistency
) -> Settled:
    large = [interpolated(plane, torch.Size(size)) for plane in small]
    return _measured(planes, large, consistency, Use())


def _guaranteed(
    small: Tensor, upscaled: Tensor, consistency: Consistency, top: int, crispness: float
) -> tuple[Tensor, Use]:
    """Keep what has no colour without colour, at a third of the work."""
    if not (torch.equal(small[0], small[1]) and torch.equal(small[0], small[2])):
        return guarantee(small, upscaled, consistency, top, crispness)
    mean = upscaled.mean(dim=0, keepdim=True)
    grey, use = guarantee(small[:1], mean, consistency, top, crispness)
    return grey.expand_as(upscaled), use


def _measured(
    planes: Planes, large: Iterable[Tensor], consistency: Consistency, use: Use
) -> Settled:
    pixels = join(planes.source, [plane.permute(1, 2, 0).cpu().numpy() for plane in large])
    return Settled(pixels, measure(planes.source, pixels, consistency, use))
