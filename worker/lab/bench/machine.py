"""What a benchmark ran on, in words for the head of its tables; measures nothing."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import torch

_WORTH_NAMING = ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd")


@dataclass(frozen=True)
class Machine:
    """Processor, threads, GPU and how busy it was when the run began.

    Attributes:
        load: processes waiting for a core, mean of the last minute; above `cores` the times are
            upper bounds. nan where the system does not tell.
    """

    cpu: str
    features: tuple[str, ...]
    cores: int
    threads: int
    gpu: str
    torch: str
    load: float

    @property
    def is_busy(self) -> bool:
        """True when others were at work too."""
        return self.load > self.cores / 2

    def __str__(self) -> str:
        features = f" ({', '.join(self.features)})" if self.features else ""
        busy = "; busy with other work, so times are upper bounds" if self.is_busy else ""
        gpu = f", {self.gpu}" if self.gpu else ""
        return (
            f"{self.cpu}{features}, {self.cores} cores, {self.threads} threads{gpu},"
            f" PyTorch {self.torch}; load {self.load:.1f}{busy}"
        )


def this_machine() -> Machine:
    """Describe the machine that this runs on."""
    cpu, flags = _linux_cpu()
    return Machine(
        cpu=cpu or platform.processor() or platform.machine(),
        features=tuple(name for name in _WORTH_NAMING if name in flags),
        cores=len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1,
        threads=torch.get_num_threads(),
        gpu=torch.cuda.get_device_name() if torch.cuda.is_available() else "",
        torch=torch.__version__,
        load=os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan"),
    )


def _linux_cpu() -> tuple[str, frozenset[str]]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "", frozenset()
    values = {
        name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    flags = values.get("flags") or values.get("Features") or ""
    return values.get("model name", ""), frozenset(flags.split())
