"""A worker's context on the embedded stack, with the real network and one tenant."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crispdeck.settings import Settings
from tests.office import Office
from worker.context import Context
from worker.steps.upscale import upscale
from worker.upscaling.upscaler import Upscaler


@pytest.fixture(scope="session")
def upscaler() -> Upscaler:
    return Upscaler(Settings(device="cpu", torch_threads=1))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", batch_pictures=4, torch_threads=1)


@pytest.fixture
def context(settings: Settings, upscaler: Upscaler) -> Iterator[Context]:
    made = Context(settings, upscaler=upscaler)
    made.db.migrate()
    yield made
    made.close()


@pytest.fixture
def office(context: Context) -> Office[Context]:
    return Office(context, lambda: upscale(context, ""))
