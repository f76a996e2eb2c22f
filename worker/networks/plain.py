"""The plain residual network: 3×3 convolutions in low-resolution space only; no weights, no tiles.

The shape is that of the fastest networks per quality on a CPU: no layer ever works on enlarged
pixels, no layer looks at the whole picture. The result is plain bicubic interpolation (fp32, the
operator of Pillow) plus a residual from the body, which may run in bf16.

At each exit a gate looks at the same features and says, small pixel by small pixel, how much of the
residual is to be trusted: 0 leaves interpolation. What is soft (out of focus, starry, scanned,
enlarged before) has nothing to be found again, and the body sees that before it sees what to add.

One body has several exits: after some blocks for the small tier, after all for the larger one, and
at each depth a last convolution for each scale. They are trained together, so that a step teaches
all of them for little more than the price of the deepest (early exits: Teerapittayanon et al.,
BranchyNet, 2016; several scales on one body: Lim et al., MDSR, 2017).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, pixel_shuffle, relu

GATE_CHANNELS = 16
"""Between the body's 64 and the gate's one; the size that was tried in docs/experiments.md."""
GATE_STARTS_AT = 2.5
"""Before the sigmoid: 92 % of the residual."""
NATURAL_CHANNELS = 48
"""Between the body's 64 and the pixels; a guess: three quarters, the only size that was tried."""
BESIDE_BODY = ("gates.", "naturals.")
"""Names of what is fitted to a body and its exits as they are."""


class _PadByRepeating(torch.autograd.Function):
    """Repeat the outermost pixels once; keeps channels_last, which torch's own backward loses.

    A training step takes two thirds of the time with it.
    """

    @staticmethod
    def forward(_ctx: Any, x: Tensor) -> Tensor:
        n, c, h, w = x.shape
        out = torch.empty(
            (n, c, h + 2, w + 2),
            dtype=x.dtype,
            device=x.device,
            memory_format=torch.channels_last,
        )
        out[:, :, 1:-1, 1:-1] = x
        out[:, :, 1:-1, 0] = x[:, :, :, 0]
        out[:, :, 1:-1, -1] = x[:, :, :, -1]
        out[:, :, 0] = out[:, :, 1]
        out[:, :, -1] = out[:, :, -2]
        return out

    @staticmethod
    def backward(_ctx: Any, *grads: Tensor) -> Tensor:
        (grad,) = grads
        rows = grad[:, :, 1:-1].clone(memory_format=torch.channels_last)
        rows[:, :, 0] += grad[:, :, 0]
        rows[:, :, -1] += grad[:, :, -1]
        out = rows[:, :, :, 1:-1].clone(memory_format=torch.channels_last)
        out[:, :, :, 0] += rows[:, :, :, 0]
        out[:, :, :, -1] += rows[:, :, :, -1]
        return out


class Conv3x3(nn.Conv2d):
    """A 3×3 convolution that continues the picture by its edge pixels instead of zeros."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(channels_in, channels_out, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve `x` (N, C, H, W); the result has the same height and width."""
        return super().forward(cast("Tensor", _PadByRepeating.apply(x)))  # type: ignore[no-untyped-call]


class ResidualBlock(nn.Module):
    """x + conv(relu(conv(x)))."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = Conv3x3(channels, channels)
        self.second = Conv3x3(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape of `x` (N, C, H, W)."""
        return cast("Tensor", self.second(relu(self.first(x), inplace=True))).add_(x)


