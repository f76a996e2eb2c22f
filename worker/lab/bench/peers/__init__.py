"""Other people's networks, found in a folder that the user names; none of them is kept here.

Of a file of weights that nobody here knows how to run, the name is told and nothing is done.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from worker.lab.bench.methods import Method
from worker.lab.bench.peers.ncnn_peer import NcnnPeer
from worker.lab.bench.peers.torch_peer import KNOWN, TorchPeer

_TORCH_SUFFIXES = {".pth", ".pt", ".ckpt"}


@dataclass(frozen=True)
class Peers:
    """What a folder holds.

    Attributes:
        left_out: file and why, of weights that cannot be run.
    """

    methods: list[Method] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    def at(self, scale: int) -> list[Method]:
        """Return those that enlarge by `scale`."""
        return [method for method in self.methods if scale in method.scales]


def find_peers(folder: Path, *, threads: int = 0, device: str = "cpu") -> Peers:
    """Look through a folder and all below it for weights, and load what is known.

    PyTorch weights are loaded as data only, but their network is the code that lies beside them
    and is imported: name only a folder that you trust.
    """
    found = Peers()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        try:
            found.methods.extend(_load(path, threads, device))
        except Exception as error:
            found.left_out[name] = f"{type(error).__name__}: {error}"
    return found


def _load(path: Path, threads: int, device: str) -> Iterator[Method]:
    if path.suffix == ".param":
        yield NcnnPeer(path, threads)
    elif path.suffix in _TORCH_SUFFIXES:
        recipe = next((one for one in KNOWN if path.match(one.weights)), None)
        if recipe is None:
            raise LookupError("no recipe for these weights in worker/lab/bench/peers/torch_peer.py")
        yield TorchPeer(recipe, path, device)
