"""Where a network can run and in which number format; no networks, no pictures."""

from dataclasses import dataclass

import torch

from crispdeck.errors import SettingsError
from worker.networks.descriptor import DtypeName

BFLOAT16_INSTRUCTIONS = ("amx_bf16", "avx512_bf16")
"""With either a 3×3 convolution takes half the time in bf16 or less (Intel; AMD since Zen 4)."""


@dataclass(frozen=True)
class Place:
    """A device and the format that a network's body runs in there."""

    device: str
    dtype: DtypeName

    @property
    def torch_device(self) -> torch.device:
        """The device as torch names it."""
        return torch.device(self.device)

    @property
    def torch_dtype(self) -> torch.dtype:
        """The format as torch names it."""
        return torch.bfloat16 if self.dtype == "bfloat16" else torch.float32


def places(device: str = "auto", dtype: str = "auto") -> tuple[Place, ...]:
    """Name the place to work in, then the ones to try when its memory does not suffice.

    Args:
        device: "auto" (CUDA if there is any), "cpu" or "cuda".
        dtype: "auto" (bf16 where the hardware multiplies it), "float32" or "bfloat16".

    Raises:
        SettingsError: CUDA is asked for and there is none, or a word is unknown.
    """
    if device not in {"auto", "cpu", "cuda"}:
        raise SettingsError(f"CRISPDECK_DEVICE must be auto, cpu or cuda, not {device!r}.")
    has_cuda = torch.cuda.is_available()
    if device == "cuda" and not has_cuda:
        raise SettingsError(
            "CRISPDECK_DEVICE is cuda, but PyTorch finds no CUDA device; set it to cpu or auto."
        )
    devices = ("cuda", "cpu") if has_cuda and device != "cpu" else ("cpu",)
    return tuple(Place(name, _dtype(dtype, name)) for name in devices)


def _dtype(asked: str, device: str) -> DtypeName:
    if asked == "float32":
        return "float32"
    if asked == "bfloat16":
        return "bfloat16"
    if asked != "auto":
        raise SettingsError(f"CRISPDECK_DTYPE must be auto, float32 or bfloat16, not {asked!r}.")
    return "bfloat16" if _multiplies_bfloat16(device) else "float32"


def _multiplies_bfloat16(device: str) -> bool:
    """Tell whether bf16 is faster than fp32; without such instructions a CPU only imitates it."""
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name, False) for name in BFLOAT16_INSTRUCTIONS)
