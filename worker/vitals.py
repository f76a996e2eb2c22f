"""What a worker process tells of itself with each heartbeat: load, memory, network, GPU."""

import platform
import sys
from contextlib import suppress
from importlib.metadata import version
from typing import Any

import psutil


class Vitals:
    """Reads them; the CPU's share is that since the last reading."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._process.cpu_percent()

    def read(self) -> dict[str, Any]:
        """Return JSON; what is not known is left out."""
        memory = psutil.virtual_memory()
        found: dict[str, Any] = {
            "pid": self._process.pid,
            "cpu_percent": round(self._process.cpu_percent(), 1),
            "memory_bytes": self._process.memory_info().rss,
            "host": {
                "cpu_percent": psutil.cpu_percent(),
                "cpus": psutil.cpu_count(),
                "memory_percent": memory.percent,
                "memory_bytes": memory.total,
            },
            "versions": {"crispdeck": version("crispdeck"), "python": platform.python_version()},
        }
        torch = sys.modules.get("torch")  # never loaded for the sake of a figure
        if torch is not None:
            found["versions"]["torch"] = str(getattr(torch, "__version__", ""))
            found |= _gpu(torch)
        return found


def _gpu(torch: Any) -> dict[str, Any]:
    """Ask CUDA if this process uses it; torch asks NVML (nvidia-ml-py) for the GPU's load."""
    cuda = getattr(torch, "cuda", None)
    if cuda is None or not cuda.is_initialized():
        return {}
    found: dict[str, Any] = {}
    with suppress(RuntimeError, AttributeError):
        free_bytes, total_bytes = cuda.mem_get_info()
        found = {
            "name": cuda.get_device_name(),
            "memory_used_bytes": total_bytes - free_bytes,
            "memory_bytes": total_bytes,
            "memory_own_bytes": cuda.memory_reserved(),
        }
    with suppress(Exception):  # a container may not be allowed to look, and MIG tells no load
        found["percent"] = cuda.utilization()
    return {"gpu": found} if found else {}
