"""The trained weights: found, checked against the manifest, loaded once per process."""

import hashlib
import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from crispdeck.errors import WeightsError
from worker.networks.descriptor import NetworkDescriptor

if TYPE_CHECKING:
    from torch import nn

WEIGHTS_FOLDER = Path(__file__).parent / "weights"
MANIFEST_NAME = "manifest.json"

_loaded: dict[tuple[Path, str], "nn.Module"] = {}
_loading = threading.Lock()


def folder_of(descriptor: NetworkDescriptor) -> Path:
    """Say where the weights of a network lie."""
    return descriptor.weights_folder or WEIGHTS_FOLDER


def trained(descriptor: NetworkDescriptor, folder: Path | None = None) -> "nn.Module":
    """Give the network with its trained weights, fp32 on the CPU; the same object on every call.

    Callers must not change it: copy it before moving it to another device or dtype.

    Raises:
        WeightsError: the file is missing, differs from the manifest, or does not fit the shape.
    """
    where = folder or folder_of(descriptor)
    key = (where, descriptor.label)
    with _loading:
        if key not in _loaded:
            _loaded[key] = _load(descriptor, where)
        return _loaded[key]


def verified_bytes(folder: Path, name: str) -> bytes:
    """Read a weights file whose sha256 is the one in the manifest."""
    try:
        manifest = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
        expected = manifest[name]["sha256"]
        content = (folder / name).read_bytes()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"weights {name} or their manifest cannot be read: {error}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise WeightsError(f"weights {name} have sha256 {found}, the manifest says {expected}")
    return content


def _load(descriptor: NetworkDescriptor, folder: Path) -> "nn.Module":
    from safetensors import SafetensorError
    from safetensors.torch import load

    network = descriptor.build()
    if not network.state_dict():
        return network.eval()  # a method without weights has no file
    content = verified_bytes(folder, descriptor.weights_file)
    try:
        # One file holds the body and every exit; a network takes its own part.
        kept = load(content)
        network.load_state_dict({name: kept[name] for name in network.state_dict()})
    except (SafetensorError, RuntimeError, KeyError) as error:
        raise WeightsError(f"weights {descriptor.weights_file} do not fit: {error}") from error
    return network.eval().requires_grad_(False)
