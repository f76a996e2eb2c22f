import ctypes
import platform
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from worker.networks.memory import KEPT_BYTES, keep_freed_memory

PAGE_FAULTS = """
import resource, sys, torch
from worker.networks.memory import keep_freed_memory
from worker.networks.registry import NETWORKS
kept = sys.argv[1] == "kept" and keep_freed_memory()
network = NETWORKS["plain-s-x4"].build().to(memory_format=torch.channels_last)
def faults():
    with torch.inference_mode():
        for _ in range(5):
            network(torch.zeros(1, 3, 128, 128), torch.zeros(1))
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
before = faults()
print(kept, faults() - before)
"""


def _page_faults(how: str) -> tuple[str, int]:
    command = [sys.executable, "-c", PAGE_FAULTS, how]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    kept, faults = done.stdout.split()
    return kept, int(faults)


@pytest.mark.long
def test_a_layer_gets_the_memory_of_the_one_before_it_where_glibc_lends_it() -> None:
    is_glibc = platform.libc_ver()[0] == "glibc"
    _, plainly = _page_faults("plain")
    kept, faults = _page_faults("kept")
    assert kept == str(is_glibc)
    assert faults < plainly / 4 or not is_glibc


class Libc:
    """A C library that takes thresholds up to a size."""

    def __init__(self, largest: int) -> None:
        self.largest = largest
        self.taken: dict[int, int] = {}

    def mallopt(self, parameter: int, size: int) -> int:
        if size > self.largest:
            return 0
        self.taken[parameter] = size
        return 1


@pytest.fixture(autouse=True)
def nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    keep_freed_memory.cache_clear()
    for name in ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES"):
        monkeypatch.delenv(name, raising=False)
    yield
    keep_freed_memory.cache_clear()


def test_where_large_thresholds_are_refused_the_largest_possible_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    libc = Libc(largest=KEPT_BYTES)
    refusing = SimpleNamespace(
        mallopt=lambda which, size: 0 if which == -3 and size > 2**25 else libc.mallopt(which, size)
    )
    monkeypatch.setattr(ctypes, "CDLL", lambda _: refusing)
    assert keep_freed_memory()
    assert libc.taken == {-3: 2**25, -1: KEPT_BYTES}


def test_a_library_that_takes_nothing_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: Libc(largest=0))
    assert not keep_freed_memory()


def test_another_c_library_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    assert not keep_freed_memory()


@pytest.mark.parametrize("name", ["MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES"])
def test_what_the_environment_says_of_the_allocator_holds(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    libc = Libc(largest=KEPT_BYTES)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: libc)
    monkeypatch.setenv(name, "131072")
    assert not keep_freed_memory()
    assert libc.taken == {}
