"""Keeps the memory of one layer for the next; asks glibc only, other allocators stay as they are.

glibc hands large blocks back to the kernel as soon as they are free, and the kernel clears every
page that it lends again. For small pictures that took up to a third of a network's time.
"""

import ctypes
import os
from functools import cache

MIB = 1024 * 1024  # bytes
KEPT_BYTES = 256 * MIB
"""More free memory than this is handed back: four layers of 512 × 512 in float32 fill it."""

# Numbers of malloc.h, see mallopt(3).
_TRIM_THRESHOLD = -1
_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD: larger blocks come from the kernel, each by itself
_LARGEST_EVERYWHERE = 32 * MIB
_SET_BY_USER = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")


@cache
def keep_freed_memory() -> bool:
    """Let glibc keep up to KEPT_BYTES of free memory for this process; the peak stays the same.

    Returns:
        Whether it does: not on another C library, nor where the environment sets it otherwise.
    """
    if any(name in os.environ for name in _SET_BY_USER):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # musl, macOS; Windows
        return False
    # Before glibc 2.35 nothing larger than the second is taken.
    raised = any(mallopt(_MMAP_THRESHOLD, size) for size in (KEPT_BYTES, _LARGEST_EVERYWHERE))
    return raised and bool(mallopt(_TRIM_THRESHOLD, KEPT_BYTES))
