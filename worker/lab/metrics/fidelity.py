"""How near a picture is to the original: PSNR, SSIM and GMSD as the papers count them; no torch.

Z. Wang et al., Image quality assessment: from error visibility to structural similarity (IEEE TIP
2004); W. Xue et al., Gradient magnitude similarity deviation (IEEE TIP 2014). What the papers leave
open (luma, borders) is as in the super-resolution literature; see each function.

All functions take uint8 pictures (H, W, 3) RGB or float planes on the 0..255 scale, and crop the
border that the papers crop.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
Plane = NDArray[np.float64]

# BT.601 studio range: black is 16, white is 235. Full-range luma would read 1.32 dB lower.
_LUMA_WEIGHTS = np.array([65.481, 128.553, 24.966]) / 255.0
_LUMA_BLACK = 16.0  # BT.601, 2.5.3: level of black of 8 bits

# Full-range grey, 0..255: what the constant of GMSD is meant for.
_GREY_WEIGHTS = np.array([0.299, 0.587, 0.114])
_GMSD_CONSTANT = 170.0  # Xue et al. 2014: c for levels of 0 to 255, fitted on their databases

MOST_INVENTED = 10.0
"""A picture in which interpolation lacks next to nothing must not outweigh others in a mean."""

SSIM_WINDOW_PX = 11  # Wang et al. 2004: side of the Gaussian window
SSIM_SIGMA_PX = 1.5  # Wang et al. 2004: its standard deviation


def luma(picture: Picture) -> Plane:
    """Y of BT.601 in studio range, 16..235, as float (H, W)."""
    return np.asarray(picture.astype(np.float64) @ _LUMA_WEIGHTS + _LUMA_BLACK, dtype=np.float64)


def psnr(one: NDArray[np.generic], other: NDArray[np.generic], *, crop_px: int = 0) -> float:
    """Peak signal-to-noise ratio in dB for a peak of 255; infinite for equal pictures."""
    _need_same_shape(one, other)
    first, second = (_crop(a.astype(np.float64), crop_px) for a in (one, other))
    error = float(np.mean((first - second) ** 2))
    return math.inf if error == 0 else 10 * math.log10(255.0**2 / error)


def psnr_luma(one: Picture, other: Picture, *, crop_px: int = 0) -> float:
    """PSNR of Y in dB: the figure in the papers' tables, with crop_px = the scale."""
    return psnr(luma(one), luma(other), crop_px=crop_px)


def invented_detail(enlarged: Picture, truth: Picture, plain: Picture, *, block_px: int) -> float:
    """Share of edge energy that the small picture did not support, and that is not in the truth.

    What was added to interpolation is split, block by block, into what points the way of the
    detail that interpolation lacks, and the rest, which is made up: bars in place of illegible
    words, shards in place of a soft ground. That rest's energy, as a multiple of the lacking
    detail's, at most MOST_INVENTED; 0 for interpolation itself, and where it lacks nothing.

    Args:
        enlarged, truth, plain: (H, W, 3); `plain` is the small picture interpolated.
        block_px: side of a block; what does not fill one is left out.
    """
    _need_same_shape(enlarged, truth)
    _need_same_shape(plain, truth)
    added, lacking = (_blocks(luma(one) - luma(plain), block_px) for one in (enlarged, truth))
    total = float(np.square(lacking).sum())
    if total == 0:
        return 0.0
    right = np.maximum((added * lacking).sum(axis=1), 0)
    of_truth = np.square(lacking).sum(axis=1)
    explained = np.divide(right**2, of_truth, out=np.zeros_like(right), where=of_truth > 0)
    invented = np.square(added).sum(axis=1) - explained
    return min(MOST_INVENTED, float(invented.sum()) / total)


