"""Pixels in, sharper pixels out: the one door to the networks; no files, no jobs.

Pictures of one size go through the network together. What a network makes is brought into the
bounds of worker.faithful and only taken if the checks hold; otherwise interpolation steps in, and
the result says so.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from crispdeck.picture.pixels import Pixels
from crispdeck.settings import Settings
from worker.faithful.checks import Findings
from worker.faithful.kernels import MARGIN_DB, PLAIN_MARGIN_DB, is_bicubic, liveliest
from worker.faithful.kinds import Consistency
from worker.faithful.picture import Settled, settle
from worker.networks.descriptor import DtypeName, NetworkDescriptor
from worker.networks.ensemble import passes_for
from worker.networks.memory import keep_freed_memory
from worker.networks.places import places
from worker.networks.planes import Plane, Planes, split
from worker.networks.registry import NETWORKS, choose
from worker.networks.runner import Enlarged, Runner
from worker.networks.weights import trained
from worker.upscaling.conditioning import Source
from worker.upscaling.daemon_threads import MOST_THREADS, DaemonThreads

logger = logging.getLogger(__name__)

TILE_PX = 512  # side of a tile of the small picture: one layer in float32 then takes 64 MB
WARM_UP_SIDE_PX = 64  # side of the flat picture that loads every network; the size does not matter
BICUBIC = "bicubic"

Chooser = Callable[[int, int, int], NetworkDescriptor]
Loader = Callable[[NetworkDescriptor], nn.Module]


class FallbackReason(StrEnum):
    """Why plain interpolation stepped in for the network."""

    NOT_FINITE = "not_finite"
    WRONG_SIZE = "wrong_size"
    UNFAITHFUL = "unfaithful"


@dataclass(frozen=True)
class Upscaled:
    """An enlarged picture and how it was made.

    Attributes:
        network: name@version, or "bicubic" where plain interpolation stepped in.
        chosen: name@version of the network that was to work on it, whatever stepped in.
        scale: as asked for.
        dtype, device: where the network ran (or failed), also after running out of memory.
        fallback: None, or why `network` is "bicubic".
        faithful: what was measured of it against the small picture.
        failed: the checks that the network's result did not pass; empty where it was taken.
        crispness: as asked for.
        seconds: this picture's share of the call.
    """

    pixels: Pixels
    network: str
    chosen: str
    scale: float
    dtype: DtypeName
    device: str
    fallback: FallbackReason | None
    faithful: Findings
    failed: tuple[str, ...] = ()
    crispness: float = 0.0
    seconds: float = 0.0


class Upscaler:
    """Enlarges pictures; loads each network when it is first needed. Safe to share by threads.

    Args:
        settings: device, dtype, torch_threads, batch_pictures and batch_px are read.
        tile_px: pictures with a longer side than this are cut into tiles.
        choose: which network serves width, height and scale.
        load: gives a network with its weights.

    Raises:
        SettingsError: CUDA is asked for and there is none.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        tile_px: int = TILE_PX,
        choose: Chooser = choose,
        load: Loader = trained,
    ) -> None:
        self._settings = settings or Settings()
        # Before the first large tensor: glibc's thresholds count from then on.
        keep_freed_memory()
        if self._settings.torch_threads > 0:
            torch.set_num_threads(self._settings.torch_threads)
        self._threads = torch.get_num_threads()
        self._helpers = DaemonThreads(min(self._threads, MOST_THREADS))
        self._places = places(self._settings.device, self._settings.dtype)
        self._tile_px = tile_px
        self._choose = choose
        self._load = load
        self._runners: dict[str, Runner] = {}
        self._loading = threading.Lock()

    def warm(self) -> None:
        """Load every network and run it once, so that the first picture need not wait.

        Raises:
            WeightsError: a weights file is missing or is not the one in the manifest.
        """
        flat = torch.full((1, 3, WARM_UP_SIDE_PX, WARM_UP_SIDE_PX), 0.5)
        for descriptor in NETWORKS.values():
            self._runner(descriptor).enlarge(flat, torch.zeros(1), tile_px=self._tile_px, batch=1)

    def loaded(self) -> list[str]:
        """Name the networks that are in memory: name@version."""
        return sorted(self._runners)

    def upscale(self, pictures: Sequence[Source], scale: float) -> list[Upscaled]:
        """Enlarge each picture to round(width × scale), round(height × scale).

        Up to 2 the ×2 network works, above it the ×4 one; scales between are then shrunk to.

        Raises:
            ValueError: scale is not above 1 and at most 4.
            UpscaleMemoryError: the memory does not suffice even for small tiles on the CPU.
            WeightsError: the weights are missing or are not the ones in the manifest.
        """
        if not 1 < scale <= 4:
            raise ValueError(f"scale must be above 1 and at most 4, not {scale}")
        # Only pictures of one size can be stacked into one call of the network.
        same_size: dict[tuple[int, int], list[int]] = defaultdict(list)
        for index, picture in enumerate(pictures):
            same_size[picture.pixels.width_px, picture.pixels.height_px].append(index)
        results: dict[int, Upscaled] = {}
        for indices in same_size.values():
            group = self._upscale_group([pictures[index] for index in indices], scale)
            results.update(zip(indices, group, strict=True))
        return [results[index] for index in range(len(pictures))]

    def _upscale_group(self, pictures: Sequence[Source], scale: float) -> list[Upscaled]:
        """Enlarge pictures of one size."""
        started = time.perf_counter()
        torch.set_num_threads(self._threads)  # for this thread, whatever helpers have for theirs
        width_px, height_px = pictures[0].pixels.width_px, pictures[0].pixels.height_px
        # A factor between is made by the next larger network and shrunk from there.
        descriptor = self._choose(width_px, height_px, 2 if scale <= 2 else 4)
        runner = self._runner(descriptor)
        planes = [split(picture.pixels) for picture in pictures]
        # One picture may be several planes (CMYK, alpha); all go through as pictures of their own.
        smalls = [_stack(item.pictures) for item in planes]
        pictures = [
            self._unless_drawn(picture, small, runner)
            for picture, small in zip(pictures, smalls, strict=True)
        ]
        conditions = [_conditions(*pair) for pair in zip(pictures, smalls, strict=True)]
        pixels = width_px * height_px
        upscaled = runner.enlarge(
            torch.cat(smalls),
            torch.cat(conditions),
            tile_px=self._tile_px,
            batch=self._batch(pixels),
            passes=passes_for(pixels, descriptor.parameters),
        )
        parts = torch.split(upscaled.planes, [len(small) for small in smalls])
        enlarged = [Enlarged(part, upscaled.place) for part in parts]
        results = self._each(
            [
                partial(_judged, *each, descriptor, scale)
                for each in zip(pictures, planes, smalls, enlarged, strict=True)
            ]
        )
        share_s = (time.perf_counter() - started) / len(pictures)
        return [replace(result, seconds=share_s) for result in results]

    def _each(self, jobs: Sequence[Callable[[], Upscaled]]) -> list[Upscaled]:
        """Do one job with all threads, or several side by side with a thread each.

        What is done beside a network are many short steps: whoever shares each of them among
        threads spends the time waiting for the last one.
        """
        if len(jobs) == 1 or self._threads == 1:
            return [job() for job in jobs]
        futures = [self._helpers.do(partial(_on_one_thread, job)) for job in jobs]
        return [future.result() for future in futures]

    def _unless_drawn(self, picture: Source, small: Tensor, runner: Runner) -> Source:
        """Take back that a picture was only shrunk where a part, sharpened, speaks against it."""
        if picture.consistency is not Consistency.EXACT:
            return picture
        # A part, and before the run: the answer decides what the network is told of the whole.
        part = liveliest(small)
        conditions = _conditions(picture, part)
        upscaled = runner.enlarge(part, conditions, tile_px=self._tile_px, batch=len(part)).planes
        margin_db = MARGIN_DB if picture.is_confident else PLAIN_MARGIN_DB
        seen = part.to(upscaled.device)
        if _fault(upscaled, part.shape, runner.scale) or is_bicubic(seen, upscaled, margin_db):
            return picture
        return replace(picture, consistency=Consistency.LOW_FREQUENCY)

    def _batch(self, pixels: int) -> int:
        """How many planes of this size go into one call."""
        # By pixels, since memory and time of a call grow with them and not with the count.
        by_memory = self._settings.batch_px // pixels
        return max(1, min(self._settings.batch_pictures, by_memory))

    def _runner(self, descriptor: NetworkDescriptor) -> Runner:
        with self._loading:
            if descriptor.label not in self._runners:
                network = self._load(descriptor)
                self._runners[descriptor.label] = Runner(network, descriptor, self._places)
            return self._runners[descriptor.label]


