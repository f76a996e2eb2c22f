"""Blurred pictures in, sharp ones out: decode, network, encode, all on bytes; no jobs, no store.

The queue's upscale step and the in-process command line both come through here, so that both
make the same bytes of the same picture.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from crispdeck.errors import CrispdeckError, PictureTooLargeError
from crispdeck.picture.codec import DecodedPicture, decode, encode
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.inspect import inspect
from crispdeck.settings import Settings
from worker.source import Source

if TYPE_CHECKING:
    from worker.upscaler import Upscaled

VARIANT = "2"
"""Names the way around the network (decode, bounds, encode)."""


def variant(crispness: float) -> str:
    """Name all that a result depends on besides picture, network and scale.

    It is part of the key of every kept result, so that other bytes never meet an older result.
    """
    return f"{VARIANT}-c{round(crispness * 100):03d}"


class Network(Protocol):
    """What the pipeline needs of an upscaler."""

    def upscale(self, pictures: Sequence[Source], scale: float) -> "list[Upscaled]":
        """Return one result per picture, `scale` times as wide and as high."""
        ...


@dataclass(frozen=True)
class PixelLimits:
    """The most pixels that may go in and come out."""

    max_input_px: int = 16_000_000
    max_output_px: int = 64_000_000

    @classmethod
    def of(cls, settings: Settings) -> "PixelLimits":
        """Take the limits out of the settings."""
        return cls(settings.max_input_px, settings.max_output_px)


@dataclass(frozen=True)
class Sharpened:
    """A sharper picture and how it was made."""

    blob: bytes
    format: PictureFormat
    width_px: int
    height_px: int
    report: dict[str, Any]
    """JSON: network, scale, dtype, device, fallback (None, or why plain interpolation stepped
    in), crispness (as asked for), faithful (what was measured against the small picture), seconds
    (of decode, network and encode; the network's share in a batch)."""


Outcome = Sharpened | CrispdeckError
"""What became of one picture of a batch."""


def sharpen(
    blob: bytes, scale: float, network: Network, limits: PixelLimits, crispness: float = 0.0
) -> Sharpened:
    """Make one picture `scale` (above 1, at most 4) times as wide and as high.

    Args:
        crispness: 0 to 1, how much steeper edges become; hundredths count.

    Raises:
        PictureRefusedError: unreadable, of an unsupported kind, or too large before or after.
        UpscaleError: the network and every way around it failed.
    """
    (outcome,) = sharpen_batch([blob], scale, network, limits, crispness)
    if isinstance(outcome, CrispdeckError):
        raise outcome
    return outcome


def sharpen_batch(
    blobs: Sequence[bytes],
    scale: float,
    network: Network,
    limits: PixelLimits,
    crispness: float = 0.0,
) -> list[Outcome]:
    """Sharpen several pictures in one call of the network, in the order given.

    A picture that cannot be read or upscaled becomes its error in the list; the others go on.
    """
    crispness = round(crispness, 2)
    decoded = [_decoded(blob, scale, limits) for blob in blobs]
    readable = [item for item in decoded if isinstance(item, _Decoded)]
    sources = [source_of(item.source, crispness) for item in readable]
    upscaled = iter(_upscaled(sources, scale, network))
    return [
        _encoded(item, next(upscaled), scale) if isinstance(item, _Decoded) else item
        for item in decoded
    ]


@dataclass(frozen=True)
class _Decoded:
    source: DecodedPicture
    seconds: float


@dataclass(frozen=True)
class _Upscaled:
    result: "Upscaled"
    seconds: float


def _decoded(blob: bytes, scale: float, limits: PixelLimits) -> _Decoded | CrispdeckError:
    started = time.perf_counter()
    try:
        info = inspect(blob)
        if info.width_px * info.height_px * scale * scale > limits.max_output_px:
            raise PictureTooLargeError(
                f"{info.width_px}×{info.height_px} pixels made {scale} times as large are more"
                f" than the {limits.max_output_px} that may come out."
            )
        source = decode(blob, max_px=limits.max_input_px)
    except CrispdeckError as error:
        return error
    return _Decoded(source, time.perf_counter() - started)


def source_of(decoded: DecodedPicture, crispness: float = 0.0) -> Source:
    """Tell the network what is known of a picture that was just decoded."""
    return Source(decoded.pixels, decoded.compression, crispness=crispness)


def _upscaled(
    pictures: Sequence[Source], scale: float, network: Network
) -> "list[_Upscaled | CrispdeckError]":
    """Upscale all at once; when that fails, one by one, so that one failure stays its own."""
    if not pictures:
        return []
    started = time.perf_counter()
    try:
        results = network.upscale(pictures, scale)
    except CrispdeckError as error:
        if len(pictures) == 1:
            return [error]
        return [outcome for one in pictures for outcome in _upscaled([one], scale, network)]
    share_s = (time.perf_counter() - started) / len(pictures)
    return [_Upscaled(result, share_s) for result in results]


def _encoded(
    decoded: _Decoded, upscaled: _Upscaled | CrispdeckError, scale: float
) -> Sharpened | CrispdeckError:
    if isinstance(upscaled, CrispdeckError):
        return upscaled
    started = time.perf_counter()
    pixels = upscaled.result.pixels
    try:
        encoded = encode(pixels, decoded.source, scale=scale)
    except CrispdeckError as error:
        return error
    seconds = decoded.seconds + upscaled.seconds + time.perf_counter() - started
    report = _report(upscaled.result, scale) | {
        "upscale_s": round(upscaled.seconds, 4),
        "seconds": round(seconds, 4),
    }
    return Sharpened(encoded.blob, encoded.format, pixels.width_px, pixels.height_px, report)


def _report(result: "Upscaled", scale: float) -> dict[str, Any]:
    return {
        "network": result.network,
        "scale": scale,
        "dtype": result.dtype,
        "device": result.device,
        "fallback": result.fallback,
        "crispness": result.crispness,
        "faithful": result.faithful.as_dict() | {"failed": list(result.failed)},
    }
