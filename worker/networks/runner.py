"""Runs one network within the memory there is: batches, then tiles, then the CPU; no pictures."""

import copy
import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from crispdeck.errors import PictureTooLargeError, UpscaleMemoryError
from worker.networks.descriptor import NetworkDescriptor
from worker.networks.ensemble import enlarge_by_ensemble
from worker.networks.places import Place
from worker.networks.tiles import enlarge_in_tiles

logger = logging.getLogger(__name__)

SMALLEST_TILE_PX = 64  # side; in smaller tiles most of the work is their overlap


@dataclass(frozen=True)
class Attempt:
    """One way to run: the next is tried when this one runs out of memory."""

    place: Place
    batch: int
    tile_px: int


@dataclass(frozen=True)
class Enlarged:
    """What came out, and where it was made: there it still is, unless it was made in tiles."""

    planes: Tensor
    place: Place


def attempts(
    places: Sequence[Place], *, batch: int, side_px: int, tile_px: int
) -> Iterator[Attempt]:
    """Yield everything that can be tried for `batch` pictures of `side_px`, the fastest way first.

    In each place: the whole batch, ever smaller batches, then one picture in ever smaller tiles.
    """
    for number, place in enumerate(places):
        # On the second place, the CPU, a batch saves no time, and memory is what lacks.
        size = batch if number == 0 else 1
        while size > 1:
            yield Attempt(place, size, tile_px)
            size = (size + 1) // 2
        # Tiles give the same pixels (see `tiles`), so smaller ones cost time alone.
        tile = min(tile_px, side_px)
        while tile > SMALLEST_TILE_PX:
            yield Attempt(place, 1, tile)
            tile = max(SMALLEST_TILE_PX, (tile + 1) // 2)
        yield Attempt(place, 1, tile)


class Runner:
    """One loaded network, copied to each place when it is first needed there."""

    def __init__(
        self, network: nn.Module, descriptor: NetworkDescriptor, places: Sequence[Place]
    ) -> None:
        self._network = network
        self._descriptor = descriptor
        self._places = [_bearable(place, descriptor) for place in places]
        self._placed: dict[Place, nn.Module] = {}
        self._placing = threading.Lock()

    @property
    def scale(self) -> int:
        """By how much the network enlarges."""
        return self._descriptor.scale

    def enlarge(
        self, x: Tensor, compression: Tensor, *, tile_px: int, batch: int, passes: int = 1
    ) -> Enlarged:
        """Enlarge `x` (N, 3, H, W) float32 on the CPU, at most `batch` of N at once.

        Args:
            compression: (N) float32, 0 (lossless) to 1, or SHRUNK, which
                crispdeck.picture.compression explains.
            passes: of the ensemble, 1, 2 or 4; see worker.networks.ensemble.

        Raises:
            PictureTooLargeError: it would have to be cut into tiles, and the network looks at
                whole pictures.
            UpscaleMemoryError: the memory did not suffice anywhere.
        """
        reason: Exception | None = None
        for way in self._ways(x, tile_px=tile_px, batch=batch):
            try:
                return Enlarged(self._run(x, compression, way, passes), way.place)
            except (MemoryError, RuntimeError) as error:
                # A fault of the network must not look like too little memory and be tried ten
                # times.
                if not _is_out_of_memory(error):
                    raise
                # The traceback would keep the tensors of the failed attempt alive.
                reason = error.with_traceback(None)
                logger.warning("out of memory with %s: %s", way, error)
            _release(way.place)
        raise UpscaleMemoryError(
            f"{self._descriptor.label} ran out of memory for {x.shape[3]} × {x.shape[2]} px, "
            f"even in tiles: {reason}"
        ) from reason

    def _ways(self, x: Tensor, *, tile_px: int, batch: int) -> Iterator[Attempt]:
        side_px = max(x.shape[2:])
        tiles = self._descriptor.reach_px is not None
        if side_px > tile_px and not tiles:
            raise PictureTooLargeError(
                f"{self._descriptor.label} looks at whole pictures, and takes none of more than"
                f" {tile_px} pixels a side; choose another network or a smaller picture."
            )
        size = min(batch, x.shape[0])
        for way in attempts(self._places, batch=size, side_px=side_px, tile_px=tile_px):
            if tiles or way.tile_px >= side_px:
                yield way

    def _run(self, x: Tensor, compression: Tensor, way: Attempt, passes: int) -> Tensor:
        network = self._in_place(way.place)
        chunks = zip(torch.split(x, way.batch), torch.split(compression, way.batch), strict=True)
        upscaled = [self._run_chunk(network, *chunk, way, passes) for chunk in chunks]
        return upscaled[0] if len(upscaled) == 1 else torch.cat(upscaled)

    @torch.inference_mode()
    def _run_chunk(
        self, network: nn.Module, x: Tensor, compression: Tensor, way: Attempt, passes: int
    ) -> Tensor:
        device = way.place.torch_device
        known = compression.to(device)

        def run(part: Tensor) -> Tensor:
            out: Tensor = network(part, known)
            return out

        def enlarge(part: Tensor) -> Tensor:
            return enlarge_by_ensemble(run, part.to(device), passes)

        reach_px = self._descriptor.reach_px
        if max(x.shape[2:]) <= way.tile_px or reach_px is None:
            return enlarge(x)
        return enlarge_in_tiles(
            lambda part: enlarge(part).to("cpu"),
            x,
            scale=self._descriptor.scale,
            tile_px=way.tile_px,
            reach_px=reach_px,
        )

    def _in_place(self, place: Place) -> nn.Module:
        with self._placing:
            if place not in self._placed:
                # The copy in use may be on another device or in bf16; the first stays as it was
                # loaded.
                placed = copy.deepcopy(self._network).to(place.torch_device, place.torch_dtype)
                # Channels last: oneDNN and cuDNN convolve 3×3 faster so.
                self._placed[place] = placed.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            return self._placed[place]


def _bearable(place: Place, descriptor: NetworkDescriptor) -> Place:
    """Replace a number format that the network does not bear by float32."""
    return place if place.dtype in descriptor.dtypes else replace(place, dtype="float32")


def _is_out_of_memory(error: Exception) -> bool:
    """Know CUDA's own error, Python's, and the RuntimeError of torch's CPU allocator."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    # torch has no class for it on the CPU; these are the words of its allocators.
    return "can't allocate memory" in str(error) or "not enough memory" in str(error)


def _release(place: Place) -> None:
    if place.torch_device.type == "cuda":
        torch.cuda.empty_cache()
