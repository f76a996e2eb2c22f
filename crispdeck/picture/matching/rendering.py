"""Make the result of a proven original: its own pixels, resampled once, in the small frame."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crispdeck.picture.matching.geometry import (
    Registration,
    centres_at_integers,
)
from crispdeck.picture.matching.proof import Proof
from crispdeck.picture.pixels import Pixels, Samples

Planes = NDArray[np.float32]
"""(H, W, C), in the samples' own range."""


def rendered(original: Pixels, proof: Proof, size_px: tuple[int, int]) -> Pixels:
    """Bring the original into the frame of the small picture, at a size of its own.

    Where the way is straight and on whole pixels at the original's own size, no pixel is computed
    anew; else each is resampled once: Lanczos where it shrinks (Pillow, without aliasing), bicubic
    where it must be turned by less than a quarter.

    Args:
        original: in the colours of the small picture's file.
        proof: where it lies.
        size_px: width and height to make, in the proportions of the small picture; at most
            `most_size_px`.
    """
    turned = _turned(original, proof.registration)
    step = _to_small(size_px, proof)
    registration = proof.registration.then(step)
    colour = _warped(turned.colour.astype(np.float32), registration, size_px)
    if proof.colour is not None:
        top = np.float32(original.max_value)
        colour = _matched(colour, proof.colour, top)
    samples = _whole(colour, original)
    if turned.alpha is None:
        return Pixels(samples)
    alpha = _warped(turned.alpha.astype(np.float32)[..., None], registration, size_px)
    return Pixels(samples, _whole(alpha[..., 0], original))


def most_size_px(proof: Proof, most: float) -> tuple[int, int]:
    """Return the size at which the original is taken over: its own, at most `most` times the small.

    Args:
        proof: where the small picture lies in it.
        most: pixels for each of the small picture.
    """
    factor = min(most, *proof.registration.factors)
    if abs(factor - round(factor)) < 0.02:
        factor = round(factor)
    return round(proof.small_px[0] * factor), round(proof.small_px[1] * factor)


def _to_small(size_px: tuple[int, int], proof: Proof) -> NDArray[np.float64]:
    width, height = proof.small_px
    return np.array([[width / size_px[0], 0, 0], [0, height / size_px[1], 0]], float)


def _turned(original: Pixels, registration: Registration) -> Pixels:
    colour = cast("Samples", registration.turn.apply(original.colour))
    if original.alpha is None:
        return Pixels(colour)
    return Pixels(colour, cast("Samples", registration.turn.apply(original.alpha)))


def _warped(planes: Planes, registration: Registration, size_px: tuple[int, int]) -> Planes:
    """Resample each channel once; edges repeat."""
    width, height = size_px
    left, top, right, bottom = registration.box(width, height)
    rows, columns = planes.shape[:2]
    if registration.is_straight(width, height) and _is_inside(registration, size_px, planes):
        box = (max(0.0, left), max(0.0, top), min(float(columns), right), min(float(rows), bottom))
        resized = [
            np.asarray(
                Image.fromarray(np.ascontiguousarray(planes[..., channel])).resize(
                    size_px, Image.Resampling.LANCZOS, box=box
                ),
                np.float32,
            )
            for channel in range(planes.shape[2])
        ]
        return np.stack(resized, axis=2)
    blurred = _prefiltered(planes, registration)
    warped = cv2.warpAffine(
        blurred,
        centres_at_integers(registration.matrix),
        size_px,
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(warped, np.float32).reshape(height, width, planes.shape[2])


def _is_inside(registration: Registration, size_px: tuple[int, int], planes: Planes) -> bool:
    """Say whether the box leaves the picture by less than half of its own pixels."""
    left, top, right, bottom = registration.box(*size_px)
    rows, columns = planes.shape[:2]
    return bool(min(left, top, columns - right, rows - bottom) > -0.5)


def _prefiltered(planes: Planes, registration: Registration) -> Planes:
    """Blur so much that shrinking by the registration's factors shows no aliasing."""
    across, down = (max(0.0, (factor**2 - 1.0)) ** 0.5 * 0.5 for factor in registration.factors)
    if max(across, down) < 0.1:
        return planes
    return np.asarray(
        cv2.GaussianBlur(planes, (0, 0), max(across, 1e-3), sigmaY=max(down, 1e-3)), np.float32
    ).reshape(planes.shape)


def _matched(colour: Planes, change: NDArray[np.float32], top: np.float32) -> Planes:
    """Give the original the small picture's colours, as the proof found them."""
    unit = np.float32(255) / top
    if colour.shape[2] == 1:
        gain, offset = change[:, :3].sum(axis=1).mean(), change[:, 3].mean()
        return np.asarray(colour * gain + offset / unit, np.float32)
    return np.asarray(colour @ change[:, :3].T + change[:, 3] / unit, np.float32)


def _whole(planes: Planes, original: Pixels) -> Samples:
    limited = np.clip(np.rint(planes), 0, original.max_value)
    return cast("Samples", limited.astype(original.colour.dtype))
