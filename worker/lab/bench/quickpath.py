"""How much longer a picture takes through POST /pictures than in the bare network call.

crispdeck bench quickpath [--side 160] [--scale 4] [--rounds 20]

Starts the embedded stack in a temporary folder and asks it for pictures that it has never seen,
with `Prefer: wait`; after each answer the same picture goes through the network in this process.
"""

import io
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from crispdeck.errors import CrispdeckError
from crispdeck.picture.pixels import Pixels
from crispdeck.settings import Settings
from worker.upscaling.conditioning import Source
from worker.upscaling.pipeline import PixelLimits, sharpen
from worker.upscaling.upscaler import Upscaler

ADDRESS = re.compile(rb"http://([\d.]+):(\d+)/#key=(\S+)")
WARM_UP_ROUNDS = 3  # not counted: in them weights are loaded and caches filled
WAIT_S = 30  # for an answer: the longest that POST /pictures may be asked for (`web.prefer`)
FINER = 4  # drawn so much larger and shrunk, so that edges are smooth
SHAPES = 12  # lines and ellipses of a picture; a guess at what a diagram has


@dataclass(frozen=True)
class Figures:
    """Medians over all rounds, in seconds."""

    rounds: int
    network_s: float
    pipeline_s: float
    post_s: float

    @property
    def ratio(self) -> float:
        """The whole request, as a multiple of the bare network call."""
        return self.post_s / self.network_s

    def __str__(self) -> str:
        return (
            f"POST /pictures {self.post_s * 1000:.1f} ms, network alone"
            f" {self.network_s * 1000:.1f} ms, with decode and encode"
            f" {self.pipeline_s * 1000:.1f} ms: {self.ratio:.2f} × the network"
            f" (medians of {self.rounds})"
        )


def measure(side_px: int, scale: int, rounds: int) -> Figures:
    """Take turns between the three ways, so that all meet the same load of the machine."""
    settings = Settings.from_env()
    upscaler = Upscaler(settings)
    upscaler.warm()
    limits = PixelLimits.of(settings)
    with _embedded_stack(settings) as (connection, key):

        def times(number: int) -> tuple[float, float, float]:
            samples = _picture(number, side_px)
            blob = _png(samples)
            post_s = _seconds(lambda: _post(connection, key, blob, scale))
            network_s = _seconds(lambda: upscaler.upscale([Source(Pixels(samples))], scale))
            pipeline_s = _seconds(lambda: sharpen(blob, scale, upscaler, limits))
            return network_s, pipeline_s, post_s

        measured = [times(number) for number in range(WARM_UP_ROUNDS + rounds)]
    counted = measured[WARM_UP_ROUNDS:]
    return Figures(rounds, *(statistics.median(column) for column in zip(*counted, strict=True)))


@contextmanager
def _embedded_stack(settings: Settings) -> Iterator[tuple[HTTPConnection, str]]:
    """Serve in a folder of its own; give a connection and the first key."""
    with tempfile.TemporaryDirectory() as folder:
        embedded = replace(settings, data_dir=Path(folder), port=0, log_level="ERROR")
        serve = subprocess.Popen(
            [sys.executable, "-m", "crispdeck.cli", "serve"],
            env=embedded.to_child_env(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            host, port, key = _address(serve)
            connection = HTTPConnection(host, port, timeout=WAIT_S)
            yield connection, key
            connection.close()
        finally:
            serve.terminate()
            serve.wait()


def _address(serve: "subprocess.Popen[bytes]") -> tuple[str, int, str]:
    for line in serve.stdout or ():
        if found := ADDRESS.search(line):
            host, port, key = (word.decode() for word in found.groups())
            return host, int(port), key
    raise CrispdeckError("The embedded stack did not start.")


def _post(connection: HTTPConnection, key: str, blob: bytes, scale: int) -> bytes:
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "image/png",
        "Prefer": f"wait={WAIT_S}",
    }
    connection.request("POST", f"/api/v1/pictures?scale={scale}&force=true", blob, headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != HTTPStatus.OK or answer.headers.get_content_type() != "image/png":
        raise CrispdeckError(f"POST /pictures answered {answer.status}: {body[:300]!r}")
    return body


def _picture(seed: int, side_px: int) -> NDArray[np.uint8]:
    """Draw what no other seed draws, shrunk once: nothing of it can come from the cache."""
    rng = np.random.default_rng(seed)
    drawn = Image.new("RGB", (FINER * side_px, FINER * side_px), "white")
    pen = ImageDraw.Draw(drawn)
    for _ in range(SHAPES):
        left, top, right, bottom = rng.uniform(0, drawn.width, 4).tolist()
        colour = tuple(rng.integers(0, 256, 3).tolist())
        pen.line((left, top, right, bottom), colour, width=2 * FINER)
        box = min(left, right), min(top, bottom), max(left, right), max(top, bottom)
        pen.ellipse(box, outline=colour, width=FINER)
    return np.asarray(drawn.reduce(FINER))


def _png(samples: NDArray[np.uint8]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(samples).save(out, "PNG")
    return out.getvalue()


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
