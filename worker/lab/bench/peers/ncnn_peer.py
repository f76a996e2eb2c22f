"""Networks in the format of ncnn, run on the CPU by the package `ncnn` (extra `bench`)."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from worker.lab.bench.methods import Kind, Small
from worker.lab.metrics import Picture

IN, OUT = "data", "output"
_PROBE_PX = 16  # side of the black picture that shows by how much a network enlarges


class NcnnPeer:
    """NAME.param with NAME.bin; RGB in 0..1 from the blob "data" to the blob "output".

    A network for ×4 also serves ×2: its result is halved by Pillow's bicubic, which is what its
    users would do.

    Args:
        threads: for ncnn; 0 leaves the number to it.

    Raises:
        ImportError: the package is not installed.
        ValueError: ncnn cannot load or run the network.
    """

    kind: Kind = "peer"

    def __init__(self, param: Path, threads: int) -> None:
        import ncnn

        self._ncnn: Any = ncnn
        self._net = ncnn.Net()
        if threads:
            self._net.opt.num_threads = threads
        weights = param.with_suffix(".bin")
        if self._net.load_param(str(param)) or self._net.load_model(str(weights)):
            raise ValueError("ncnn cannot load it")
        self.label = param.stem
        self.digest = hashlib.sha256(param.read_bytes() + weights.read_bytes()).hexdigest()[:16]
        self._scale = self._run(np.zeros((_PROBE_PX, _PROBE_PX, 3), np.uint8)).shape[0] // _PROBE_PX
        self.scales = frozenset({2, 4} if self._scale == 4 else {self._scale})

    def enlarge(self, small: Small, scale: int) -> Picture:
        """Run the network, and halve the result if it is twice as large as asked for."""
        upscaled = self._run(small.rgb)
        if scale == self._scale:
            return upscaled
        height_px, width_px = small.rgb.shape[:2]
        size = width_px * scale, height_px * scale
        return np.asarray(Image.fromarray(upscaled).resize(size, Image.Resampling.BICUBIC))

    def _run(self, rgb: Picture) -> Picture:
        planes = np.ascontiguousarray(rgb.transpose(2, 0, 1), np.float32) / np.float32(255)
        extractor = self._net.create_extractor()
        extractor.input(IN, self._ncnn.Mat(planes))
        failed, out = extractor.extract(OUT)
        if failed:
            raise ValueError(f"ncnn cannot run it from {IN!r} to {OUT!r}")
        upscaled = np.rint(np.clip(np.asarray(out), 0, 1) * 255).astype(np.uint8)
        return np.ascontiguousarray(upscaled.transpose(1, 2, 0))
