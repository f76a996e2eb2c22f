"""The ways to enlarge a picture that are measured side by side; measures nothing itself."""

import ast
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import torch
from PIL import Image

import crispdeck
import worker
from crispdeck.picture.decoded import DecodedPicture
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.reading import decode
from crispdeck.settings import Settings
from worker.lab import metrics
from worker.lab.metrics import Picture
from worker.networks.descriptor import NetworkDescriptor
from worker.networks.places import places
from worker.networks.registry import NETWORKS
from worker.networks.runner import Runner
from worker.networks.weights import folder_of, trained
from worker.upscaling.pipeline import source_of
from worker.upscaling.upscaler import TILE_PX, Upscaler

Kind = Literal["interpolation", "ours", "peer"]
Scale = Literal[2, 4]
SCALES: tuple[Scale, ...] = (2, 4)  # all that there are networks for

PRODUCT = "Crispdeck"
METRICS = Path(metrics.__file__ or "").parent
_NOT_ON_THE_WAY = {
    *("cli", "lab", "serving", "steps"),
    *("app.py", "budget.py", "context.py", "draining.py", "lost_pool.py", "process.py"),
    *("tasks.py", "vitals.py"),
}
"""What no pixel passes; whatever is not named here counts, so that new code is never missed."""


@dataclass(frozen=True, eq=False)
class Small:
    """A small picture as a user has it: the bytes of a file, without alpha."""

    blob: bytes = field(repr=False)

    @cached_property
    def decoded(self) -> DecodedPicture:
        """What Crispdeck makes of it."""
        return decode(self.blob, max_px=Settings().max_input_px)

    @cached_property
    def condition(self) -> float:
        """The condition by provenance, unless the network's own picture speaks against it."""
        source = source_of(self.decoded)
        return source.condition if source.is_confident else source.compression

    @cached_property
    def rgb(self) -> Picture:
        """(H, W, 3) uint8 for all who know no more than that."""
        return as_rgb(self.decoded.pixels)


def as_rgb(pixels: Pixels) -> Picture:
    """Give opaque 8-bit pixels, coloured or grey, as (H, W, 3) uint8."""
    colour = pixels.colour
    return np.asarray(colour if colour.shape[2] == 3 else np.repeat(colour, 3, axis=2), np.uint8)


class Method(Protocol):
    """One way to enlarge pictures."""

    @property
    def label(self) -> str:
        """Its name in the tables."""
        ...

    @property
    def kind(self) -> Kind:
        """Where it comes from."""
        ...

    @property
    def scales(self) -> frozenset[int]:
        """What it can enlarge by."""
        ...

    @property
    def digest(self) -> str:
        """Changes whenever the result may: weights, code, settings."""
        ...

    def enlarge(self, small: Small, scale: int) -> Picture:
        """Return (scale · H, scale · W, 3) uint8."""
        ...


@dataclass(frozen=True)
class Interpolation:
    """Pillow's resampling."""

    label: str
    filter: Image.Resampling
    kind: Kind = "interpolation"
    scales: frozenset[int] = frozenset(SCALES)

    @property
    def digest(self) -> str:
        """The filter is all there is."""
        return f"pillow-{self.filter.name}"

    def enlarge(self, small: Small, scale: int) -> Picture:
        """Resize."""
        height_px, width_px = small.rgb.shape[:2]
        size = width_px * scale, height_px * scale
        return np.asarray(Image.fromarray(small.rgb).resize(size, self.filter))


BICUBIC = Interpolation("bicubic", Image.Resampling.BICUBIC)
LANCZOS = Interpolation("Lanczos", Image.Resampling.LANCZOS)


class Ours:
    """Crispdeck, as users get it unless another crispness is given.

    Decoding is not measured, and neither is encoding: peers are judged by their pixels too.
    """

    kind: Kind = "ours"

    def __init__(
        self,
        settings: Settings,
        *,
        crispness: float | None = None,
        label: str = PRODUCT,
    ) -> None:
        self.label = label if crispness is None else f"{label}, crispness {crispness:g}"
        self._crispness = settings.crispness if crispness is None else crispness
        self.scales = frozenset(SCALES)
        self._settings = settings
        self._upscaler = Upscaler(settings)
        self.fell_back = False
        """Whether interpolation stepped in for the network in the last call."""
        used = NETWORKS.values()
        self._weights = [_weights_digest(one) for one in used]

    @property
    def digest(self) -> str:
        """Weights, crispness, number format, and the code on the way from pixels to pixels."""
        place = self._settings.dtype, self._settings.device
        way = self.label, f"{self._crispness:g}", *place, *self._weights
        return digest_of(*way, code_digest())

    def enlarge(self, small: Small, scale: int) -> Picture:
        """Go the way of every picture."""
        (upscaled,) = self._upscaler.upscale([source_of(small.decoded, self._crispness)], scale)
        self.fell_back = upscaled.fallback is not None
        return as_rgb(upscaled.pixels)


