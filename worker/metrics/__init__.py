"""Pictures compared in numbers: true to the original, crisp, readable; no torch, no networks."""

from worker.metrics.crispness import Crispness, crispness
from worker.metrics.fidelity import (
    Picture,
    Plane,
    gmsd,
    luma,
    psnr,
    psnr_luma,
    psnr_shrunk,
    ssim_luma,
)

__all__ = [
    "Crispness",
    "Picture",
    "Plane",
    "crispness",
    "gmsd",
    "luma",
    "psnr",
    "psnr_luma",
    "psnr_shrunk",
    "ssim_luma",
]
