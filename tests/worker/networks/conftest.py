"""Torch on one thread: two that share a busy core wait for each other, and tests are small."""

import pytest
import torch


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)