class Bare:
    """One network without anything that Crispdeck does to its result: what that costs is seen.

    Of a grey picture it gets three equal channels, as in Crispdeck.
    """

    kind: Kind = "ours"

    def __init__(self, settings: Settings, network: NetworkDescriptor) -> None:
        self.label = f"{network.label}, bare"
        self.scales = frozenset({network.scale})
        self._network = network
        self._settings = settings
        self._runner: Runner | None = None

    @property
    def digest(self) -> str:
        """Weights, number format and code, as of ours."""
        weights = _weights_digest(self._network)
        way = self.label, self._settings.dtype, self._settings.device, weights
        return digest_of(*way, code_digest())

    def enlarge(self, small: Small, scale: int) -> Picture:  # noqa: ARG002 - it has only one
        """Run the network and round."""
        return self.run(small.rgb, small.condition)

    def run(self, rgb: Picture, condition: float, passes: int = 1) -> Picture:
        """Run the network with so many passes on (H, W, 3) under its condition, and round."""
        if self._runner is None:
            where = places(self._settings.device, self._settings.dtype)
            self._runner = Runner(trained(self._network), self._network, where)
        x = torch.from_numpy(rgb.copy()).permute(2, 0, 1)[None].float() / 255
        upscaled = self._runner.enlarge(
            x, torch.tensor([condition]), tile_px=TILE_PX, batch=1, passes=passes
        )
        levels = (upscaled.planes[0] * 255).round().clamp(0, 255).to(torch.uint8)
        return np.ascontiguousarray(levels.permute(1, 2, 0).numpy())


def our_methods(settings: Settings, scale: int, crispnesses: Iterable[float] = ()) -> list[Method]:
    """Crispdeck as users get it, without crispness, with others, and each network bare."""
    networks = [one for one in NETWORKS.values() if one.scale == scale]
    return [
        Ours(settings),
        *(Ours(settings, crispness=one) for one in (0.0, *crispnesses)),
        *(Bare(settings, one) for one in networks),
    ]


def methods_for_speed(scale: int, settings: Settings, peers: Sequence[Method]) -> list[Method]:
    """Return ours first, on the CPU and then on CUDA where there is one, then all others."""
    ours: list[Method] = our_methods(replace(settings, device="cpu"), scale)
    if torch.cuda.is_available():
        ours.append(Ours(replace(settings, device="cuda"), label=f"{PRODUCT} (CUDA)"))
    return [*ours, *peers, BICUBIC, LANCZOS]


def digest_of(*words: str) -> str:
    """Hash some words into one short one."""
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]


@cache
def code_digest() -> str:
    """Hash the code that turns small pixels into large ones."""
    ours, pictures = (Path(module.__file__ or "").parent for module in (worker, crispdeck))
    sources = [
        *_sources(ours, leave_out=_NOT_ON_THE_WAY),
        *_sources(pictures / "picture", leave_out=set()),
    ]
    return digest_of(*map(_meaning, sources))


@cache
def metrics_digest() -> str:
    """Hash the code of the metrics."""
    return digest_of(*map(_meaning, _sources(METRICS, set())))


def _meaning(source: Path) -> str:
    """Return the code without comments, docstrings and layout, which change no result."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [  # type: ignore[attr-defined]
                each
                for each in body
                if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
            ]
    return ast.dump(tree)


def _sources(folder: Path, leave_out: Iterable[str]) -> list[Path]:
    return sorted(
        path for path in folder.rglob("*.py") if path.relative_to(folder).parts[0] not in leave_out
    )


def _weights_digest(network: NetworkDescriptor) -> str:
    return _file_digest(folder_of(network) / network.weights_file)


@cache
def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
