"""Landmark: a picture of the same thing is registered, and its detail laid on; nothing is learned.

H. Yue, X. Sun, J. Yang, F. Wu, "Landmark image super-resolution by retrieving web images", IEEE TIP
22(12), 2013: local descriptors find pictures of the same place, a homography registers each, blocks
of 16 × 16 down to 4 × 4 pixels are compared by pixels and gradients, and what fits is blended in. A
reconstruction: descriptors are SIFT with RANSAC, the best of several references is the one with
most inliers, and blocks are blended by how well they fit in place of their energy minimisation.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

from worker.lab.lineage.references.referenced import Referenced, degraded

Levels = NDArray[np.uint8]

RATIO = 0.8  # of the best descriptor's distance to the second's (Lowe 2004)
RANSAC_PX = 4.0  # of the large picture: one small pixel
LEAST_INLIERS = 8  # twice what a homography needs; a guess
BLOCKS_PX = (16, 8, 4)  # sides of the paper's blocks
FIT_LEVELS = 6.0
"""Root mean square of 255 at which a block counts a third: a guess, noise and JPEG stay below."""
GRADIENT_SHARE = 2.0  # of the gradients' distance beside the pixels'; a guess


class Landmark(Referenced):
    """See `Referenced`; has no weights. What cannot be registered leaves interpolation."""

    def enlarge(self, x: Tensor, plain: Tensor, reference: Tensor) -> Tensor:  # noqa: ARG002
        """Lay the reference's detail on the interpolated picture."""
        return torch.stack([_laid_on(*pair) for pair in zip(plain, reference, strict=True)])


def retrieve(plain: Tensor, references: Sequence[Tensor]) -> Tensor | None:
    """Choose the reference (3, H, W) with most inliers to `plain` (3, h, w); None: none has any."""
    found = [(_registered(plain, one), one) for one in references]
    counted = [(match[1], number) for number, (match, _) in enumerate(found) if match is not None]
    return references[max(counted)[1]] if counted else None


def _laid_on(plain: Tensor, reference: Tensor) -> Tensor:
    match = _registered(plain, reference)
    if match is None:
        return plain
    height, width = plain.shape[1:]
    laid = cv2.warpPerspective(
        _pixels(reference),
        match[0],
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    inside = cv2.warpPerspective(
        np.ones(reference.shape[1:], np.float32), match[0], (width, height), flags=cv2.INTER_NEAREST
    )
    there = torch.from_numpy(np.ascontiguousarray(laid)).permute(2, 0, 1)
    blurred = degraded(there[None])[0]
    fit = _fit(plain, blurred) * torch.from_numpy(inside)
    return plain + fit * (there - blurred)


def _registered(plain: Tensor, reference: Tensor) -> tuple[NDArray[np.float64], int] | None:
    """Find the homography from the reference to the picture, and its inliers."""
    sift = cv2.SIFT.create(contrastThreshold=0.02)
    (points, here), (others, there) = (
        sift.detectAndCompute(_grey(one), None) for one in (plain, reference)
    )
    # OpenCV gives None where there is no feature, whatever its types say.
    described: list[Any] = [here, there]
    counts = [0 if one is None else len(one) for one in described]
    if min(counts) < LEAST_INLIERS:
        return None
    pairs = cv2.BFMatcher().knnMatch(there, here, k=2)
    good = [one[0] for one in pairs if len(one) == 2 and one[0].distance < RATIO * one[1].distance]
    if len(good) < LEAST_INLIERS:
        return None
    source = np.float32([others[one.queryIdx].pt for one in good])  # type: ignore[arg-type]
    target = np.float32([points[one.trainIdx].pt for one in good])  # type: ignore[arg-type]
    found, inliers = cv2.findHomography(source, target, cv2.RANSAC, RANSAC_PX)  # type: ignore[call-overload]
    count = 0 if inliers is None else int(inliers.sum())
    return None if found is None or count < LEAST_INLIERS else (found, count)


def _fit(plain: Tensor, laid: Tensor) -> Tensor:
    """Say for each pixel (H, W) how well the blocks around it agree, 0 to 1, in the mean."""
    gap = (plain - laid).mean(dim=0)
    down, across = torch.zeros_like(gap), torch.zeros_like(gap)
    down[1:], across[:, 1:] = gap.diff(dim=0), gap.diff(dim=1)
    distance = gap.square() + GRADIENT_SHARE * (down.square() + across.square())
    size = list(gap.shape)
    fits = []
    for side in BLOCKS_PX:
        blocks = avg_pool2d(distance[None, None], side, ceil_mode=True)
        fit = torch.exp(-blocks / (FIT_LEVELS / 255) ** 2)
        fits.append(interpolate(fit, size=size, mode="bilinear")[0, 0])
    return torch.stack(fits).mean(dim=0)


def _pixels(x: Tensor) -> NDArray[np.float32]:
    return np.ascontiguousarray(x.permute(1, 2, 0).numpy(), dtype=np.float32)


def _grey(x: Tensor) -> Levels:
    return np.ascontiguousarray((x.mean(dim=0) * 255).round().clamp(0, 255).byte().numpy())
