"""Pictures compared in numbers: true to the original, crisp, readable; no torch, no networks."""

from worker.lab.metrics.crispness import Crispness, crispness
from worker.lab.metrics.fidelity import (
    Picture,
    Plane,
    gmsd,
    invented_detail,
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
    "invented_detail",
    "luma",
    "psnr",
    "psnr_luma",
    "psnr_shrunk",
    "ssim_luma",
]
