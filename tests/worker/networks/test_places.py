"""Which device and which number format are chosen."""

from pathlib import Path

import pytest
import torch

from crispdeck.errors import SettingsError
from worker.networks.places import Place, places

CPU_FLAGS = Path("/proc/cpuinfo")


def test_what_is_asked_for_is_done() -> None:
    assert places("cpu", "float32") == (Place("cpu", "float32"),)
    assert places("cpu", "bfloat16") == (Place("cpu", "bfloat16"),)


@pytest.mark.skipif(not CPU_FLAGS.exists(), reason="needs /proc/cpuinfo to know the processor")
def test_the_cpu_takes_bfloat16_exactly_where_it_multiplies_it() -> None:
    multiplies = {"amx_bf16", "avx512_bf16"} & set(CPU_FLAGS.read_text().split())
    assert places("cpu", "auto") == (Place("cpu", "bfloat16" if multiplies else "float32"),)


@pytest.mark.skipif(torch.cuda.is_available(), reason="for machines without CUDA")
def test_without_cuda_auto_is_the_cpu_and_cuda_is_refused() -> None:
    assert [place.device for place in places()] == ["cpu"]
    with pytest.raises(SettingsError, match="no CUDA device"):
        places("cuda")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_with_cuda_auto_is_cuda_and_then_the_cpu() -> None:
    assert [place.device for place in places()] == ["cuda", "cpu"]
    assert [place.device for place in places("cpu")] == ["cpu"]


@pytest.mark.parametrize(("device", "dtype"), [("tpu", "auto"), ("cpu", "float16")])
def test_unknown_words_are_refused(device: str, dtype: str) -> None:
    with pytest.raises(SettingsError, match="must be"):
        places(device, dtype)