def _settled_where_it_was_made(
    planes: Planes,
    small: Tensor,
    large: Tensor | None,
    size: tuple[int, int],
    picture: Source,
) -> Settled:
    """Bring a picture into the bounds on the network's device, or here where its memory is full."""
    if large is not None and large.device.type != "cpu":
        try:
            there = small.to(large.device)
            return settle(planes, there, large, size, picture.consistency, picture.crispness)
        except torch.OutOfMemoryError as error:
            logger.warning("the bounds ran out of memory on %s: %s", large.device, error)
        large = large.cpu()
    return settle(planes, small, large, size, picture.consistency, picture.crispness)


def _on_one_thread(job: Callable[[], Upscaled]) -> Upscaled:
    torch.set_num_threads(1)
    return job()


def _conditions(picture: Source, small: Tensor) -> Tensor:
    """Say of each of the planes `small` (N, 3, h, w) what is known of their picture: (N)."""
    return torch.full((len(small),), picture.condition)


def _judged(
    picture: Source,
    planes: Planes,
    small: Tensor,
    upscaled: Enlarged,
    descriptor: NetworkDescriptor,
    scale: float,
) -> Upscaled:
    """Take what the network made of one picture, or interpolate if it cannot be taken."""
    source = planes.source
    size = round(source.height_px * scale), round(source.width_px * scale)
    fallback = _fault(upscaled.planes, small.shape, descriptor.scale)
    # The guarantee works at the size asked for: a factor between is judged by what people get.
    large = None if fallback else _shrink(upscaled.planes, size).contiguous()
    settled = _settled_where_it_was_made(planes, small, large, size, picture)
    if settled.failed:
        fallback = FallbackReason.UNFAITHFUL
    if fallback:
        logger.warning("%s: %s %s", descriptor.label, fallback, ", ".join(settled.failed))
    return Upscaled(
        pixels=settled.pixels,
        network=BICUBIC if fallback else descriptor.label,
        chosen=descriptor.label,
        scale=scale,
        dtype=upscaled.place.dtype,
        device=upscaled.place.device,
        fallback=fallback,
        faithful=settled.findings,
        failed=settled.failed,
        crispness=picture.crispness,
    )


def _fault(upscaled: Tensor, small: torch.Size, scale: int) -> FallbackReason | None:
    if upscaled.shape != (*small[:2], small[2] * scale, small[3] * scale):
        return FallbackReason.WRONG_SIZE
    # A sum is finite only if all its terms are, and needs no picture of booleans.
    return None if bool(upscaled.sum().isfinite()) else FallbackReason.NOT_FINITE


def _shrink(planes: Tensor, size: tuple[int, int]) -> Tensor:
    """Resample (N, 3, H, W) down to `size` (height, width), without aliasing."""
    if planes.shape[2:] == size:
        return planes
    return interpolate(planes, size=size, mode="bicubic", antialias=True)


def _stack(pictures: Sequence[Plane]) -> Tensor:
    """(H, W, 3) arrays of one size as one tensor (N, 3, H, W)."""
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2)
