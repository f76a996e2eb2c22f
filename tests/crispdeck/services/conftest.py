"""The platform of a worker on the embedded stack, one tenant, and interpolation for a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crispdeck.services.worker_platform import WorkerPlatform
from crispdeck.settings import Settings
from tests.interpolating_worker import InterpolatingWorker
from tests.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office[WorkerPlatform]]:
    platform = WorkerPlatform(Settings(data_dir=tmp_path / "data"), node="test")
    platform.db.migrate()
    yield Office(platform, InterpolatingWorker(platform).upscale)
    platform.close()
