"""Blurred pictures in, sharp ones out: decode, network, encode, all on bytes; no jobs, no store.

The queue's upscale step and the in-process command line both come through here, so that both
make the same bytes of the same picture.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from crispdeck.errors import CrispdeckError, PictureTooLargeError
from crispdeck.picture.decoded import DecodedPicture
from crispdeck.picture.inspect import inspect_closely
from crispdeck.picture.matte import Matted, on_matte
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.provenance import detect
from crispdeck.picture.reading import decode_inspected
from crispdeck.picture.sharpened import Sharpened
from crispdeck.picture.writing import encode
from crispdeck.settings import Settings
from worker.upscaling.conditioning import Source
from worker.upscaling.inputs import CELLS, View, consistency_of, is_surely_shrunk, repeated, view

if TYPE_CHECKING:
    from worker.upscaling.upscaler import Upscaled

VARIANT = "9"
"""Names the way around the network (decode, bounds, encode)."""


def variant(crispness: float, *, strip: bool = False) -> str:
    """Name all that a result depends on besides picture, network and scale.

    It is part of the key of every kept result, so that other bytes never meet an older result.
    """
    return f"{VARIANT}-c{round(crispness * 100):03d}{'-bare' if strip else ''}"


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


Outcome = Sharpened | CrispdeckError
"""What became of one picture of a batch."""


def sharpen(
    blob: bytes,
    scale: float,
    network: Network,
    limits: PixelLimits,
    crispness: float = 0.0,
    *,
    strip: bool = False,
) -> Sharpened:
    """Make one picture `scale` (1 to 4) times as wide and as high.

    A scale of 1 serves pictures that were enlarged before: they get the detail that they lack.

    Args:
        crispness: 0 to 1, how much steeper edges become; hundredths count.
        strip: leave EXIF, XMP, IPTC and text out.

    Raises:
        PictureRefusedError: unreadable, of an unsupported kind, or too large before or after.
        UpscaleError: the network and every way around it failed.
    """
    (outcome,) = sharpen_batch([blob], scale, network, limits, crispness, strip=strip)
    if isinstance(outcome, CrispdeckError):
        raise outcome
    return outcome


def sharpen_batch(
    blobs: Sequence[bytes],
    scale: float,
    network: Network,
    limits: PixelLimits,
    crispness: float = 0.0,
    *,
    strip: bool = False,
) -> list[Outcome]:
    """Sharpen several pictures in one call of the network, in the order given.

    A picture that cannot be read or upscaled becomes its error in the list; the others go on.
    """
    opened = [open_picture(blob, scale, limits) for blob in blobs]
    upscaled = enlarge(opened, network, crispness)
    return [write(*pair, scale, strip=strip) for pair in zip(opened, upscaled, strict=True)]


@dataclass(frozen=True)
class OpenPicture:
    """A decoded picture, looked at.

    Attributes:
        view: what was seen in it, and from which pixels by how much it is enlarged.
        matted: where alpha is hard, the picture on the ground that it was drawn on.
        seconds: what that took.
    """

    source: DecodedPicture
    view: View
    matted: Matted | None
    seconds: float


@dataclass(frozen=True)
class LargePicture:
    """What was made of an open picture, before it is brought to the size asked for."""

    pixels: Pixels
    report: dict[str, Any]
    seconds: float


def open_picture(blob: bytes, scale: float, limits: PixelLimits) -> OpenPicture | CrispdeckError:
    """Decode a picture and look at it; no network. What cannot be read is its error."""
    started = time.perf_counter()
    try:
        found = inspect_closely(blob)
        info = found.info
        # From the header, before a decoder is let near the pixels.
        if info.width_px * info.height_px * scale * scale > limits.max_output_px:
            raise PictureTooLargeError(
                f"{info.width_px}×{info.height_px} pixels made {scale} times as large are more"
                f" than the {limits.max_output_px} that may come out."
            )
        source = decode_inspected(blob, found, max_px=limits.max_input_px)
    except CrispdeckError as error:
        return error
    seen, matted = _seen(source, scale)
    return OpenPicture(source, seen, matted, time.perf_counter() - started)


def _seen(source: DecodedPicture, scale: float) -> tuple[View, Matted | None]:
    """Read a picture's provenance; one of hard alpha is read, and enlarged, on its matte.

    Cells are repeated as they are: their stairs are meant.
    """
    # Hard alpha would be enlarged as stairs; on its matte the edge is a picture like any other.
    matted = on_matte(source.pixels)
    if matted is not None:
        seen = view(replace(source, pixels=matted.opaque), scale)
        if seen.cells is None:
            return seen, matted
    return view(source, scale), None


def source_of(
    decoded: DecodedPicture, crispness: float = 0.0, *, seen: View | None = None
) -> Source:
    """Say what a network needs to know of a picture that was just decoded.

    Args:
        decoded: the picture.
        crispness: 0 to 1, how much steeper edges become.
        seen: what was seen in it; None: look now, and take its pixels as they are.
    """
    found = detect(decoded.pixels) if seen is None else seen.found
    pixels = decoded.pixels if seen is None else seen.pixels
    return Source(
        pixels,
        decoded.compression,
        consistency_of(decoded, found),
        crispness,
        is_confident=is_surely_shrunk(found),
    )


def enlarge(
    items: Sequence[OpenPicture | CrispdeckError], network: Network, crispness: float
) -> list[LargePicture | CrispdeckError]:
    """Enlarge each by the factor that it needs; those of one factor in one call."""
    # Hundredths: it is part of the key under which an upscale is kept.
    crispness = round(crispness, 2)
    upscaled: dict[int, LargePicture | CrispdeckError] = {}
    by_factor: dict[float, list[int]] = defaultdict(list)
    sources: dict[int, Source] = {}
    for index, item in enumerate(items):
        if isinstance(item, CrispdeckError):
            upscaled[index] = item
        elif item.view.cells is not None:
            upscaled[index] = _of_cells(item.view)
        else:
            by_factor[item.view.factor].append(index)
            sources[index] = source_of(item.source, crispness, seen=item.view)
    # Pictures that were enlarged before go in at their true size and need a larger factor to come
    # out at the one asked for.
    for factor, indices in by_factor.items():
        results = _upscaled([sources[index] for index in indices], factor, network)
        upscaled.update(zip(indices, results, strict=True))
    return [upscaled[index] for index in range(len(items))]


def _of_cells(seen: View) -> LargePicture:
    started = time.perf_counter()
    pixels = repeated(seen)
    report = {"network": CELLS, "chosen": CELLS, "dtype": None, "device": "cpu", "fallback": None}
    return LargePicture(pixels, report, time.perf_counter() - started)


def _upscaled(
    pictures: Sequence[Source], factor: float, network: Network
) -> list[LargePicture | CrispdeckError]:
    """Upscale all at once; when that fails, one by one, so that one failure stays its own."""
    started = time.perf_counter()
    try:
        results = network.upscale(pictures, factor)
    except CrispdeckError as error:
        if len(pictures) == 1:
            return [error]
        # Out of memory, say: which of them was too much cannot be told from one error.
        return [outcome for one in pictures for outcome in _upscaled([one], factor, network)]
    share_s = (time.perf_counter() - started) / len(pictures)
    return [LargePicture(result.pixels, _report(result), share_s) for result in results]


def finished(opened: OpenPicture, upscaled: LargePicture) -> Pixels:
    """Bring what was made to the size asked for, and off its matte."""
    seen = opened.view
    pixels = upscaled.pixels if seen.cells else seen.finish(upscaled.pixels)
    return pixels if opened.matted is None else opened.matted.unmix(pixels)


def write(
    opened: OpenPicture | CrispdeckError,
    upscaled: LargePicture | CrispdeckError,
    scale: float,
    *,
    strip: bool = False,
) -> Outcome:
    """Encode what was made of a picture; no network. An error stays what it is."""
    if isinstance(opened, CrispdeckError):
        return opened
    if isinstance(upscaled, CrispdeckError):
        return upscaled
    started = time.perf_counter()
    seen, pixels = opened.view, finished(opened, upscaled)
    # Cells are repeated by a whole factor, which may not be the one asked for; resolution tags
    # follow the true growth.
    grown = pixels.width_px / opened.source.pixels.width_px if seen.cells else scale
    try:
        encoded = encode(pixels, opened.source, scale=grown, strip=strip, thin=True)
    except CrispdeckError as error:
        return error
    seconds = opened.seconds + upscaled.seconds + time.perf_counter() - started
    report = upscaled.report | {
        "scale": scale,
        "looks": seen.report(),
        "source": [note.value for note in opened.source.source_notes],
        "upscale_s": round(upscaled.seconds, 4),
        "seconds": round(seconds, 4),
    }
    return Sharpened(encoded.blob, encoded.format, pixels.width_px, pixels.height_px, report)


def _report(result: "Upscaled") -> dict[str, Any]:
    return {
        "network": result.network,
        "chosen": result.chosen,
        "dtype": result.dtype,
        "device": result.device,
        "fallback": result.fallback,
        "crispness": result.crispness,
        "faithful": result.faithful.as_dict() | {"failed": list(result.failed)},
    }
