"""What a worker tells of itself: of a GPU with its load, of one that hides it, and of none."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from worker.vitals import Vitals


def cuda(*, is_initialized: bool = True, utilization: Any = lambda: 37) -> SimpleNamespace:
    """Stands for torch.cuda on a machine with a GPU."""
    return SimpleNamespace(
        is_initialized=lambda: is_initialized,
        mem_get_info=lambda: (6 * 2**30, 8 * 2**30),
        get_device_name=lambda: "A card",
        memory_reserved=lambda: 2**30,
        utilization=utilization,
    )


def refuses() -> int:
    raise ModuleNotFoundError("pynvml does not seem to be installed or it can't be imported.")


def read(monkeypatch: pytest.MonkeyPatch, card: SimpleNamespace) -> dict[str, Any]:
    torch = SimpleNamespace(__version__="2.13.0", cuda=card)
    monkeypatch.setitem(sys.modules, "torch", torch)
    return Vitals().read()


def test_a_process_tells_its_load_and_its_hosts() -> None:
    found = Vitals().read()
    assert found["memory_bytes"] > 2**20
    assert 0 <= found["host"]["memory_percent"] <= 100
    assert found["versions"]["crispdeck"]


def test_a_gpu_in_use_is_told_with_its_load(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = read(monkeypatch, cuda())["gpu"]
    assert gpu == {
        "name": "A card",
        "percent": 37,
        "memory_used_bytes": 2 * 2**30,
        "memory_bytes": 8 * 2**30,
        "memory_own_bytes": 2**30,
    }


def test_a_gpu_that_may_not_be_asked_is_told_without_its_load(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gpu = read(monkeypatch, cuda(utilization=refuses))["gpu"]
    assert "percent" not in gpu
    assert gpu["name"] == "A card"


def test_a_gpu_that_this_process_does_not_use_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "gpu" not in read(monkeypatch, cuda(is_initialized=False))
