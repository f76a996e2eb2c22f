"""Networks published as PyTorch code with weights; that code is the peer's own and is not here."""

import hashlib
import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from worker.lab.bench.methods import BICUBIC, Kind, Small
from worker.lab.metrics import Picture


@dataclass(frozen=True)
class Recipe:
    """How to build one published network.

    Attributes:
        weights: pattern of the file, relative to wherever it lies.
        root: from the weights up to the folder that its code is imported from.
        module, name: the class.
        arguments: for the class.
        peak: what white is in its input and output, 1 or 255.
        inside: key under which the file keeps the state dict, if it keeps more.
        enlarged: it takes the picture enlarged by bicubic, at any scale, and sharpens that.
        multiple_px: sides of its input must be multiples of this.
    """

    label: str
    weights: str
    module: str
    name: str
    scale: int
    arguments: Mapping[str, Any] = field(default_factory=dict)
    root: str = ".."
    peak: float = 1.0
    inside: str = ""
    enlarged: bool = False
    multiple_px: int = 1


KNOWN = (
    *(
        Recipe(
            "RLFN",
            f"model_zoo/rlfn_x{scale}.pth",
            "model.rlfn",
            "RLFN",
            scale,
            {"upscale": scale},
            peak=255,
        )
        for scale in (2, 4)
    ),
    *(
        Recipe(
            "IMDN",
            f"checkpoints/IMDN_x{scale}.pth",
            "model.architecture",
            "IMDN",
            scale,
            {"upscale": scale},
        )
        for scale in (2, 4)
    ),
    Recipe(
        "IMDN_AS",
        "checkpoints/IMDN_AS.pth",
        "model.architecture",
        "IMDN_AS",
        4,
        enlarged=True,
        multiple_px=4,
    ),
    Recipe("EFDN", "model_zoo/team00_EFDN.pth", "models.team00_EFDN", "EFDN", 4),
    Recipe(
        "SPAN",
        "model_zoo/team46_span.pth",
        "models.team46_SPAN",
        "SPAN",
        4,
        {"num_in_ch": 3, "num_out_ch": 3, "upscale": 4, "feature_channels": 28},
        inside="params_ema",
    ),
    Recipe(
        "HiT-SRF",
        "model_zoo/team54_HITSR.pth",
        "models.team54_HITSR",
        "HiT_SRF",
        4,
        {
            "upscale": 4,
            "in_chans": 3,
            "img_size": 64,
            "base_win_size": [8, 8],
            "img_range": 1.0,
            "depths": [6, 6, 6, 6],
            "embed_dim": 60,
            "num_heads": [6, 6, 6, 6],
            "expansion_factor": 2,
            "resi_connection": "1conv",
            "hier_win_ratios": [0.5, 1, 2, 4, 6, 8],
            "upsampler": "pixelshuffledirect",
        },
        inside="params",
    ),
    Recipe(
        "MambaIRv2-light",
        "model_zoo/team40_mambairv2light.pth",
        "models.team40_mambairv2light",
        "MambaIRv2LightModel",
        4,
    ),
)


class TorchPeer:
    """A network built by the peer's own code, fp32.

    Raises:
        ImportError: its code is not where the recipe says, or needs what is not installed.
        RuntimeError: the weights do not fit the code.
    """

    kind: Kind = "peer"

    def __init__(self, recipe: Recipe, weights: Path, device: str) -> None:
        self.label = recipe.label
        self.scales = frozenset({2, 4} if recipe.enlarged else {recipe.scale})
        self.digest = hashlib.sha256(weights.read_bytes()).hexdigest()[:16]
        self._recipe = recipe
        self._device = torch.device(device)
        with _importing_from((weights.parent / recipe.root).resolve()):
            built: nn.Module = getattr(importlib.import_module(recipe.module), recipe.name)(
                **recipe.arguments
            )
        built.load_state_dict(_state(weights, recipe.inside))
        self._network = built.eval().requires_grad_(False).to(self._device)

    @torch.inference_mode()
    def enlarge(self, small: Small, scale: int) -> Picture:
        """Run the network on the picture, continued by its own edge where it must be larger."""
        height_px, width_px = (side * scale for side in small.rgb.shape[:2])
        given = BICUBIC.enlarge(small, scale) if self._recipe.enlarged else small.rgb
        x = torch.from_numpy(given.copy()).permute(2, 0, 1)[None].to(self._device).float()
        x = _padded(x * (self._recipe.peak / 255), self._recipe.multiple_px)
        out: Tensor = self._network(x)[0] * (255 / self._recipe.peak)
        upscaled = out.round().clamp(0, 255).to("cpu", torch.uint8).permute(1, 2, 0).numpy()
        return np.ascontiguousarray(upscaled[:height_px, :width_px])


def _padded(x: Tensor, multiple_px: int) -> Tensor:
    bottom, right = (-side % multiple_px for side in x.shape[2:])
    if not (bottom or right):
        return x
    return nn.functional.pad(x, (0, right, 0, bottom), mode="replicate")


def _state(weights: Path, inside: str) -> dict[str, Tensor]:
    loaded = torch.load(weights, map_location="cpu", weights_only=True)
    state: dict[str, Tensor] = loaded[inside] if inside else loaded
    return {key.removeprefix("module."): value for key, value in state.items()}


@contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    """Import from `folder` first, and forget its modules afterwards: peers share their names."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            origin = getattr(sys.modules[name], "__file__", None) or ""
            if Path(origin).is_relative_to(folder):
                del sys.modules[name]
        # A folder without __init__.py is a namespace package, which has no file.
        for name in {name for name in set(sys.modules) - before if _is_of(name, folder)}:
            del sys.modules[name]


def _is_of(name: str, folder: Path) -> bool:
    places = list(getattr(sys.modules[name], "__path__", []))
    return bool(places) and all(Path(place).is_relative_to(folder) for place in places)