def _blocks(plane: Plane, side_px: int) -> Plane:
    """(H, W) as (blocks, side²)."""
    height, width = (side // side_px for side in plane.shape)
    whole = plane[: height * side_px, : width * side_px]
    tiles = whole.reshape(height, side_px, width, side_px).swapaxes(1, 2)
    return np.ascontiguousarray(tiles).reshape(height * width, side_px**2)


def ssim_luma(one: Picture, other: Picture, *, crop_px: int = 0) -> float:
    """Structural similarity of Y, at most 1 (Wang et al. 2004).

    Gaussian window of 11 px with sigma 1.5, valid region only, K = (0.01, 0.03), no shrinking
    beforehand.
    """
    _need_same_shape(one, other)
    x, y = (_crop(luma(picture), crop_px) for picture in (one, other))
    if min(x.shape) < SSIM_WINDOW_PX:
        raise ValueError(f"SSIM needs at least {SSIM_WINDOW_PX} px a side, not {x.shape}")
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mean_x, mean_y = _blur(x), _blur(y)
    var_x = _blur(x * x) - mean_x**2
    var_y = _blur(y * y) - mean_y**2
    covariance = _blur(x * y) - mean_x * mean_y
    likeness = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    return float(np.mean(likeness / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2))))


def psnr_shrunk(upscaled: Picture, small: Picture) -> float:
    """PSNR in dB between the small picture and the enlarged one shrunk back to its size.

    The operator is Pillow's bicubic, all three channels count, no border is cropped. NTIRE's
    challenge on the space of super-resolution calls it LR-PSNR and asks for 45 dB; plain bicubic
    enlargement reaches 34 to 38.
    """
    height_px, width_px = small.shape[:2]
    shrunk = Image.fromarray(upscaled).resize((width_px, height_px), Image.Resampling.BICUBIC)
    return psnr(np.asarray(shrunk), small)


def gmsd(one: Picture, other: Picture, *, crop_px: int = 0) -> float:
    """Gradient magnitude similarity deviation, 0 for equal pictures, up to about 0.35.

    Xue et al. 2014: full-range grey, halved by the mean of 2 × 2 pixels, Prewitt gradients with
    zeros around the picture, constant 170, population standard deviation.
    """
    _need_same_shape(one, other)
    first, second = (
        _gradient_magnitude(_halved(_crop(picture.astype(np.float64) @ _GREY_WEIGHTS, crop_px)))
        for picture in (one, other)
    )
    likeness = (2 * first * second + _GMSD_CONSTANT) / (first**2 + second**2 + _GMSD_CONSTANT)
    return float(np.std(likeness))


def _halved(plane: Plane) -> Plane:
    """Average over each pixel and its right and lower neighbours, then take every second one."""
    padded = np.pad(plane, ((0, 1), (0, 1)))
    mean = (padded[:-1, :-1] + padded[1:, :-1] + padded[:-1, 1:] + padded[1:, 1:]) / 4
    return np.asarray(mean[::2, ::2])


def _gradient_magnitude(plane: Plane) -> Plane:
    padded = np.pad(plane, 1)
    across = padded[:, 2:] - padded[:, :-2]
    down = padded[2:] - padded[:-2]
    dx = (across[:-2] + across[1:-1] + across[2:]) / 3
    dy = (down[:, :-2] + down[:, 1:-1] + down[:, 2:]) / 3
    return np.hypot(dx, dy)


def _need_same_shape(one: NDArray[np.generic], other: NDArray[np.generic]) -> None:
    if one.shape != other.shape:
        raise ValueError(f"pictures differ in shape: {one.shape} and {other.shape}")


def _crop(plane: Plane, crop_px: int) -> Plane:
    return plane[crop_px : plane.shape[0] - crop_px, crop_px : plane.shape[1] - crop_px]


def _blur(plane: Plane) -> Plane:
    """Gaussian mean over the window, rows then columns, only where the window fits."""
    offsets = np.arange(SSIM_WINDOW_PX) - SSIM_WINDOW_PX // 2
    weights = np.exp(-(offsets**2) / (2 * SSIM_SIGMA_PX**2))
    weights /= weights.sum()
    rows = np.lib.stride_tricks.sliding_window_view(plane, SSIM_WINDOW_PX, axis=0) @ weights
    return np.lib.stride_tricks.sliding_window_view(rows, SSIM_WINDOW_PX, axis=1) @ weights
