"""Weights are only used if they are the ones that the manifest names."""

import json
import shutil
import threading
from pathlib import Path

import pytest
from safetensors.torch import load, save

from crispdeck.errors import WeightsError
from worker.lab.training.export import enter_in_manifest
from worker.networks.registry import NETWORKS
from worker.networks.weights import MANIFEST_NAME, WEIGHTS_FOLDER, trained, verified_bytes

DESCRIPTOR = NETWORKS["plain-s-x4"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "weights"
    shutil.copytree(WEIGHTS_FOLDER, copied)
    return copied


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_the_weights_in_the_repository_are_the_ones_in_the_manifest(name: str) -> None:
    descriptor = NETWORKS[name]
    assert verified_bytes(WEIGHTS_FOLDER, descriptor.weights_file)
    manifest = json.loads((WEIGHTS_FOLDER / MANIFEST_NAME).read_text())
    assert manifest[descriptor.weights_file]["version"] == descriptor.version


def test_one_changed_byte_is_refused(folder: Path) -> None:
    path = folder / DESCRIPTOR.weights_file
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="manifest says"):
        trained(DESCRIPTOR, folder)


@pytest.mark.parametrize("missing", [DESCRIPTOR.weights_file, MANIFEST_NAME])
def test_a_missing_file_is_refused(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(WeightsError, match="cannot be read"):
        trained(DESCRIPTOR, folder)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"plain.safetensors": 5}'])
def test_a_manifest_without_the_file_is_refused(folder: Path, content: str) -> None:
    (folder / MANIFEST_NAME).write_text(content)
    with pytest.raises(WeightsError, match="cannot be read"):
        trained(DESCRIPTOR, folder)


def test_weights_of_another_shape_are_refused(folder: Path) -> None:
    weights = load((folder / DESCRIPTOR.weights_file).read_bytes())
    weights.pop("tails.s-x4.bias")
    data = save(weights)
    (folder / DESCRIPTOR.weights_file).write_bytes(data)
    enter_in_manifest(folder, DESCRIPTOR.weights_file, data, {})
    with pytest.raises(WeightsError, match="do not fit"):
        trained(DESCRIPTOR, folder)


def test_what_is_no_safetensors_file_is_refused(folder: Path) -> None:
    (folder / DESCRIPTOR.weights_file).write_bytes(b"no weights")
    enter_in_manifest(folder, DESCRIPTOR.weights_file, b"no weights", {})
    with pytest.raises(WeightsError, match="do not fit"):
        trained(DESCRIPTOR, folder)


def test_threads_that_ask_at_once_get_one_network(folder: Path) -> None:
    together = threading.Barrier(4)
    found = []

    def ask() -> None:
        together.wait()
        found.append(trained(DESCRIPTOR, folder))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(network is found[0] for network in found)