class Gate(nn.Sequential):
    """How much of a residual to trust: (N, channels, H, W) in, (N, 1, H, W) in 0..1 out."""

    def __init__(self, channels: int) -> None:
        super().__init__(Conv3x3(channels, GATE_CHANNELS), nn.ReLU(), Conv3x3(GATE_CHANNELS, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Look two pixels around."""
        return torch.sigmoid(super().forward(x))  # type: ignore[no-untyped-call]

    def start_open(self) -> None:
        """Begin by trusting nearly all."""
        last = cast("Conv3x3", self[2])
        nn.init.normal_(last.weight, std=1e-2)
        nn.init.constant_(cast("Tensor", last.bias), GATE_STARTS_AT)


class Natural(nn.Sequential):
    """What to add where the residual of sharp edges is not trusted, as in soft parts and nature.

    (N, channels, H, W) in, (N, 3, H × scale, W × scale) out.
    """

    def __init__(self, channels: int, scale: int) -> None:
        super().__init__(
            Conv3x3(channels, NATURAL_CHANNELS),
            nn.ReLU(),
            Conv3x3(NATURAL_CHANNELS, 3 * scale * scale),
            nn.PixelShuffle(scale),
        )

    def start_at_nothing(self) -> None:
        """Begin by adding next to nothing."""
        nn.init.kaiming_normal_(cast("Conv3x3", self[0]).weight)
        nn.init.normal_(cast("Conv3x3", self[2]).weight, std=1e-3)


def interpolate_bicubic(x: Tensor, scale: int) -> Tensor:
    """Enlarge `x` (N, C, H, W) as Pillow's BICUBIC does.

    antialias=True is what makes torch use Pillow's kernel (a = -0.5) and Pillow's borders.
    """
    return interpolate(x, scale_factor=scale, mode="bicubic", antialias=True)


@dataclass(frozen=True)
class Exit:
    """Where the body is left: after how many blocks, and by which factor it enlarges there."""

    tier: str
    scale: int
    blocks: int

    @property
    def name(self) -> str:
        """As weights and logs name it, for example "m-x4"."""
        return f"{self.tier}-x{self.scale}"


GROUND, ENDS = 24 / 255, 4 / 255
"""How far from white or black JPEG's ringing leaves a ground that was interpolated, and how near
the network brings it. White lettering on black as JPEG 50 ends 1.01 levels off its ground with
gates alone, 0.91 with ENDS of 0 and 0.63 with these; on a quarter of the guard set no class loses
more than 0.01 dB by it."""


class Parts(NamedTuple):
    """What an exit makes, before it is put together.

    Attributes:
        plain: (N, 3, H, W), interpolated.
        trust: (N, 1, H, W) in 0..1, how much of the residual to take.
        residual: (N, 3, H, W), of sharp edges.
        natural: (N, 3, H, W), taken as much as the residual is not.
    """

    plain: Tensor
    trust: Tensor
    residual: Tensor
    natural: Tensor

    @property
    def enlarged(self) -> Tensor:
        """Put them together.

        White and black grounds are taken whole: where interpolation is all but white or black
        already, and the network says that it is, what keeps it from it is JPEG's ringing and no
        detail that one could make too hard.
        """
        whole = self.open
        is_ground = ((whole > 1 - ENDS) & (self.plain > 1 - GROUND)) | (
            (whole < ENDS) & (self.plain < GROUND)
        )
        added = self.natural + self.trust * (self.residual - self.natural)
        return torch.where(is_ground, whole, self.plain + added)

    @property
    def open(self) -> Tensor:
        """Put them together as if there were no gate."""
        return self.plain + self.residual


class PlainNetwork(nn.Module):
    """RGB in 0..1 and how strongly it was compressed in, RGB enlarged out (not clipped).

    One convolution reaches one pixel far and a gate is spread by one more, so an exit's reach is
    4 + 2 × blocks low-resolution pixels; the bicubic skip's two pixels lie within it.

    Args:
        channels: of the body.
        exits: at least one; those of one tier leave after the same block.
    """

    def __init__(self, *, channels: int, exits: Sequence[Exit]) -> None:
        super().__init__()
        self.exits = tuple(sorted(exits, key=lambda one: one.blocks))
        self.head = Conv3x3(4, channels)
        self.blocks = nn.Sequential(
            *(ResidualBlock(channels) for _ in range(self.exits[-1].blocks))
        )
        self.tails = nn.ModuleDict(
            {one.name: Conv3x3(channels, 3 * one.scale * one.scale) for one in self.exits}
        )
        self.gates = nn.ModuleDict({one.name: Gate(channels) for one in self.exits})
        self.naturals = nn.ModuleDict(
            {one.name: Natural(channels, one.scale) for one in self.exits}
        )
        self._start_as_bicubic()

    def _start_as_bicubic(self) -> None:
        """Begin near the identity: training starts at bicubic and only ever adds detail."""
        for block in self.blocks:
            nn.init.kaiming_normal_(cast("ResidualBlock", block).first.weight)
            # Blocks begin near the identity, so that their number does not change how the training
            # starts.
            cast("ResidualBlock", block).second.weight.data.mul_(0.1)
        for tail in self.tails.values():
            nn.init.normal_(cast("Conv3x3", tail).weight, std=1e-3)
        for module in self.modules():
            if isinstance(module, Conv3x3) and module.bias is not None:
                nn.init.zeros_(module.bias)
        for gate in self.gates.values():
            cast("Gate", gate).start_open()
        for natural in self.naturals.values():
            cast("Natural", natural).start_at_nothing()

    def forward(self, x: Tensor, compression: Tensor) -> Tensor:
        """Enlarge by the deepest exit; the only one in a network that is built for use.

        Args:
            x: (N, 3, H, W) float32 in 0..1.
            compression: (N) in 0..1, 0 for a lossless source, or SHRUNK; see
                crispdeck.picture.compression.
        """
        # A network built for use has one exit; only in training there are several.
        *_, (_, enlarged) = self.enlarge(x, compression, self.exits[-1].scale)
        return enlarged

    def enlarge(self, x: Tensor, compression: Tensor, scale: int) -> Iterator[tuple[Exit, Tensor]]:
        """Yield what comes out of each exit of `scale`, the shallowest first."""
        for one, parts in self.parts(x, compression, scale):
            yield one, parts.enlarged

    def parts(self, x: Tensor, compression: Tensor, scale: int) -> Iterator[tuple[Exit, "Parts"]]:
        """Yield what is put together at each exit of `scale`, the shallowest first.

        The body runs in the dtype of its own weights, the skip in float32.
        """
        plain = interpolate_bicubic(x, scale)
        # The condition as a fourth channel, the same at every pixel: a convolution can use it
        # anywhere.
        plane = compression.view(-1, 1, 1, 1).expand(-1, 1, *x.shape[2:])
        # Centred: the first layer of a network without normalisation learns faster so.
        body = torch.cat([x - 0.5, plane], dim=1)
        body = self.head(body.to(self.head.weight.dtype, memory_format=torch.channels_last))
        done = 0
        for one in (one for one in self.exits if one.scale == scale):
            body = self.blocks[done : one.blocks](body)
            done = one.blocks
            # Interpolation in float32 whatever the body runs in: bf16 has 8 bits, and an untouched
            # sky would show bands.
            residual = pixel_shuffle(self.tails[one.name](body), scale).float()
            natural = self.naturals[one.name](body).float()
            trust = self.gates[one.name](body).to(plain.dtype)
            trust = interpolate(trust, scale_factor=scale, mode="bilinear")
            yield one, Parts(plain, trust, residual, natural)


def begin_with(network: PlainNetwork, weights: Mapping[str, Tensor]) -> None:
    """Take over `weights`; those of a time before there were gates leave them all but open.

    Raises:
        ValueError: they are of another shape.
    """
    lacking, unknown = network.load_state_dict(weights, strict=False)
    if unknown or any(not name.startswith(BESIDE_BODY) for name in lacking):
        raise ValueError(f"these weights do not fit: {[*lacking, *unknown]}")
