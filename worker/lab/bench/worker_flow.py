"""How many pictures a worker process does, with a network that takes next to nothing.

The network is a stand-in that sleeps, as a CPU does while a GPU works, and knows what it should
make. All else is real: rows in SQLite, objects in a folder, claims, leases, bounds, checks, files.
"""

import io
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import numpy as np
import torch
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from torch import Tensor, nn
from torch.nn.functional import interpolate

from crispdeck.errors import CrispdeckError
from crispdeck.picture.decoded import EncodedPicture
from crispdeck.picture.inspect import inspect
from crispdeck.picture.sharpened import Sharpened
from crispdeck.picture.writing import encode
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.work.job import INTERACTIVE, create_picture_job, get_job
from crispdeck.services.picture_intake import store_picture
from crispdeck.services.upscale import Manner
from crispdeck.settings import Settings
from worker.context import Context
from worker.lab.bench.bounds import Case, cases
from worker.lab.bench.bounds_old_way import old_way
from worker.networks.descriptor import NetworkDescriptor
from worker.networks.registry import choose
from worker.steps.upscale import upscale
from worker.upscaling import pipeline
from worker.upscaling.pipeline import sharpen_batch
from worker.upscaling.scheduler import Scheduler
from worker.upscaling.upscaler import Upscaler

T = TypeVar("T")

ENDLESS = 10**9
"""Parameters of the stand-in: so many go round once only."""


@dataclass(frozen=True)
class Rate:
    """What one way reached."""

    way: str
    pictures: int
    wall_s: float
    processor_s: float

    def __str__(self) -> str:
        each_ms = self.processor_s / self.pictures * 1e3
        return f"| {self.way} | {self.pictures / self.wall_s:.1f} | {each_ms:.0f} |"


def measure(side_px: int, scale: int, pictures: int, network_ms: float) -> Iterator[Rate]:
    """Let one process work off so many pictures, as at first and now."""
    known = [each for each in cases(side_px, scale) if not each.name.endswith("exact")]
    blobs = [_blob(known[number % len(known)], number) for number in range(pictures)]
    for way, sharpener, around in (
        ("before: one after another", _OneByOne, _as_before),
        ("before, bounds and files as now", _OneByOne, nullcontext),
        ("now: side by side", Scheduler, nullcontext),
    ):
        with tempfile.TemporaryDirectory() as folder, around():
            settings = Settings(data_dir=Path(folder))
            upscaler = Upscaler(
                settings,
                choose=_named_as_usual,
                load=lambda _: _StandIn(known, scale, network_ms / 1e3),
            )
            yield _worked_off(way, settings, upscaler, sharpener, blobs, scale)


def _worked_off(
    way: str,
    settings: Settings,
    upscaler: Upscaler,
    sharpener: "type[Scheduler]",
    blobs: Sequence[bytes],
    scale: int,
) -> Rate:
    context = Context(settings, upscaler=upscaler, sharpener=sharpener(settings, lambda: upscaler))
    context.db.migrate()
    context.leases.start()
    tenant_id = create_tenant(context.db, "bench")
    upscaler.warm()
    jobs = []
    for blob in blobs:
        picture = store_picture(context, tenant_id, blob, inspect(blob), scale)
        job, _ = create_picture_job(
            context.db, tenant_id, picture, options=INTERACTIVE, retention_days=1
        )
        jobs.append(job.id)
    wall, processor = time.monotonic(), time.process_time()
    for _ in range(-(-len(blobs) // settings.batch_pictures)):
        upscale(context, "")
    rate = Rate(way, len(blobs), time.monotonic() - wall, time.process_time() - processor)
    done = sum(get_job(context.db, tenant_id, job_id).pictures_done for job_id in jobs)
    context.close()
    if done != len(jobs):
        raise CrispdeckError("Some of the pictures were not done.")
    return rate


class _OneByOne(Scheduler):
    """The way of version 0.1: all is decoded, then enlarged, then encoded, then stored."""

    def sharpen(
        self,
        loads: Sequence[Callable[[], bytes]],
        scale: float,
        manner: Manner,
        *,
        then: Callable[[int, Sharpened], T],
        deadline: float,  # noqa: ARG002 - of the interface
    ) -> Iterator[tuple[int, T | CrispdeckError]]:
        """Do each step for all before the next begins."""
        blobs = [load() for load in loads]
        made = sharpen_batch(blobs, scale, self._network(), self._limits, manner.crispness)
        for index, one in enumerate(made):
            yield index, then(index, one) if isinstance(one, Sharpened) else one


@contextmanager
def _as_before() -> Iterator[None]:
    """Reckon the bounds in the old way and let no sample of a PNG move."""
    with old_way(), mock.patch.object(pipeline, "encode", _exactly):
        yield


def _exactly(*given: Any, **named: Any) -> EncodedPicture:
    return encode(*given, **named | {"thin": False})


class _StandIn(nn.Module):
    """Knows what it should make of the pictures that it is shown; sleeps for each."""

    def __init__(self, known: Sequence[Case], scale: int, seconds: float) -> None:
        super().__init__()
        self.unused = nn.Parameter(torch.zeros(1))
        self._known = [(float(each.small.mean()), each.made) for each in known]
        self._seen = known[0].small.shape
        self._scale = scale
        self._seconds = seconds

    def forward(self, x: Tensor, _compression: Tensor) -> Tensor:
        """Enlarge `x` (N, 3, h, w)."""
        time.sleep(self._seconds * len(x))
        if x.shape[1:] != self._seen:  # a part that is looked at, or the picture of the warm-up
            return interpolate(x, scale_factor=self._scale)
        return torch.stack([self._nearest(float(one.mean())) for one in x])

    def _nearest(self, mean: float) -> Tensor:
        return min(self._known, key=lambda known: abs(known[0] - mean))[1]


def _named_as_usual(width_px: int, height_px: int, scale: int) -> NetworkDescriptor:
    return replace(choose(width_px, height_px, scale), parameters=ENDLESS)


def _blob(case: Case, number: int) -> bytes:
    """Write a picture that has not been seen before, though it shows what others show."""
    samples = (case.small * 255).round().permute(1, 2, 0).numpy().astype(np.uint8)
    text = PngInfo()
    text.add_text("number", str(number))
    out = io.BytesIO()
    Image.fromarray(samples).save(out, "PNG", pnginfo=text)
    return out.getvalue()
